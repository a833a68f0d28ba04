"""How many active customers stand how close to leaving, what they are worth, and what goes with them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.churn.evidence import lack_of_scores, source
from crmlib.churn.who.leaving import has_values
from crmlib.reporting import Gated, Shown, exact, figure, gate, insufficient, label, largest_part, note, palette, people
from crmlib.reporting.figures import heatmap
from crmlib.reporting.ticks import tick
from crmlib.words import _
from crmlib.words.saying import sentence_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from crmlib.churn.study import Study
    from crmlib.workspace import Run

WORTH: Final = ("below", "above", "dearest")
"""Below the mean of the active customers, above it, and the dearest tenth of them as far as it is above it."""
DEAREST: Final = 0.9


def risk_grid(leaving: pd.DataFrame, least_risk: float) -> pd.DataFrame:
    """Count active customers who are not gone by how likely they are to leave and what they are worth, likeliest first.

    Two bands of probability lie above the least risk and two below it. One row a band and :data:`WORTH`, empty ones
    included: ``low, high`` (limits of the band), ``worth, customers, value_ahead, at_risk`` (usual spend times
    probability), and ``largest_value, largest_risk``, the largest customer's parts of these.
    """
    least = min(least_risk, 1.0)  # where no contact pays, nobody is above it
    limits = [0.0, least / 2, least, (1 + least) / 2, 1.0]
    band = np.searchsorted(limits[1:-1], leaving["churn_probability"], side="left")
    value = leaving["value_ahead"]
    dearest = leaving["valuable"] & (value >= value.quantile(DEAREST, interpolation="higher"))
    column = leaving["valuable"].astype(int) + dearest.astype(int)
    at_risk = leaving["usual_spend"] * leaving["churn_probability"]
    frame = leaving.assign(at_risk=at_risk, band=band, column=column)[~leaving["gone"]]
    every = pd.MultiIndex.from_product([range(len(limits) - 1), range(len(WORTH))], names=["band", "column"])
    grid = (
        frame.groupby(["band", "column"])
        .agg(
            customers=("value_ahead", "size"), value_ahead=("value_ahead", "sum"), at_risk=("at_risk", "sum"),
            largest_value=("value_ahead", largest_part), largest_risk=("at_risk", largest_part),
        )
        .reindex(every, fill_value=0)
        .reset_index()
        .sort_values(["band", "column"], ascending=[False, True], ignore_index=True)
    )  # fmt: skip
    ends = {"low": grid["band"].map(lambda at: limits[at]), "high": grid["band"].map(lambda at: limits[at + 1])}
    return grid.assign(**ends, worth=grid["column"].map(lambda at: WORTH[at])).drop(columns=["band", "column"])


def show_risk(found: Study, run: Run) -> Shown:
    """Show how many active customers stand how close to leaving, and what they are worth, as a grid."""
    if run.too_few(len(found.active)):
        return too_few_active(found, run)
    grid = risk_grid(found.leaving, found.least_risk)
    gated = _gated(grid, run)
    title = _title(found, grid, gated, run)
    if gated.frame["customers"].isna().all():
        words = _("How they are spread is not shown: fewer than {n:count} would stand by themselves.")
        return note(f"{title}. {run.say(words, n=run.fewest)}")
    read = _(
        "Upwards, the probability to buy nothing in the next {horizon:days}; to the right, the {value}. Valuable is "
        "above the mean."
    )
    alt = _("Grids of active customers by probability to buy nothing and by worth: {cells}.")
    cells = gated.listing(_("{band}, {worth}: {customers} customers, {value_ahead}"))
    return figure(
        partial(_draw, titles=_titles(found, run), currency=run.params.currency),
        gated,
        title=title,
        alt=alt.format(cells=cells),
        read=run.say(read, horizon=found.horizon_days, value=_value_words(found, run)),
        limits=_limits(found, run),
        source=source(found, run, len(found.active)),
        size=(7.2, 2.6),
        panels=(1, 3),
    )


def _gated(grid: pd.DataFrame, run: Run) -> Gated:
    """Let the grid through, its bands and columns in words; besides the cells a reader knows the sum of them all."""
    words = _("{low:number} to {high:share0}")
    bands = [run.say(words, low=100 * low, high=high) for low, high in zip(grid["low"], grid["high"], strict=True)]
    worth = grid["worth"].map(_worth_words()).to_list()
    gated = gate(
        grid.drop(columns=["low", "high", "worth"]).assign(cell=range(len(grid))), run,
        label("cell"), people("customers"),
        exact("value_ahead", kind="money", of="customers", largest="largest_value"),
        exact("at_risk", kind="money", of="customers", largest="largest_risk"),
        totals=True,
    )  # fmt: skip
    named = gated.beside(label("band"), lambda row: bands[int(row["cell"])])
    return named.beside(label("worth"), lambda row: worth[int(row["cell"])])


def too_few_active(found: Study, run: Run) -> Shown:
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


def _worth_words() -> dict[str, str]:
    return {"below": _("below mean"), "above": _("above mean"), "dearest": _("dearest tenth")}


def _value_words(found: Study, run: Run) -> str:
    """Say what a customer's worth is, in words that follow "the"."""
    if has_values(found.segments):
        words = _("value ahead, which chapter 02 expects of a customer within {weeks:number} weeks")
        return run.say(words, weeks=run.params.segmentation.lifetime_weeks)
    return run.say(_("usual spend in {horizon:days}, since chapter 02 tells no value"), horizon=found.horizon_days)


