"""How a survey's scores are to be read: their scales, codes that are no answers, which end is best, and what to ask."""

from crmlib.surveys.doubt import TOP_BOX, PossibleAnswer, ScaleDoubt, score_name, where_to_answer
from crmlib.surveys.reading import ReadScores, read_scores, scale_doubts
from crmlib.surveys.scales import Scale

__all__ = [
    "TOP_BOX",
    "PossibleAnswer",
    "ReadScores",
    "Scale",
    "ScaleDoubt",
    "read_scores",
    "scale_doubts",
    "score_name",
    "where_to_answer",
]
