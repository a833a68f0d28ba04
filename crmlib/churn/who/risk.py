"""How many active customers stand how close to leaving, and what they usually spend."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.evidence import lack_of_scores, source
from crmlib.reporting import Shown, exact, figure, gate, insufficient, label, palette, people
from crmlib.reporting.figures import bars, write_ticks
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from crmlib.churn.study import Study
    from crmlib.workspace import Run

BANDS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
LIKELY: Final = 0.6
"""Bands above this probability are red, and counted in the title."""


def risk_bands(active: pd.DataFrame) -> pd.DataFrame:
    """Count the active customers by how likely they are to leave, with what they usually spend; empty bands included.

    ``low, high`` (limits of the band), ``customers, usual_spend`` (of a horizon, together), ``largest`` (the largest
    customer's part of it).
    """
    band = pd.cut(active["churn_probability"], list(BANDS), labels=False, include_lowest=True)
    spend = active.groupby(band)["usual_spend"]
    rows = spend.agg(customers="size", usual_spend="sum", largest="max").reindex(range(len(BANDS) - 1), fill_value=0)
    rows["largest"] = (rows["largest"] / rows["usual_spend"].where(rows["usual_spend"] > 0)).fillna(0)
    return pd.DataFrame({"low": BANDS[:-1], "high": BANDS[1:]}).join(rows)


def show_risk(found: Study, run: Run) -> Shown:
    """Show how many active customers stand how close to leaving, and what they usually spend."""
    if run.too_few(len(found.active)):
        return _too_few(found, run)
    bands = risk_bands(found.active).iloc[::-1]
    low, high = bands.pop("low"), bands["high"]
    words = _("{low:number} to {high:share0}")
    bands["band"] = [run.say(words, low=100 * start, high=end) for start, end in zip(low, high, strict=True)]
    gated = gate(
        bands, run,
        label("band"), label("high"), people("customers"),
        exact("usual_spend", kind="money", of="customers", largest="largest"),
    )  # fmt: skip
    alt = _("Bars by probability to buy nothing, customers and usual spend: {bars}.")
    read = _(
        "Left, how many of the customers who bought in the last {active:days} have which probability; right, what they "
        "usually spend in {horizon:days}."
    )
    return figure(
        partial(_draw, run=run),
        gated,
        title=_title(found, run),
        alt=run.say(alt, bars=gated.listing("{band}: {customers}, {usual_spend}")),
        read=run.say(read, active=found.active_days, horizon=found.horizon_days),
        limits=_("A probability is about a group of alike customers, not a certainty about one."),
        source=source(found, run, len(found.active)),
        size=(7.2, 2.9),
        panels=(1, 2),
    )


def _too_few(found: Study, run: Run) -> Shown:
    """Say that nobody, or hardly anybody, has a risk to show."""
    if found.active.empty:
        return insufficient(
            needed=_("customers who bought more than once, some of them lately"),
            found=lack_of_scores(found, run),
            therefore=_("No customer has a risk to show."),
        )
    words = _("{n:count} customers who bought in the last {active:days}")
    return insufficient(
        needed=run.say(words, n=run.fewest, active=found.active_days),
        found=run.say("{n:people}", n=len(found.active)),
        therefore=_("How they are spread over risks is not shown."),
    )


def _title(found: Study, run: Run) -> str:
    likely = int((found.active["churn_probability"] > LIKELY).sum())
    if likely == 0:
        words = _("No active customer is more than {least:share0} likely to buy nothing in the next {horizon:days}")
    else:
        words = _(
            "{n:people} active customers are more than {least:share0} likely to buy nothing in the next {horizon:days}"
        )
    return run.say(words, n=likely, least=LIKELY, horizon=found.horizon_days)


def _draw(panels: Sequence[Axes], frame: pd.DataFrame, run: Run) -> None:
    """Draw the active customers and their usual spend by how likely they are to leave."""
    customers, money = panels
    shades = {
        band: palette.RED if high > LIKELY else palette.ACCENT
        for band, high in zip(frame["band"], frame["high"], strict=True)
    }
    unit = _("Active customers")
    bars(customers, frame, label="band", value="customers", unit=unit, colour=shades, written="count")
    customers.set_ylabel(_("Probability to buy nothing"))
    unit = _("Usual spend in a horizon")
    bars(money, frame, label="band", value="usual_spend", unit=unit, colour=shades)
    for row, amount in enumerate(frame["usual_spend"]):
        words = _("hidden") if pd.isna(amount) else run.say("{amount:money}", amount=amount)
        end = 0 if pd.isna(amount) else amount
        money.annotate(words, (end, row), xytext=(6, 0), textcoords="offset points", va="center")
    left, right = money.get_xlim()
    money.set_xlim(left, right * 1.3)
    money.set_yticks([])
    money.locator_params(axis="x", nbins=4)
    write_ticks(money.xaxis, "money", run.params.currency)
