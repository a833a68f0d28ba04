"""Segments found in the data, as the page shows them, and the table ``found_segments`` for machines."""

from math import inf
from typing import Any, Final

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, folded, insufficient, note, show_all, table
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.found import figures, proof_words, sentences
from crmlib.segmentation.found.features_shown import feature_rows
from crmlib.segmentation.found.finding import LEAST_CUSTOMERS, Found, found_segments
from crmlib.segmentation.found.naming import segment_code
from crmlib.segmentation.found.partitions import WARD
from crmlib.segmentation.found.profile import indices, sizes
from crmlib.segmentation.found.proof import Proof
from crmlib.words import _, formats
from crmlib.workspace import Run

COLUMNS: Final = ("customer_id", "found_segment", "found_name", "proven")
"""Columns of the table ``found_segments``, one row a customer."""


def show_found_segments(base: CustomerBase, transactions: Any, run: Run) -> Shown:
    """Show the segments found in the data, how they were chosen and whether they matter; write ``found_segments``.

    The proof is written to ``found_proof``.

    What to use them for comes first. Where they tell nothing of later behaviour better than the named segments, that is
    said and they are folded away.

    Parameters
    ----------
    base
        The customer base, for its number of customers and the limits of its named segments.
    transactions
        The clean table (Ibis).
    run
        The run.
    """
    found = found_segments(transactions, run, _limits(base)) if len(base.now) >= LEAST_CUSTOMERS else None
    empty = pd.DataFrame(columns=list(COLUMNS), dtype="str")
    if found is None:
        run.write("found_segments", empty, by=["customer_id"])
        return _too_few()
    if found.proof is None:
        run.write("found_segments", empty, by=["customer_id"])
        return show_all(_none_stable(found), _how(found, run))
    run.write("found_proof", found.proof.table, by=["measure", "grouping"])
    useful = bool(found.proof.ahead_of_rfm)
    run.write("found_segments", found.customers.assign(proven=useful)[list(COLUMNS)], by=["customer_id"])
    parts = (_sizes(found, run), _grid(found, run), _proof(found, found.proof, run))
    numbers = note(*proof_words.in_numbers(found.proof))
    if useful:
        first = note(sentences.chosen(found), proof_words.advice(found.proof))
        return show_all(first, *parts, folded(_("What each explains, in numbers"), numbers), _how(found, run))
    aside = folded(_("The groups that were found, and what they tell of later behaviour"), *parts, numbers)
    return show_all(note(sentences.without_proof(found)), aside, _how(found, run))


def _limits(base: CustomerBase) -> tuple[float, float]:
    """Give the days without a purchase beyond which no named segment is recent, and every one is away."""
    if base.measure is None or base.measure.limits is None:
        return inf, inf
    recent, away = base.measure.limits.newcomer[:2]
    return recent, away


def _how(found: Found, run: Run) -> Shown:
    """Fold how the segments were looked for: a manager reads what was found."""
    return folded(_("How they were looked for"), _candidates(found, run), _features(found))


def _too_few() -> Shown:
    return insufficient(
        needed=_("{n} known customers who had bought before the last period").format(n=LEAST_CUSTOMERS),
        found=_("fewer"),
        therefore=_("No segments are looked for in the data."),
    )


def _none_stable(found: Found) -> Shown:
    return insufficient(
        needed=_("groups that appear again in random samples of customers, more distinct than chance would make them"),
        found=sentences.none_stable(found.segments.choice),
        therefore=_("No stable segments: the data do not divide into groups beyond the named ones."),
    )


def _sizes(found: Found, run: Run) -> Shown:
    measures = ["order_value", "days_since_last", "spend_share", "spend_low", "spend_high"]
    frame = sizes(found.customers)[["found_name", "customers", "spend", "orders", *measures, "largest"]]
    data = disclose(
        frame,
        labels=["found_name"],
        counts=["customers"],
        based_on="customers",
        measures=measures,
        exact=["spend", "orders"],
        shares={"share": "customers"},
        ranges=["share"],
        means={"orders_each": ("orders", "customers")},
        largest={"spend": "largest"},
        totals=True,
        rules=run.rules,
    )
    columns = {
        "found_name": Shows(_("Segment")),
        "customers": Shows(_("Customers"), "people"),
        "share": Shows(_("Share"), "share", "share_low", "share_high"),
        "spend_share": Shows(_("Share of revenue so far"), "share", "spend_low", "spend_high"),
        "days_since_last": Shows(_("Days since last, median"), "number", decimals=0),
        "orders_each": Shows(_("Orders each"), "number", decimals=1),
        "order_value": Shows(_("Order value"), "money"),
    }
    return table(
        _largest_first(data),
        _("Segments found in the data, named after what sets them apart"),
        columns,
        currency=run.params.currency,
    )


