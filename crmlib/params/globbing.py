"""The files that a pattern names; a link that leads nowhere or round in a circle is an error."""

import glob
from pathlib import Path

from crmlib.params.errors import ParameterError


def matching(pattern: Path) -> list[Path]:
    """List the files that a pattern names, sorted; the pattern may be absolute, which ``Path.glob`` refuses.

    Raises
    ------
    ParameterError
        If a link leads nowhere, or folders that link to one another show the same file twice.
    """
    found = sorted(Path(name) for name in glob.glob(str(pattern), recursive=True))  # noqa: PTH207
    for each in found:
        if each.is_symlink() and not each.exists():
            raise ParameterError(f"{each.name!r} is a link to nothing ({each.readlink()}); mend it or remove it")
    files = [each for each in found if each.is_file()]
    seen: dict[Path, Path] = {}
    for each in files:
        first = seen.setdefault(each.resolve(), each)
        if first != each:
            raise ParameterError(
                f"{each.name!r} is found twice, in {first.parent} and through a link in {each.parent}: its lines would "
                "count twice; name one of the folders"
            )
    return files
