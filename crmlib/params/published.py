"""What of the parameters may be published: no person, no password; a personal number in what pages show is refused."""

from collections.abc import Iterator
from typing import Any, Final

from crmlib.params.addresses import without_access
from crmlib.params.errors import ParameterError, Place
from crmlib.params.reading import Path_, Places, nearest_place

_OF_PERSONS: Final = (("cleaning", "identity", "apart"), ("cleaning", "accounts", "staff_ids"))
"""Lists of customer numbers: published by their length."""

_COMMAND: Final = ("running", "notices", "command")
_UNSHOWN: Final = frozenset({"privacy", "running", "root"})
_OF_SOURCES: Final = frozenset({"path", "url", "table", "query", "where", "returns", "missing"})
"""Parts of a source that no page shows; they may have to name a stand-in for a phone number."""


def refuse_personal(values: dict[str, Any], places: Places, file: Any) -> None:
    """Refuse phone numbers, e-mail addresses, identity and bank cards in what pages show of the parameters.

    Raises
    ------
    ParameterError
        With file and line, and the kind of number; never the number.
    """
    from crmlib.privacy.detector import find_personal_data

    for path, text in _texts(values, ()):
        finds = [] if _is_unshown(path) else find_personal_data(text, typed=True)
        if finds:
            kind = {"phone": "a phone number", "email": "an e-mail address", "id_card": "an identity card's number",
                    "bank_card": "a bank card's number"}[finds[0].kind]  # fmt: skip
            key = ".".join(str(part) for part in path if part != text)
            place = nearest_place(places, path) or Place(file)
            raise ParameterError(f"{place}: {key}: holds {kind}, and pages show it; take it out")


def _texts(value: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    """Walk through all texts, keys as well."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield (*path, key), str(key)
            yield from _texts(part, (*path, key))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _texts(part, (*path, place))
    elif isinstance(value, str):
        yield path, value


def _is_unshown(path: Path_) -> bool:
    if path[0] in _UNSHOWN or path[:3] in _OF_PERSONS:
        return True
    if path[0] == "questions":
        return "sets" in path
    if path[:2] == ("cleaning", "returns"):
        return "where" in path
    return path[0] in {"sources", "files"} and not _OF_SOURCES.isdisjoint(path[2:4])


def published(parameters: dict[str, Any]) -> dict[str, Any]:
    """Give the parameters without what is not for everybody, and without the folder they lie in.

    Of addresses user, password and options go, of a command its arguments; customer numbers are counted, and personal
    data in any other text are masked.

    Examples
    --------
    >>> published({"url": "postgresql://crm:secret@db/shop?token=x", "root": "/home/li"})
    {'url': 'postgresql://…@db/shop?…'}
    """
    return {key: published_value((key,), value) for key, value in parameters.items() if key != "root"}


def published_value(path: tuple[str, ...], value: Any) -> Any:
    """Give one value as :func:`published` gives it."""
    from crmlib.privacy.masking import mask

    if path in _OF_PERSONS:
        return [f"{len(value)} numbers"] if value else []
    if path == _COMMAND:
        return [*value[:1], *("…" for _argument in value[1:2])]
    if isinstance(value, dict):
        return {mask(str(key)): published_value((*path, str(key)), part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [published_value((*path, ""), part) for part in value]
    return mask(without_access(value)) if isinstance(value, str) else value
