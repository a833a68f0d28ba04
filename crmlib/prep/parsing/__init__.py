"""Text to types by rule, as Ibis expressions that every engine reads alike.

Every function takes a column and gives a column in which the argument occurs a few times. Applied to one another
directly their expressions would multiply; :mod:`crmlib.prep.mapping` applies them step by step, a column a step.
"""

from crmlib.prep.parsing.arms import to_arm
from crmlib.prep.parsing.dates import convert_zone, is_iso, iso_text, offset_minutes, to_timestamp
from crmlib.prep.parsing.flags import to_flag
from crmlib.prep.parsing.numbers import is_plain_number, number_text, to_number
from crmlib.prep.parsing.text import MISSING, half_width, id_text, is_plain_id, is_plain_text, matches, tidy_text

__all__ = [
    "MISSING",
    "convert_zone",
    "half_width",
    "id_text",
    "is_iso",
    "is_plain_id",
    "is_plain_number",
    "is_plain_text",
    "iso_text",
    "matches",
    "number_text",
    "offset_minutes",
    "tidy_text",
    "to_arm",
    "to_flag",
    "to_number",
    "to_timestamp",
]