def _largest_first(data: Disclosed) -> Disclosed:
    """Put segments in the order of the customers shown; a hidden number gives nothing away by its place."""
    order = data.frame["customers"].sort_values(ascending=False, kind="stable", na_position="last").index
    frame, mask = (each.loc[order].reset_index(drop=True) for each in (data.frame, data.mask))
    return Disclosed(frame, mask, data.totals, data.rules)


def _grid(found: Found, run: Run) -> Shown:
    labels = found.customers["found_segment"].map(ord).to_numpy() - ord("A")
    nominal = _mixed(found)
    frame = indices(found.segments.recipe, found.seen.mains() if nominal else found.seen, labels)
    frame = frame.assign(name=frame["group"].map(segment_code))
    measures = ["share", "share_all", "index"]
    data = disclose(
        frame[["feature", "name", "found", "people", *measures]], labels=["feature", "name", "found"],
        based_on="people", measures=measures, rules=run.rules,
    )  # fmt: skip
    height = 1.2 + 0.3 * frame["feature"].nunique()
    words = sentences.grid(data.frame, found, run, nominal=nominal)
    return figure(figures.index_grid, data, **words, size=(7.2, height))


def _mixed(found: Found) -> bool:
    partition = found.segments.choice.partition
    return partition is not None and partition.method == WARD


def _proof(found: Found, proof: Proof, run: Run) -> Shown:
    frame = proof.table[["measure", "grouping", "explained", "low", "high"]].assign(people=proof.customers)
    numbers = ["explained", "low", "high"]
    data = disclose(frame, labels=["measure", "grouping"], based_on="people", measures=numbers, rules=run.rules)
    panels = (1, frame["measure"].nunique())
    return figure(figures.proof_dots, data, **proof_words.picture(found, run), panels=panels, size=(7.2, 2.4))


def _candidates(found: Found, run: Run) -> Shown:
    rows = [
        {
            "way": _("{method}, {k} groups").format(method=_(each.method), k=each.groups),
            "stability": each.stability, "low": each.stability_low, "silhouette": each.silhouette,
            "cloud": each.without_groups, "smallest": each.smallest, "useful": each.useful,
            "verdict": sentences.candidate_reason(each),
        }
        for each in sorted(found.segments.choice.candidates, key=lambda c: (not c.chosen, bool(c.fails)))
    ]  # fmt: skip
    numbers = ["stability", "low", "silhouette", "cloud", "smallest", "useful"]
    frame = pd.DataFrame(rows).astype(dict.fromkeys(numbers, "float64")).assign(people=len(found.customers))
    data = disclose(frame, labels=["way", "verdict"], based_on="people", measures=numbers, rules=run.rules)
    columns = {
        "way": Shows(_("Way to divide")),
        "verdict": Shows(_("Verdict")),
        "stability": Shows(_("Stability"), "number", decimals=2, missing=_("not tried")),
        "silhouette": Shows(_("Silhouette"), "number", decimals=2),
        "cloud": Shows(_("Of a cloud"), "number", decimals=2),
        "smallest": Shows(_("Smallest group"), "share", decimals=0),
        "useful": Shows(_("Usefulness"), "share", missing=_("not tried")),
    }
    return table(data, _("What was tried and what became of it"), columns, note=sentences.rule(found, run))


def _features(found: Found) -> Shown:
    frame = feature_rows(found.segments.recipe.features)
    columns = {
        "feature": Shows(_("Features")),
        "transform": Shows(_("Transform")),
        "why": Shows(_("Why")),
    }
    words = _(
        "All are drawn in at their 0.5 and 99.5 % quantiles and standardised; a block of features weighs as much as it "
        "is reliable, however many columns it has; components that hold {share} of the variance enter."
    ).format(share=formats.share(found.segments.recipe.explained, decimals=0))
    return table(
        disclose(frame, labels=list(frame.columns)), _("Features looked at and how they enter"), columns, note=words
    )
