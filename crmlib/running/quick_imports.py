"""Importing the notebook libraries without the two seconds they do not need.

``nbformat`` imports ``jsonschema``, and that imports ``rfc3987_syntax`` where it is installed, which builds a grammar
for international web addresses at import: about 2 s of processor time in every process. A notebook's schema has no such
address, and ``jsonschema`` works without the package, so it is hidden while the libraries are imported.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SLOW = "rfc3987_syntax"


@contextmanager
def quick_imports() -> Iterator[None]:
    """Hide the slow optional package from imports inside the block.

    Examples
    --------
    >>> with quick_imports():
    ...     import nbformat
    >>> nbformat.v4.nbformat
    4
    """
    if _SLOW in sys.modules:
        yield
        return
    sys.modules[_SLOW] = None  # type: ignore[assignment]  # Python's own way to say: this import fails
    try:
        yield
    finally:
        sys.modules.pop(_SLOW, None)
