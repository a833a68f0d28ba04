"""The data argue with the mapping: columns of money, quantities and keys tested against one another."""

from crmlib.prep.arguing.doubts import Doubt, doubts_of

__all__ = ["Doubt", "doubts_of"]
