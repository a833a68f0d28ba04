"""Where those likely to leave stand apart: by segment, store, channel, tier and category, many compared at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.churn.who.risk import too_few_active
from crmlib.features import known_purchases, main_place, order_categories
from crmlib.reporting import (
    Gated,
    Shown,
    estimate,
    exact,
    folded,
    gate,
    insufficient,
    label,
    largest_part,
    note,
    people,
    rate,
    show_all,
)  # fmt: skip
from crmlib.stats.comparisons import benjamini_hochberg
from crmlib.stats.parts import compare_parts
from crmlib.words import N_, _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmlib.churn.study import Study
    from crmlib.workspace import Run

KINDS: Final = {
    "main_store": N_("Main store"),
    "main_channel": N_("Main channel"),
    "tier": N_("Tier"),
    "category": N_("Main category"),
    "segment": N_("Segment"),
}
COLUMNS: Final = (
    "kind", "name", "customers", "likely", "other_customers", "other_likely", "at_risk", "largest", "part",
    "other_part", "largest_value", "p", "part_p", "q", "part_q",
)  # fmt: skip
TOLD: Final = ("kind", "name", "customers", "share", "other_share", "part", "other_part", "at_risk", "differs")
SHORT: Final = tuple(name for name in TOLD if not name.startswith("other_"))
"""Unfolded: what all others have stands in the fold."""
FALSE_DISCOVERIES: Final = 0.05
EXPECTED: Final = 5  # so many on either side make the normal distribution good enough (Cochran 1954)


def compare_groups(leaving: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Compare who is likely to leave, and the value that goes with them, in each group with all others.

    One row a group of those :data:`KINDS` that the frame has, the highest share of its kind first: ``kind, name,
    customers, likely, other_customers, other_likely, at_risk`` (usual spend times probability), ``largest`` (the
    largest customer's part of it), ``part, other_part`` (of the value ahead, what likely leavers have),
    ``largest_value`` (the largest customer's part of either in the group), ``p`` of the score test of customers and
    ``part_p`` of `crmlib.stats.parts.compare_parts` (missing with too few), and ``q, part_q`` (Benjamini and
    Hochberg over both figures of all groups).
    """
    lost = leaving["usual_spend"] * leaving["churn_probability"]
    told = [kind for kind in KINDS if kind in leaving and len(leaving[kind].dropna().unique()) > 1]
    if not told:
        return pd.DataFrame(columns=list(COLUMNS))
    groups = pd.concat([_of_kind(kind, leaving.assign(lost=lost), seed) for kind in told], ignore_index=True)
    q = benjamini_hochberg(np.concatenate([groups["p"], groups["part_p"]]))
    return groups.assign(q=q[: len(groups)], part_q=q[len(groups) :])[list(COLUMNS)]


def _of_kind(kind: str, leaving: pd.DataFrame, seed: int) -> pd.DataFrame:
    grouped = leaving.dropna(subset=[kind]).groupby(kind)
    rows = grouped.agg(
        customers=("likely", "size"), likely=("likely", "sum"), at_risk=("lost", "sum"), largest=("lost", "max")
    )
    rows["largest"] = (rows["largest"] / rows["at_risk"].where(rows["at_risk"] > 0)).fillna(0.0)
    rows = rows.rename_axis("name").reset_index().assign(kind=kind)
    n, k = rows["customers"], rows["likely"]
    others, left = n.sum() - n, k.sum() - k
    share = k.sum() / max(n.sum(), 1)
    enough = np.minimum(n, others) * min(share, 1 - share) >= EXPECTED
    known = n.where(enough), others.where(enough)
    gap = k / known[0] - left / known[1]
    z = gap / np.sqrt(share * (1 - share) * (1 / known[0] + 1 / known[1]))
    rows = rows.assign(other_customers=others, other_likely=left, p=2 * distributions.norm.sf(np.abs(z)))
    return rows.join(_values_of(leaving, kind, seed), on="name").iloc[(-k / n).argsort(kind="stable")]


def _values_of(leaving: pd.DataFrame, kind: str, seed: int) -> pd.DataFrame:
    """Set the part of each group's value ahead that likely leavers have beside that of all others."""
    known = leaving.dropna(subset=[kind])
    value, likely = known["value_ahead"], known["likely"].astype(bool)
    parts = compare_parts(value, likely, known[kind], np.random.default_rng([seed, 34]))
    largest = pd.DataFrame(
        {
            "all": value.groupby(known[kind]).agg(largest_part),
            "left": value[likely].groupby(known[kind]).agg(largest_part),
        }
    )
    return parts.rename(columns={"p": "part_p"}).assign(largest_value=largest.max(axis=1))


def more_of_customers(run: Run) -> pd.DataFrame:
    """Bring what chapter 02 does not tell of customers: ``customer_id`` with ``tier`` and ``category``, where known.

    A tier counts only where the source says since when it has been known, and that was before the report's end.
    """
    more = pd.DataFrame({"customer_id": pd.Series(dtype="str")})
    if run.has("customers"):
        members = run.table("customers")
        dated = members.filter(members.tier.notnull(), members.known_at < ibis.timestamp(run.as_of.isoformat()))
        more = _with(more, dated.select("customer_id", "tier").to_pandas().drop_duplicates("customer_id"))
    if (sold := order_categories(run)) is not None:
        main = main_place(known_purchases(sold, run.as_of), "category").to_pandas()
        more = _with(more, main.rename(columns={"place": "category"}))
    return more


