"""Refusing input: the file, the line and the remedy, never a value of it."""

from pathlib import Path


class InputRejectedError(ValueError):
    """The data cannot be used as delivered; the run stops and publishes nothing.

    The message names file and line and says what to do. It never holds a value of the data: messages reach logs
    and screens, and a value may be a person's.
    """

    # what is wrong and on which line, where `at` built the error
    wrong: str = ""
    line: int | None = None

    @classmethod
    def at(cls, file: Path | str, wrong: str, remedy: str, line: int | None = None) -> "InputRejectedError":
        """Build the error with its place first, as ``file, line 7: wrong; remedy``."""
        name = file.name if isinstance(file, Path) else file
        place = name if line is None else f"{name}, line {line}"
        error = cls(f"{place}: {wrong}; {remedy}")
        error.wrong, error.line = wrong, line
        return error
