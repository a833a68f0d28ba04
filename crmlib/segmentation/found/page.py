"""Segments found in the data: what to use them for, what they are like, and how they were looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import folded, insufficient, note, show_all
from crmlib.segmentation.found.advice import advice, in_numbers, proof_shown
from crmlib.segmentation.found.finding import LEAST_CUSTOMERS
from crmlib.segmentation.found.likeness import indices_shown, sizes_shown
from crmlib.segmentation.found.search import search_shown, why_none
from crmlib.words import _, plural

if TYPE_CHECKING:
    from crmlib.reporting import Shown
    from crmlib.segmentation.found.finding import Found
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

COLUMNS: Final = ("customer_id", "found_segment", "found_name", "proven")
"""Columns of the table ``found_segments``, one row a customer."""


def show_found_segments(found: Study, run: Run) -> Shown:
    """Show the segments found in the data, how they were chosen and whether they matter; write ``found_segments``.

    The proof is written to ``found_proof``. What to use them for comes first. Where they tell nothing of later
    behaviour better than the named segments, that is said and they are folded away.
    """
    segments = found.found_segments
    if segments is None or segments.proof is None:
        run.write("found_segments", pd.DataFrame(columns=list(COLUMNS), dtype="str"), by=["customer_id"])
        return _too_few(run) if segments is None else show_all(_none_stable(segments, run), search_shown(segments, run))
    run.write("found_proof", segments.proof.table, by=["measure", "grouping"])
    table = segments.customers.assign(proven=segments.proven)[list(COLUMNS)]
    run.write("found_segments", table, by=["customer_id"])
    parts = (
        sizes_shown(segments, run),
        indices_shown(segments.indices, segments, run),
        proof_shown(segments.proof, segments, run),
    )
    numbers = note(*in_numbers(segments.proof, run))
    if segments.proven:
        first = note(what_was_found(segments, run), advice(segments.proof, run))
        numbers = folded(_("What each explains, in numbers"), numbers)
        return show_all(first, *parts, numbers, search_shown(segments, run))
    aside = folded(_("The groups that were found, and what they tell of later behaviour"), *parts, numbers)
    return show_all(note(what_was_found(segments, run)), aside, search_shown(segments, run))


def _too_few(run: Run) -> Shown:
    return insufficient(
        needed=run.say(_("{n:count} known customers who had bought before the last period"), n=LEAST_CUSTOMERS),
        found=_("fewer"),
        therefore=_("No segments are looked for in the data."),
    )


def _none_stable(found: Found, run: Run) -> Shown:
    return insufficient(
        needed=_("groups that appear again in random samples of customers, more distinct than chance would make them"),
        found=why_none(found.segments.choice, run),
        therefore=_("No stable segments: the data do not divide into groups beyond the named ones."),
    )


def what_was_found(found: Found, run: Run) -> str:
    """Say which segments there are and what makes them more than a way to cut customers up, or that nothing does."""
    words = _(
        "{k:count} groups can be found in what customers had done before {day:day}, but they tell nothing of the "
        "{days:count} days after better than the named segments do. Keep to the named segments: the groups found serve "
        "for no decision."
    )
    if found.proven:
        words = _(
            "In what customers had done before {day:day}, {k:count} segments are found. The same groups appear when "
            "the analysis is repeated on random samples of customers, and are more distinct than chance would make "
            "them."
        )
    groups = found.segments.groups
    said = run.say(words, k=groups, day=found.segments.cutoff, days=found.horizon_days)
    empty = groups - found.customers["found_segment"].nunique()
    if not empty:
        return said
    unlisted = plural(
        "{n:count} of them has no customer today and is not listed.",
        "{n:count} of them have no customer today and are not listed.",
        empty,
    )
    return said + " " + run.say(unlisted, n=empty)
