"""How units go with prices on the page: a picture of several categories or a sentence of one, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crmlib.reporting import behind, exact, figure, gate, insufficient, label, note, palette
from crmlib.reporting.figures import dots
from crmlib.segmentation.prices.elasticity import (
    ALL_ARTICLES,
    LEAST_ARTICLES,
    MOST_SILENT,
    OrderSize,
    elasticities,
    order_size,
    weekly_prices,
)
from crmlib.segmentation.wording import source_of
from crmlib.words import N_, _

if TYPE_CHECKING:
    import pandas as pd
    from ibis import Table
    from matplotlib.axes import Axes

    from crmlib.reporting import Gated, Shown
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

_VERDICTS: Final = {
    "few": N_("too few articles or weeks"),
    "silent": N_("too many weeks without a sale"),
    "flat": N_("prices hardly vary"),
    "": N_("yes"),
}


@dataclass(frozen=True, slots=True)
class PriceAnswers:
    """How units answer to prices: by category, of so many articles ``sold``, and with the size of an order."""

    categories: pd.DataFrame
    sold: int
    size: OrderSize


def price_answers(transactions: Table, run: Run) -> PriceAnswers:
    """Estimate the elasticity of every category as of the run's date."""
    weeks = weekly_prices(transactions, run.as_of, run.table("products") if run.has("products") else None)
    return PriceAnswers(elasticities(weeks), weeks["product_id"].nunique(), order_size(transactions, run.as_of))


def show_elasticity(found: Study, run: Run) -> Shown:
    """Show how demand answers to prices; write ``elasticities``."""
    answers = found.prices
    run.write("elasticities", answers.categories, by=["category"])
    gated = _gated(answers.categories, run)
    known = gated.rows(lambda frame: frame["elasticity"].notna())
    if not len(known):
        return insufficient(
            needed=run.say(
                _("at least {n:count} articles of a category that sell in nearly every week and whose prices vary"),
                n=LEAST_ARTICLES,
            ),
            found=gated.frame["reason"].iloc[0] if len(gated) else _("no article numbers"),
            therefore=_("No elasticity is estimated."),
        )
    shown = (
        note(*_one_elasticity(known.frame.iloc[0], answers, run)) if len(known) == 1 else _picture(known, answers, run)
    )
    words = _("Elasticity by category; prices are compared within an article, with what all articles did in a week set "
              "aside")  # fmt: skip
    return behind(shown, *([gated.table(words)] if len(gated) > 1 else []))


def _gated(categories: pd.DataFrame, run: Run) -> Gated:
    """Let the categories through, the most sensitive first; they rest on articles and weeks, not on people."""
    gated = gate(
        categories.sort_values(["elasticity", "category"]).drop(columns="units_a_week"), run,
        label("category", _("Category")),
        exact("elasticity", _("Elasticity"), "number", low="low", high="high", decimals=1, missing=_("not estimated")),
        label("reason", _("Estimated?")),
        exact("articles", _("Articles")),
        exact("weeks", _("Weeks of articles")),
        exact("spread", _("Spread of prices"), "share"),
        exact("silent", _("Weeks without a sale"), "share", decimals=0),
        exact("low"), exact("high"),
    )  # fmt: skip
    named = gated.worded("category", lambda name: _("All articles") if name == ALL_ARTICLES else name)
    return named.worded("reason", lambda reason: _(_VERDICTS[reason]))


def _one_elasticity(row: pd.Series, answers: PriceAnswers, run: Run) -> list[str]:
    everything = list(answers.categories["category"]) == [ALL_ARTICLES]
    rest = _left_out(row["articles"], answers.sold, run, categories=not everything)
    said = _goes_with(row, "" if everything else _(" in {category}").format(category=row["category"]), run)
    if row["low"] <= 0 <= row["high"]:
        return [said + ".", rest]
    caveat = _("what goes together need not be an effect of the price")
    if answers.size.matters:
        caveat = _(
            "part of this may be that larger orders get lower prices (on the same day, {less:part} less at twice the "
            "units)"
        )
    return [_("{said}; {caveat}.").format(said=said, caveat=run.say(caveat, less=answers.size.saved)), rest]


def _goes_with(row: pd.Series, of: str, run: Run) -> str:
    sign, way = (1, _("fewer")) if row["low"] > 0 else (-1, _("more"))
    words = _(
        "A price 1 % lower goes with {x:number1} % ({low:number1} to {high:number1}) {way} units of an article{of}"
    )
    if row["low"] <= 0 <= row["high"]:
        words = _(
            "No difference of units with the price is seen: {low:number1} % to {high:number1} % {way} at a price 1 % "
            "lower{of}"
        )
    low, high = sorted((sign * row["low"], sign * row["high"]))
    return run.say(words, x=sign * row["elasticity"], low=low, high=high, way=way, of=of)


def _picture(known: Gated, answers: PriceAnswers, run: Run) -> Shown:
    frame = known.frame
    said = [_ranged(row, run) for _place, row in frame.iterrows()]
    title = _("Elasticities by category lie between {most} and {least}; the intervals of the two overlap")
    if frame["high"].iloc[0] < frame["low"].iloc[-1]:
        title = _("Lower prices go with more extra units in {most} than in {least}")
    return figure(
        _draw,
        known,
        title=title.format(most=said[0], least=said[-1]),
        alt=_("Dots with intervals by category: {parts}.").format(parts="; ".join(said)),
        read=_(
            "At −2 a price one per cent lower goes with two per cent more units of the article in that week; left of "
            "the dashed line (−1) weeks at a lower price had more revenue. Lines are 95 % intervals, clustered by "
            "article."
        ),
        limits=" ".join([_association(answers.size, run), _left_out(frame["articles"].sum(), answers.sold, run)]),
        source=source_of(run, int(frame["weeks"].sum()), "weeks of articles"),
        size=(7.2, 1.1 + 0.34 * len(known)),
    )


def _ranged(row: pd.Series, run: Run) -> str:
    words = _("{category} ({elasticity:number1}; {low:number1} to {high:number1})")
    return run.say(words, **row[["category", "elasticity", "low", "high"]])


def _association(size: OrderSize, run: Run) -> str:
    """Say that it is no effect, and where the price of one depends on the size of an order, that too."""
    words = _(
        "What goes together need not be an effect: prices were not set at random, and offers come with shelf space and "
        "take sales from other articles and weeks."
    )
    if not size.matters:
        return words
    follows = _(
        "Here who buys much pays less for one (on the same day, {less:part} less on an order line of twice the units): "
        "part of the elasticity may be the price that follows the units."
    )
    return words + " " + run.say(follows, less=size.saved)


def _left_out(compared: int, sold: int, run: Run, *, categories: bool = True) -> str:
    words = _(
        "{n:count} of {all:count} articles are compared: those with a sale in at least {weeks:part} of their weeks"
        "{enough}. What others cost in a week without a sale is not known."
    )
    enough = _(", where a category has enough of them") if categories else ""
    return run.say(words, n=compared, all=sold, weeks=1 - MOST_SILENT, enough=enough)


def _draw(axes: Axes, frame: pd.DataFrame) -> None:
    axes.axvline(-1, color=palette.CONTEXT, linewidth=1, linestyle=(0, (4, 3)))
    dots(
        axes, frame, label="category", value="elasticity", low="low", high="high", reference=0,
        unit=_("Difference of units, %, that goes with a price 1 % higher"), written="number1",
    )  # fmt: skip
