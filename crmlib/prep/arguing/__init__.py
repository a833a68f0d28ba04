"""The data argue with the mapping: columns of money, quantities, keys and scores tested against one another."""

from crmlib.prep.arguing.doubt import Doubt, doubts_of_list, doubts_of_scales, unlisted_words
from crmlib.prep.arguing.doubts import doubt_sentences, doubts_of

__all__ = ["Doubt", "doubt_sentences", "doubts_of", "doubts_of_list", "doubts_of_scales", "unlisted_words"]
