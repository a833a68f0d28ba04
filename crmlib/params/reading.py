"""Reading YAML without its surprises, each value with the line it was written on.

``yaml.safe_load`` reads 0123 as 83, 12:30 as 750 and ``no`` as false, and takes the last of two equal keys in
silence. Here only ``true``, ``false``, ``null`` and decimal numbers are more than text, and equal keys are refused.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from crmlib.params.errors import ParameterError, Place, did_you_mean

Path_ = tuple[str | int, ...]
Places = dict[Path_, Place]

DEEPEST = 50
MOST_VALUES = 100_000
_TOO_DEEP = f"is nested deeper than {DEEPEST} levels; parameters need five"


class _PlainLoader(yaml.SafeLoader):
    """SafeLoader whose plain scalars are YAML 1.2's: no octal, no base 60, no yes and no, no dates."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (the library's own attribute)


_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)


def read_scalar(text: str) -> Any:
    """Read one value as it would be read in a file, for ``-p key=value``.

    Examples
    --------
    >>> read_scalar("90"), read_scalar("0123"), read_scalar("[a, b]")
    (90, '0123', ['a', 'b'])

    Raises
    ------
    ParameterError
        If the text is no YAML.
    """
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506  (a SafeLoader with fewer surprises)
    except (yaml.YAMLError, RecursionError) as error:
        raise ParameterError(f"cannot be read as a value: {text[:80]!r}; quote it") from error


def read_file(file: Path) -> tuple[dict[str, Any], Places]:
    """Read a parameters file and what it extends.

    Parameters
    ----------
    file
        The YAML file; ``extends: base.yaml`` in it is read first, relative to it, and its own values go over it.

    Returns
    -------
    tuple of dict and Places
        The values as plain Python, and the place of each.

    Raises
    ------
    ParameterError
        If a file is missing, is no YAML, has equal keys or extends itself.
    """
    return _read(file, ())


def _read(file: Path, seen: tuple[Path, ...]) -> tuple[dict[str, Any], Places]:
    if file.resolve() in seen:
        raise ParameterError(f"{file}: extends itself through {' → '.join(p.name for p in seen)}; remove one `extends`")
    node = _compose(file)
    _refuse_bombs(node, file)
    places: Places = {}
    values = _plain(node, file, (), places)
    base = values.pop("extends", None)
    if base is None:
        return values, places
    base_values, base_places = _read(file.parent / str(base), (*seen, file.resolve()))
    return _over(base_values, values), base_places | places


def _compose(file: Path) -> yaml.MappingNode:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        folder = file.parent if file.parent.is_dir() else None
        near = (
            did_you_mean(file.name, [p.name for p in folder.glob("*.y*ml")]) if folder else "There is no such folder."
        )
        raise ParameterError(f"{file}: there is no such parameters file. {near}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"{file}: cannot be read ({type(error).__name__}); save it as UTF-8 text") from None
    try:
        node = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise ParameterError(f"{Place(file, line)}: is no YAML: {error.problem}") from None
    except yaml.YAMLError:
        raise ParameterError(f"{file}: is no YAML text; save it as UTF-8 text") from None
    except RecursionError:
        raise ParameterError(f"{file}: {_TOO_DEEP}") from None
    if not isinstance(node, yaml.MappingNode):
        raise ParameterError(f"{Place(file, 1)}: must hold `key: value` lines, beginning with `series:`")
    return node


def _refuse_bombs(root: yaml.Node, file: Path) -> None:
    """Refuse nodes that refer to themselves, are nested too deep or grow without measure when aliases are written out.

    A node is counted once and its count used wherever an alias names it.
    """
    sizes: dict[int, int] = {}
    above: list[yaml.Node] = []
    waiting = [(root, False)]
    while waiting:
        node, is_left = waiting.pop()
        children = _children(node)
        if is_left:
            above.pop()
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in children)
        elif id(node) not in sizes:
            place = Place(file, node.start_mark.line + 1)
            if any(node is each for each in above):
                raise ParameterError(f"{place}: an alias refers to itself; write out what is meant")
            if len(above) > DEEPEST:
                raise ParameterError(f"{place}: {_TOO_DEEP}")
            above.append(node)
            waiting += [(node, True), *((child, False) for child in children)]
        if sizes.get(id(node), 0) > MOST_VALUES:
            raise ParameterError(
                f"{file}: its aliases stand for more than {MOST_VALUES:,} values; write out what is meant"
            )


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [child for _key, child in node.value]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _plain(node: yaml.Node, file: Path, path: Path_, places: Places) -> Any:
    """Turn a node into plain Python and note where each value stands."""
    places.setdefault(path, Place(file, node.start_mark.line + 1))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, file, path, places)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, file, (*path, i), places) for i, child in enumerate(node.value)]
    constructor = _PlainLoader("")
    try:
        return constructor.construct_object(node)
    except yaml.YAMLError:
        raise ParameterError(f"{places[path]}: cannot be read as a value; quote it") from None
    finally:
        constructor.dispose()


def _mapping(node: yaml.MappingNode, file: Path, path: Path_, places: Places) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        place = Place(file, key_node.start_mark.line + 1)
        if key in values:
            first = places[(*path, key)]
            raise ParameterError(f"{place}: {key!r} stands twice, first on line {first.line}; remove one")
        places[(*path, key)] = place
        values[key] = _plain(value_node, file, (*path, key), places)
    return values


def _over(base: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Lay values over a base: mappings are merged, everything else is replaced."""
    merged = dict(base)
    for key, value in values.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _over(merged[key], value) if both else value
    return merged


def nearest_place(places: Places, path: Path_) -> Place | None:
    """Give the place where a value was written, or the innermost one around it."""
    return next((places[path[:end]] for end in range(len(path), -1, -1) if path[:end] in places), None)
