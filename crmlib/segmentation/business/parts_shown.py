"""Channels, tiers, categories and stores, as the page shows them: this period, and the last twelve months."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import Gated, Shown, estimate, folded, label, show_all
from crmlib.segmentation.business.glance import ALL
from crmlib.segmentation.business.measures import (
    FIGURES,
    PART_CUSTOMERS,
    PART_MONEY,
    PART_YEAR,
    gated_figures,
    legend,
)
from crmlib.segmentation.business.windows import began_within
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.segmentation.business.glance_shown import Glance
    from crmlib.workspace import Run

ORDER: Final = {"channel": N_("a channel"), "tier": N_("a tier"), "category": N_("a category"), "store": N_("a store")}
NAMES: Final = {"channel": N_("Channel"), "tier": N_("Tier"), "category": N_("Category"), "store": N_("Store")}
COMPARED: Final = {"period": ("before", "year_ago"), "rolling": ("rolling_year_ago",)}
"""The spans that each span's revenue is compared with."""


def show_parts(glance: Glance, rolling: str, run: Run) -> Shown:
    """Show the parts of the business: money beside the spans before, customers and orders, and the longest span."""
    now, months = (_gated(_compared(glance, window, run), window, run) for window in COMPARED)
    left_out = _left_out(glance.figures, run)
    shown = []
    for gated, table, words, span, said in (
        (now, PART_MONEY, _("{span} by part of the business"), run.period_label, left_out),
        (now, PART_CUSTOMERS, _("{span} by part of the business: customers and orders"), run.period_label,
         _new_and_again(glance.figures)),
        (months, PART_YEAR, _("{span} by part of the business"), rolling, left_out),
    ):  # fmt: skip
        columns = _of_table(gated, table)
        caption = run.say(words, span=span)
        shown.append((caption, columns.table(caption, note=" ".join(filter(None, [legend(columns), said])))))
    (_caption, first), *others = shown
    return show_all(first, *(folded(caption, table) for caption, table in others))


def _of_table(gated: Gated, table: str) -> Gated:
    names = [figure.column for figure in FIGURES if table in figure.tables and figure.column in gated.frame]
    if table != PART_CUSTOMERS:
        names[1:1] = [name for name in gated.frame.columns if name.startswith("words_")]
    return gated.only("name", *names)


def part_changes(glance: Glance, run: Run) -> pd.DataFrame:
    """Give the table ``part_changes``: the change of net revenue on a year ago as the page tells it, with its buyers.

    ``part, item, change, people`` (the fewer buyers of both spans); no change of a part that began within that span.
    """
    now = _compared(glance, "period", run)
    change = now["change_year_ago"].where(now["since_year_ago"].isna())
    return now[["part", "item"]].assign(change=change, people=now["people_year_ago"])


def _compared(glance: Glance, window: str, run: Run) -> pd.DataFrame:
    """Put the change of revenue beside each part, with the fewer buyers of both spans, in the order of the page."""
    parts = glance.figures[glance.figures["part"] != ALL]
    now = parts[parts["window"] == window].copy()
    keys = pd.MultiIndex.from_frame(now[["part", "item"]])
    for code in COMPARED[window]:
        then = parts[parts["window"] == code].set_index(["part", "item"])[["net", "buyers"]]
        met = then.reindex(keys)
        now[f"change_{code}"] = now["net"].to_numpy() / met["net"].where(met["net"] > 0).to_numpy() - 1
        now[f"people_{code}"] = met["buyers"].fillna(0).to_numpy().clip(max=now["buyers"].to_numpy())
        now[f"since_{code}"] = _began(glance, code, run).reindex(keys).to_numpy()
    # today's tier says nothing of how its members bought a year ago: they had to buy to get there
    now.loc[now["part"] == "tier", [f"change_{code}" for code in COMPARED[window] if code != "before"]] = float("nan")
    place = now["part"].map({part: place for place, part in enumerate(ORDER)})
    now = now.assign(place=place, name=_names(now, run))
    return now.sort_values(["place", "net"], ascending=[True, False], ignore_index=True)