def _with(more: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    return more.merge(told, on="customer_id", how="outer") if len(told) else more


def show_where(found: Study, run: Run) -> Shown:
    """Show the groups of which more, or fewer, are likely to leave than of all other active customers."""
    if run.too_few(len(found.active)):
        return too_few_active(found, run)
    groups = found.groups
    if groups.empty:
        return insufficient(
            needed=_("chapter 02's segments, or stores, channels, tiers or categories that differ between customers"),
            found=_("none"),
            therefore=_("Where customers are likely to leave is not shown."),
        )
    differs = np.flatnonzero(groups[["q", "part_q"]].min(axis=1) < FALSE_DISCOVERIES)
    kinds = [_(KINDS[kind]).lower() for kind in groups["kind"].unique()]
    told = run.say(_("{n:count} groups were compared, by {kinds:list}"), n=int(groups["q"].notna().sum()), kinds=kinds)
    if not len(differs):
        words = _("In no group are more, or fewer, likely to leave, or with more value, than chance explains: {told}.")
        return note(words.format(told=told))
    every = _all_that_differ(groups, differs, told, run)
    return show_all(_where_more(groups, differs, run), every) if set(groups["kind"]) != {"segment"} else every


def _where_more(groups: pd.DataFrame, differs: NDArray[np.intp], run: Run) -> Shown:
    """Show the groups of which more leave, or with more value; segments, made of silence, say no more than that."""
    more = more_than_others(groups).any(axis=1)
    listed = [row for row in differs.tolist() if more.iloc[row] and groups["kind"].iloc[row] != "segment"]
    if not listed:
        kinds = [_(KINDS[kind]).lower() for kind in groups["kind"].unique() if kind != "segment"]
        words = _("By {kinds:list} nowhere are more likely to leave, or with more value, than chance explains.")
        return note(run.say(words, kinds=kinds))
    return (
        _gated(groups, run)
        .rows(listed)
        .only(*SHORT)
        .table(_("Where more than elsewhere are likely to leave, or take more value with them"))
    )


def more_than_others(groups: pd.DataFrame) -> pd.DataFrame:
    """Say in which groups more ``customers`` leave, and more ``value`` with them, beyond what chance explains."""
    share, other = groups["likely"] / groups["customers"], groups["other_likely"] / groups["other_customers"]
    return pd.DataFrame({
        "customers": (share > other) & (groups["q"] < FALSE_DISCOVERIES),
        "value": (groups["part"] > groups["other_part"]) & (groups["part_q"] < FALSE_DISCOVERIES),
    })  # fmt: skip


def _all_that_differ(groups: pd.DataFrame, differs: NDArray[np.intp], told: str, run: Run) -> Shown:
    words = _(
        "{told}; these differ from all others by more than chance (customers and value, false discoveries held to 5 %)."
    )
    if "segment" in set(groups["kind"]):
        words += " " + _("Segments are made of the time since the last purchase and so differ of themselves.")
    every = _gated(groups, run).rows(differs.tolist()).only(*TOLD)
    caption = _("Where more, or fewer, are likely to leave")
    return folded(_("All groups that differ"), every.table(caption, note=words.format(told=told)))


def _gated(groups: pd.DataFrame, run: Run) -> Gated:
    """Let all groups through together, those that do not differ too: what they leave over is known."""
    named = groups.assign(
        kind=[_(KINDS[kind]) for kind in groups["kind"]], name=_names(groups, run), differs=_differing(groups)
    )
    return gate(
        named.drop(columns=["p", "part_p", "q", "part_q"]), run,
        label("kind", _("By")), label("name", _("Group")), people("customers", _("Active customers")), people("likely"),
        people("other_customers"), people("other_likely"),
        rate("share", _("Likely to leave"), per=("likely", "customers"), decimals=0),
        rate("other_share", _("All others"), per=("other_likely", "other_customers"), interval=False, decimals=0),
        estimate("part", _("Of value ahead"), of="customers", largest="largest_value", decimals=0),
        estimate("other_part", _("Of all others’"), of="other_customers", decimals=0),
        exact("at_risk", _("Sales at risk"), "money", of="customers", largest="largest"),
        label("differs", _("Differ in")),
        totals=True,
    )  # fmt: skip


def _differing(groups: pd.DataFrame) -> list[str]:
    """Say by which of the two figures a group differs from all others beyond chance."""
    words = {(True, True): _("customers, value"), (True, False): _("customers"), (False, True): _("value")}
    found = zip(groups["q"] < FALSE_DISCOVERIES, groups["part_q"] < FALSE_DISCOVERIES, strict=True)
    return [words.get(pair, "") for pair in found]


def _names(groups: pd.DataFrame, run: Run) -> list[str]:
    """Put the groups' codes into words, and stores into their names."""
    stores = {}
    if run.has("stores"):
        named = run.table("stores").select("store_id", "name").to_pandas().dropna()
        stores = dict(zip(named["store_id"], named["name"], strict=True))
    coded = {"segment", "main_channel"}
    return [
        run.say("{name:name}", name=name) if kind in coded else str(stores.get(name, name))
        for kind, name in zip(groups["kind"], groups["name"], strict=True)
    ]
