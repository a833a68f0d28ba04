"""Where customers were won: who comes back and what they bring, by way of being won, channel and store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from crmlib.months import last_month
from crmlib.reporting import estimate, gate, label, largest_part, people
from crmlib.segmentation.cohorts.second_purchase import first_month_note, log_rank, share_within
from crmlib.segmentation.cohorts.worth import margin_scale
from crmlib.stats.skewed import ENOUGH_CUSTOMERS, mean_limits
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.reporting import Shown
    from crmlib.segmentation.cohorts.second_purchase import Won
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

DAYS: Final = 90
MONTHS: Final = 3
MOST_PLACES: Final = 12
COLUMNS: Final = (
    "place", "customers", "older", "again", "again_low", "again_high", "spend", "spend_low", "spend_high", "margin",
    "margin_low", "margin_high", "largest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Places:
    """Where customers were won.

    ``rows``, one a place (:data:`COLUMNS`): customers won, those won long enough ago (``older``), who came back within
    :data:`DAYS` days, revenue and margin each within :data:`MONTHS` months, the largest customer's part of it.
    ``tested``: by kind of place the p-value that customers come back alike everywhere (log-rank).
    """

    rows: pd.DataFrame
    tested: dict[str, float]


def places_won(won: Won, worth: pd.DataFrame, run: Run) -> Places:
    """Compare where customers were won (`worth` of `customers_won`): how, in which channel and in which store."""
    frame = worth.merge(won.waits, on="customer_id", validate="one_to_one")
    kinds = _kinds(frame, run)
    rows = [row for kind, names in kinds.items() for row in _rows(kind, names, frame, run)]
    tested = {kind: log_rank(frame["days"], frame["again"], names).p for kind, names in kinds.items()}
    return Places(pd.DataFrame(rows, columns=list(COLUMNS)), tested)


def _kinds(frame: pd.DataFrame, run: Run) -> dict[str, pd.Series]:
    kinds = {"channel": _named(frame["channel"], run), "store": frame["store_id"]}
    if run.has("stores"):
        named = run.table("stores").select("store_id", "name").to_pandas().set_index("store_id")["name"]
        kinds["store"] = frame["store_id"].map(named).astype("str").fillna(frame["store_id"])
    if run.has("customers"):
        members = run.table("customers").select("customer_id", "acquired_by").to_pandas()
        how = members.drop_duplicates("customer_id").set_index("customer_id")["acquired_by"]
        kinds = {"acquired": _named(frame["customer_id"].map(how), run), **kinds}
    return kinds


def _named(codes: pd.Series, run: Run) -> pd.Series:
    return codes.map({code: run.say("{code:name}", code=code) for code in codes.dropna().unique()})


def _rows(kind: str, names: pd.Series, frame: pd.DataFrame, run: Run) -> list[dict[str, float | str]]:
    words = {"acquired": _("Through: {name}"), "channel": _("First bought: {name}"), "store": _("Store: {name}")}[kind]
    # revenue within months is known of those who were won long enough ago
    old = frame["first_number"] + MONTHS <= last_month(run.as_of) - (run.as_of.day != 1)
    scale = margin_scale(frame)
    rows = []
    for name, part in frame.groupby(names):
        again = share_within(part, DAYS)
        older = part[old.loc[part.index]]
        values = older[[f"spend_{MONTHS}", f"margin_{MONTHS}"]].to_numpy("float64") * [1.0, scale]
        low, high = mean_limits(values)
        means = values.mean(axis=0) if len(values) else np.full(2, np.nan)
        rows.append({
            "place": words.format(name=name), "customers": len(part), "older": len(older),
            "again": again.value, "again_low": again.low, "again_high": again.high,
            "spend": means[0], "spend_low": low[0], "spend_high": high[0],
            "margin": means[1], "margin_low": low[1], "margin_high": high[1],
            "largest": largest_part(values[:, 0]),
        })  # fmt: skip
    return sorted(rows, key=lambda row: -row["customers"])[:MOST_PLACES]


def show_places(found: Study, run: Run) -> Shown | None:
    """Compare where customers were won; nothing where no two places are known."""
    rows = found.places.rows
    if len(rows) < 2:
        return None
    run.write("places_won", rows, by=["place"])
    decimals = 0 if rows["spend"].max() >= 100 else 2
    money = {"spend": _("Revenue each, {n:count} months"), "margin": _("Margin each, {n:count} months")}
    if rows["margin"].isna().all():
        money["margin"] = ""
    gated = gate(
        rows, run, label("place", _("Won")), people("customers", _("Customers won")),
        estimate("again", run.say(_("Bought again within {days:days}"), days=DAYS), of="customers"),
        *(estimate(name, run.say(heading, n=MONTHS), "money", of="older", largest="largest", decimals=decimals)
          for name, heading in money.items()),
    )  # fmt: skip
    said = [verdict(found.places.tested, run), first_month_note(found.won, run)]
    if rows["older"].between(run.fewest, ENOUGH_CUSTOMERS - 1).any():
        words = _("Money of fewer than {n:count} customers has no interval.")
        said.append(run.say(words, n=ENOUGH_CUSTOMERS))
    return gated.table(_("Customers by where they were won"), note=" ".join(said))


def verdict(tested: dict[str, float], run: Run) -> str:
    """Say for which kinds of places customers come back differently, by log-rank tests held together (Holm 1979)."""
    names = {"acquired": _("ways of being won"), "channel": _("channels"), "store": _("stores")}
    p = pd.Series(tested, dtype="float64").dropna()
    adjusted = pd.Series(multipletests(p, method="holm")[1] if len(p) else p, index=p.index)
    differ, alike = ([names[kind] for kind in p.index[found]] for found in (adjusted < 0.05, adjusted >= 0.05))
    said = []
    if differ:
        holm = _("log-rank test, p < 0.05 after Holm's adjustment") if len(p) > 1 else _("log-rank test, p < 0.05")
        words = _("Customers come back differently between {kinds:list} ({test}).")
        said.append(run.say(words, kinds=differ, test=holm))
    if alike:
        said.append(run.say(_("No difference in coming back is shown between {kinds:list}."), kinds=alike))
    said.append(_("Who was won in one place may differ from the start: this is not what the place did."))
    return " ".join(said)
