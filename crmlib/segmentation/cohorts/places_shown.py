"""Where customers were won, as the page shows it: who comes back and what they bring, by channel and store."""

from typing import Final

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from crmlib.privacy.disclosure import disclose
from crmlib.privacy.rules import largest_part
from crmlib.reporting import Shown, Shows, table
from crmlib.segmentation.business.months import last_month
from crmlib.segmentation.cohorts.differences import log_rank
from crmlib.segmentation.cohorts.first_month import Won, first_month_note
from crmlib.segmentation.cohorts.second_purchase import share_within
from crmlib.segmentation.cohorts.worth import margin_scale
from crmlib.segmentation.wording import listed
from crmlib.stats.skewed import ENOUGH_CUSTOMERS, mean_limits
from crmlib.words import _, formats
from crmlib.workspace import Run

DAYS: Final = 90
MONTHS: Final = 3
MOST_PLACES: Final = 12
NUMBERS: Final = ("again", "spend", "margin")


def show_places(won: Won, worth: pd.DataFrame, run: Run) -> Shown | None:
    """Compare where customers were won: how, in which channel and in which store; nothing where none is known.

    Parameters
    ----------
    won
        From :func:`crmlib.segmentation.cohorts.first_month.won_since`.
    worth
        From :func:`crmlib.segmentation.cohorts.worth.customers_won`.
    run
        The run.
    """
    frame = worth.merge(won.waits, on="customer_id", validate="one_to_one")
    kinds = _kinds(frame, run)
    rows = pd.concat([_rows(kind, names, frame, run) for kind, names in kinds.items()], ignore_index=True)
    if len(rows) < 2:
        return None
    run.write("places_won", rows, by=["place"])
    ends = [f"{name}_{end}" for name in NUMBERS for end in ("low", "high")]
    data = disclose(
        rows[["place", "customers", *NUMBERS, *ends, "older", "largest"]], labels=["place"], counts=["customers"],
        based_on={name: "customers" if name.startswith("again") else "older" for name in [*NUMBERS, *ends]},
        measures=[*NUMBERS, *ends], rules=run.rules,
        largest={name: "largest" for name in [*NUMBERS, *ends] if not name.startswith("again")},
    )  # fmt: skip
    decimals = 0 if rows["spend"].max() >= 100 else 2
    columns = {
        "place": Shows(_("Won")),
        "customers": Shows(_("Customers won"), "people"),
        "again": Shows(_("Bought again within {days} days").format(days=DAYS), "share", "again_low", "again_high"),
        "spend": Shows(_("Revenue each, {n} months").format(n=MONTHS), "money", "spend_low", "spend_high", decimals),
    }
    if rows["margin"].notna().any():
        columns["margin"] = Shows(
            _("Margin each, {n} months").format(n=MONTHS), "money", "margin_low", "margin_high", decimals
        )
    caption = _("Customers by where they were won")
    said = [verdict(frame, kinds), first_month_note(won)]
    if rows["older"].between(run.rules.threshold, ENOUGH_CUSTOMERS - 1).any():
        said.append(_("Money of fewer than {n} customers has no interval.").format(n=ENOUGH_CUSTOMERS))
    return table(data, caption, columns, currency=run.params.currency, note=" ".join(said))


def _kinds(frame: pd.DataFrame, run: Run) -> dict[str, pd.Series]:
    """Name for each customer how, in which channel and in which store they were won."""
    kinds = {"channel": _named(frame["channel"]), "store": frame["store_id"]}
    if run.has("stores"):
        named = run.table("stores").select("store_id", "name").to_pandas().set_index("store_id")["name"]
        kinds["store"] = frame["store_id"].map(named).astype("str").fillna(frame["store_id"])
    if run.has("customers"):
        members = run.table("customers").select("customer_id", "acquired_by").to_pandas()
        how = members.drop_duplicates("customer_id").set_index("customer_id")["acquired_by"]
        kinds = {"acquired": _named(frame["customer_id"].map(how)), **kinds}
    return kinds


def _named(codes: pd.Series) -> pd.Series:
    """Put codes into words, each distinct one once."""
    return codes.map({code: formats.name(code) for code in codes.dropna().unique()})


def kind_label(kind: str, name: str) -> str:
    """Name a place as a reader sees it.

    Examples
    --------
    >>> kind_label("acquired", "Friend")
    'Through: Friend'
    """
    words = {"acquired": _("Through: {name}"), "channel": _("First bought: {name}"), "store": _("Store: {name}")}
    return words[kind].format(name=name)


def _rows(kind: str, names: pd.Series, frame: pd.DataFrame, run: Run) -> pd.DataFrame:
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
            "place": kind_label(kind, str(name)), "customers": len(part), "older": len(older),
            "again": again.value, "again_low": again.low, "again_high": again.high,
            "spend": means[0], "spend_low": low[0], "spend_high": high[0],
            "margin": means[1], "margin_low": low[1], "margin_high": high[1],
            "largest": largest_part(values[:, 0]),
        })  # fmt: skip
    if not rows:
        return pd.DataFrame(columns=["place", "customers", "older"])
    return pd.DataFrame(rows).sort_values("customers", ascending=False).head(MOST_PLACES)


def verdict(frame: pd.DataFrame, kinds: dict[str, pd.Series]) -> str:
    """Say for which kinds of places customers come back differently, by log-rank tests held together (Holm 1979)."""
    words = {"acquired": _("ways of being won"), "channel": _("channels"), "store": _("stores")}
    tested = pd.Series(
        {kind: log_rank(frame["days"], frame["again"], names).p for kind, names in kinds.items()}
    ).dropna()
    adjusted = multipletests(tested, method="holm")[1] if len(tested) else tested
    differ = [words[kind] for kind, p in zip(tested.index, adjusted, strict=True) if p < 0.05]
    alike = [words[kind] for kind, p in zip(tested.index, adjusted, strict=True) if p >= 0.05]
    said = []
    if differ:
        holm = _("log-rank test, p < 0.05 after Holm's adjustment") if len(tested) > 1 else _("log-rank test, p < 0.05")
        said.append(_("Customers come back differently between {kinds} ({test}).").format(
            kinds=listed(differ), test=holm))  # fmt: skip
    if alike:
        said.append(_("No difference in coming back is shown between {kinds}.").format(kinds=listed(alike)))
    said.append(_("Who was won in one place may differ from the start: this is not what the place did."))
    return " ".join(said)
