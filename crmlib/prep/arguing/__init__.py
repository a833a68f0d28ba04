"""The data argue with the mapping: columns of money, quantities, keys and scores tested against one another."""

from crmlib.prep.arguing.doubt import Doubt
from crmlib.prep.arguing.doubts import doubt_sentences, doubts_of
from crmlib.prep.arguing.scales import doubts_of_scales

__all__ = ["Doubt", "doubt_sentences", "doubts_of", "doubts_of_scales"]
