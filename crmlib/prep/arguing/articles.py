"""What the lines of one article say of a column: a price, a line's money, and which of two values is the steadier."""

from dataclasses import dataclass
from typing import Final

import ibis

from crmlib.prep.arguing.relations import number
from crmlib.prep.logic import surely

_MOSTLY: Final = 0.9
_FEW_LINES: Final = 4

_MANY_LINES: Final = 100
_NEARLY: Final = 0.8

_ALIKE: Final = 0.02
"""Spread of a product's prices, as a share, under which they count as one price."""


@dataclass(frozen=True, slots=True)
class PerUnit:
    """Whether a column is the price of one unit or the line's money, told by articles sold in several quantities."""

    articles: int  # articles sold in different quantities
    lines: int
    as_price: int  # those whose value stays the same when the quantity changes
    as_total: int  # those whose value grows with the quantity

    def verdict(self) -> str:
        """Give ``price`` or ``total`` where nearly all articles say so, else nothing."""
        votes = self.as_price + self.as_total
        if not votes or self.lines < _FEW_LINES:
            return ""
        if self.as_total >= _MOSTLY * votes:
            return "total"
        return "price" if self.as_price >= _MOSTLY * votes else ""


def per_unit(lines: ibis.Table, article: str, quantity: str, column: str) -> PerUnit:
    """Count the articles for which a column behaves as a price, and those for which it behaves as a line's money."""
    rows = lines.select(article=lines[article], units=lines[quantity].abs(), value=lines[column].abs())
    rows = rows.filter(rows.article.notnull() & (rows.units > 0) & (rows.value > 0))
    rows = rows.mutate(unit=rows.value / rows.units)
    groups = rows.group_by("article").agg(
        n=rows.count(), least=rows.units.min(), most=rows.units.max(),
        value_low=rows.value.min(), value_high=rows.value.max(), unit_low=rows.unit.min(), unit_high=rows.unit.max(),
    )  # fmt: skip
    groups = groups.filter(groups.least < groups.most)
    value, unit = (groups[f"{name}_high"] / groups[f"{name}_low"] - 1 for name in ("value", "unit"))
    counts = groups.agg(
        articles=groups.count(),
        lines=groups.n.sum(),
        as_price=((value < unit) & ((value <= _ALIKE) | (2 * value < unit))).sum(),
        as_total=((unit < value) & ((unit <= _ALIKE) | (2 * unit < value))).sum(),
    ).to_pandas().iloc[0]  # fmt: skip
    return PerUnit(*(int(number(counts[name])) for name in PerUnit.__slots__))


def grows(lines: ibis.Table, quantity: str, column: str) -> bool:
    """Say whether lines of more pieces have as much more money, where no article tells: many lines, by their medians.

    That they have not says nothing: what is dear is bought singly.
    """
    rows = lines.select(units=lines[quantity], value=lines[column].abs())
    rows = rows.filter((rows.units >= 1) & (rows.value > 0))
    found = rows.agg(
        one=rows.value.median(where=rows.units == 1), n_one=(rows.units == 1).sum(),
        more=rows.value.median(where=rows.units > 1), n_more=(rows.units > 1).sum(),
        units=rows.units.median(where=rows.units > 1),
    ).to_pandas().iloc[0]  # fmt: skip
    enough = min(number(found["n_one"]), number(found["n_more"])) >= _MANY_LINES
    return enough and number(found["more"]) >= _NEARLY * number(found["units"]) * number(found["one"])


def steadier(lines: ibis.Table, article: str, first: ibis.Value, second: ibis.Value, where: ibis.Value) -> str:
    """Say which of two values of an article changes less between its lines with and without a condition.

    Gives ``first`` or ``second`` where nearly all articles with both kinds of lines say so, else nothing.
    """
    rows = lines.select(article=lines[article], first=first, second=second, on=surely(where))
    rows = rows.filter(rows.article.notnull() & (rows["first"] > 0) & (rows["second"] > 0))
    groups = rows.group_by("article").agg(
        on=rows.on.sum(),
        n=rows.count(),
        **{f"{name}_{end}": getattr(rows[name], end)() for name in ("first", "second") for end in ("min", "max")},
    )
    both = groups.filter((groups.on > 0) & (groups.on < groups.n))
    spread = {name: both[f"{name}_max"] / both[f"{name}_min"] - 1 for name in ("first", "second")}
    found = both.agg(
        first=(2 * spread["first"] < spread["second"]).sum(), second=(2 * spread["second"] < spread["first"]).sum()
    ).to_pandas().iloc[0]  # fmt: skip
    votes = {name: number(found[name]) for name in ("first", "second")}
    total = sum(votes.values())
    return next((name for name, n in votes.items() if total and n >= _MOSTLY * total), "")