def _began(glance: Glance, code: str, run: Run) -> pd.Series:
    """Give the first day of the parts that began to sell within a span before, which does not hold them whole."""
    starts = glance.starts.set_index(["part", "item"])
    then = next((window for window in glance.windows if window.code == code), None)
    if then is None or starts.empty:
        return pd.Series(dtype="datetime64[us]", index=starts.index)
    return starts["first_day"].where(began_within(starts, then, run.as_of))


def _gated(now: pd.DataFrame, window: str, run: Run) -> Gated:
    codes = COMPARED[window]
    tables = {PART_MONEY, PART_CUSTOMERS, PART_YEAR}
    observed = now.columns[now.notna().any()]
    figures = [
        figure for figure in FIGURES
        if tables & {*figure.tables} and {*(figure.per if figure.is_rate else (figure.column,))} <= {*observed}
    ]  # fmt: skip
    more = [
        *(label(f"since_{code}", kind="month") for code in codes),
        *(estimate(f"change_{code}", of=f"people_{code}") for code in codes),
    ]
    # stores add up to the business, and so do channels: one that is hidden could be had from the others
    apart = [
        gated_figures(
            rows, run, figures, label("name", _("Part of the business")), *more,
            largest="largest", missing="–", totals=True,
        )
        for _part, rows in now.groupby("part", sort=False)
    ]  # fmt: skip
    gated = reduce(Gated.above, apart).headed(repurchase_rate=_("Repurchase rate in this part"))
    for code in codes:
        gated = _in_words(gated, code, run)
    return gated


def _in_words(gated: Gated, code: str, run: Run) -> Gated:
    """Write changes with their sign, or since when a part sells whose first months are no base of a change."""

    def words(row: pd.Series) -> str | None:
        if pd.notna(row[f"since_{code}"]) and pd.notna(row["net"]):
            return run.say(_("only since {month:month}"), month=row[f"since_{code}"])
        change = row[f"change_{code}"]
        return None if pd.isna(change) else run.say("{change:change0}", change=change)

    whole = run.as_of.day == 1
    heading = {
        "before": _("Change on the month before") if whole else _("Change on the same days of the month before"),
        "year_ago": _("Change on a year ago"),
        "rolling_year_ago": _("Change on the twelve months before"),
    }[code]
    return gated.beside(label(f"words_{code}", heading, missing="–"), words, like=f"change_{code}")


def _left_out(figures: pd.DataFrame, run: Run) -> str:
    """Say which sales are in no row of a part of the business, and what no tier is compared with."""
    gross = figures.groupby(["window", "part"])["gross"].sum().unstack()
    short = [_(noun) for part, noun in ORDER.items() if part in gross and (gross[part] < gross[ALL] * (1 - 1e-9)).any()]
    said = []
    if short:
        said.append(run.say(_("Sales without {names} are left out of those rows."), names=either(short)))
    if "tier" in gross:
        said.append(_(
            "A tier is the one of the extract: who bought much has climbed since; so no tier is compared with a year "
            "ago."
        ))  # fmt: skip
    return " ".join(said)


def either(names: Sequence[str]) -> str:
    """Join names of which each is one more: a, b or c."""
    *some, last = names
    return _("{some} or {last}").format(some=", ".join(some), last=last) if some else last


def _new_and_again(figures: pd.DataFrame) -> str:
    said = _(
        "New to the shop, not only to the part; the repurchase rate is that of customers who bought in this part in "
        "the month before."
    )
    earned = _("It is not told of a tier, which is earned by buying again.")
    return f"{said} {earned}" if "tier" in set(figures["part"]) else said


def _names(rows: pd.DataFrame, run: Run) -> list[str]:
    stores = {}
    if run.has("stores"):
        named = run.table("stores").select("store_id", "name").to_pandas().dropna()
        stores = dict(zip(named["store_id"], named["name"], strict=True))
    told = [
        stores.get(item, item) if part == "store" else item
        for part, item in zip(rows["part"], rows["item"], strict=True)
    ]
    words = {"channel": _("{part}: {item:name}")}
    return [
        run.say(words.get(part, _("{part}: {item}")), part=_(NAMES[part]), item=str(item))
        for part, item in zip(rows["part"], told, strict=True)
    ]