def _title(found: Study, grid: pd.DataFrame, gated: Gated, run: Run) -> str:
    """Say how many valuable customers are likely to leave, and what goes with them."""
    leaving, least = found.leaving, found.least_risk
    if not leaving["likely"].any():
        words = _("No active customer is more than {least:share0} likely to buy nothing in the next {horizon:days}")
        return run.say(words, least=least, horizon=found.horizon_days)
    lost = leaving[leaving["likely"] & leaving["valuable"]]
    words = _("{likely:people} of {active:people} active customers are likely to leave, {n:people} of them valuable")
    value = lost["value_ahead"]
    # the sum less the cells that are shown must not tell of a few
    inside = ((grid["low"] >= least) & (grid["worth"] != WORTH[0])).to_numpy()
    untold = grid.loc[inside & gated.hidden["value_ahead"].to_numpy() & (grid["customers"] > 0)]
    told_back = len(untold) == 1 or (len(untold) and run.too_few(untold["customers"].sum()))
    if not run.too_few(len(lost), largest=largest_part(value)) and not told_back:
        words += _("; theirs are {money:money} of the {of:money} ahead")
    return run.say(
        words, likely=int(leaving["likely"].sum()), active=len(leaving), n=len(lost), money=value.sum(),
        of=leaving["value_ahead"].sum(),
    )  # fmt: skip


def _limits(found: Study, run: Run) -> str:
    """Say what the picture cannot say, and how many it leaves out."""
    said = _("A probability is about a group of alike customers.")
    gone = int(found.leaving["gone"].sum())
    if gone:
        words = _("{n:people} who are dormant or lost by their own rhythm are left out.")
        if found.memberships is not None:
            words = _("{n:people} who are dormant or lost, or let their membership end, are left out.")
        said += " " + sentence_start(run.say(words, n=gone))
    return f"{said} {_('Blank: fewer than {n} customers, or one of them has most of the money.').format(n=run.fewest)}"


def _titles(found: Study, run: Run) -> dict[str, str]:
    value = _("Value ahead") if has_values(found.segments) else _("Usual spend")
    at_risk = run.say(_("Sales at risk, {horizon:days}"), horizon=found.horizon_days)
    return {"customers": _("Customers"), "value_ahead": value, "at_risk": at_risk}


def _draw(panels: Sequence[Axes], frame: pd.DataFrame, titles: dict[str, str], currency: str) -> None:
    """Draw a grid of customers, of what they are worth and of what is at risk, side by side."""

    def short(x: float) -> str:
        return tick(float(f"{x:.3g}"), "money", currency)

    for panel, (name, title) in zip(panels, titles.items(), strict=True):
        grid = frame.pivot_table(index="band", columns="worth", values=name, sort=False, dropna=False)
        grid.columns = grid.columns.str.replace(" ", "\n")
        heatmap(panel, grid, unit=title, written="{:,.0f}".format if name == "customers" else short)
        panel.axhline(2, color=palette.INK, linewidth=1.2)
        if name != "customers":
            panel.set_yticks([])
    panels[0].set_ylabel(_("Probability to buy nothing"))
