"""Returns and the purchases they undo."""

from crmlib.prep.returns.matching import match_returns

__all__ = ["match_returns"]
