"""Yes and no from text, in the words systems use for them."""

from typing import Any, Final

import ibis

from crmlib.prep.parsing.text import half_width

YES: Final = ("1", "1.0", "true", "t", "yes", "y", "是", "有", "真", "已同意", "同意")
NO: Final = ("0", "0.0", "false", "f", "no", "n", "否", "无", "假", "未同意", "不同意")


def to_flag(text: Any) -> Any:
    """Read tidied text as true or false; anything else becomes empty.

    Examples
    --------
    >>> t = ibis.memtable({"x": ["Y", "否", "1", "perhaps"]})
    >>> to_flag(t.x).name("x").to_list()
    [True, False, True, None]
    """
    word = half_width(text).lower()
    return ibis.cases((word.isin(YES), True), (word.isin(NO), False), else_=ibis.null("boolean"))
