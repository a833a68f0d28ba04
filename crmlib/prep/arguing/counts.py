"""What both the tests and the proposal count: sales, and numbers that an engine may give as nothing."""

from typing import Any

import pandas as pd


def number(value: Any) -> float:
    """Take nothing for nought."""
    return 0.0 if value is None or pd.isna(value) else float(value)


def sold(good: Any) -> Any:
    """Take the clean lines that sell something for some money, with their ``day``."""
    lines = good.filter(good.is_product & ~good.is_return & (good.amount != 0))
    return lines.mutate(day=lines.ordered_at.date())
