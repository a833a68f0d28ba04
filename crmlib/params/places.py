"""An error found after reading gets the line of the parameters on which its value was written."""

import re
from pathlib import Path
from typing import Final

from crmlib.params.errors import ParameterError
from crmlib.params.reading import Path_, nearest_place, read_file

_KEY: Final = re.compile(r"^((?:sources|files|cleaning|privacy)(?:\.\w+(?:\[\d+\])?)+): ")


def located(message: str, file: Path) -> list[str]:
    r"""Put file and line before each line of a message that begins with a key of the parameters.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "shop.yaml"
    ...     _ = file.write_text("sources:\n  transactions:\n    path: a.csv\n")
    ...     located("sources.transactions.path: no file matches", file)[0].removeprefix(folder)
    '/shop.yaml:3: sources.transactions.path: no file matches'
    """
    return [_with_place(line, file) for line in message.splitlines()]


def _with_place(line: str, file: Path) -> str:
    match = _KEY.match(line)
    if match is None:
        return line
    try:
        _values, places = read_file(file)
    except ParameterError:
        return line
    place = nearest_place(places, _path(match.group(1)))
    return line if place is None else f"{place}: {line}"


def _path(key: str) -> Path_:
    """Write ``sources.transactions[2].path`` as the path of a value; the second source stands at place 1."""
    parts: list[str | int] = []
    for part in key.split("."):
        name, _bracket, number = part.partition("[")
        parts.append(name)
        if number:
            parts.append(int(number.rstrip("]")) - 1)
    return tuple(parts)
