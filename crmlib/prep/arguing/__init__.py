"""The data argue with the mapping: columns of money, quantities and keys tested against one another."""

from crmlib.prep.arguing.doubts import Doubt, doubt_sentences, doubts_of

__all__ = ["Doubt", "doubt_sentences", "doubts_of"]
