"""What a reader of the data must keep in mind, and what to ask the sources for: a sentence each."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from crmlib.prep.control_words import difference_sentences
from crmlib.prep.measuring import Quality
from crmlib.words import _, formats, plural

MOST_SET_ASIDE: Final = 0.01
"""Share of lines set aside up to which the data are fit: a hundredth moves no figure much."""
FEWEST_KNOWN: Final = 0.5
"""Share of lines with a customer under which customer figures stand for a minority of sales."""
FEWEST_MATCHED: Final = 0.5
"""Share of the money given back whose purchase is found, under which net sales by product or day mislead."""
_MOST_NAMES: Final = 5


def reservations(quality: Quality) -> list[str]:
    """List what a reader must keep in mind and what to ask the source for, a sentence each.

    What speaks against the mapping comes first, then what the shop's books say otherwise.
    """
    if quality.last is None:
        return [_("No order line lies before the end of the period; ask for the files of the period, or move its end.")]
    return [
        *quality.doubts,
        *difference_sentences(quality.held, quality.currency),
        *_set_aside(quality),
        *_unread(quality),
        *_far_ahead(quality),
        *_known(quality),
        *_missing(quality),
        *_changed(quality),
        *_unmatched(quality),
    ]


def _set_aside(quality: Quality) -> Iterator[str]:
    if quality.set_aside > MOST_SET_ASIDE:
        words = _("{share} of the order lines were set aside; ask the source to deliver them again, corrected.")
        yield words.format(share=formats.share(quality.set_aside))


def _unread(quality: Quality) -> Iterator[str]:
    """Say that money is in question: lines whose money cannot be read, where no other line takes goods back."""
    if quality.money_unknown and not quality.composition.money("return"):
        words = plural(
            "The money of {n} line could not be read; it may be what was taken back.",
            "The money of {n} lines could not be read; it may be what was taken back.",
            quality.money_unknown,
        )
        yield words.format(n=formats.count(quality.money_unknown))


def _far_ahead(quality: Quality) -> Iterator[str]:
    if quality.far_ahead:
        words = plural(
            "{n} line is dated a year or more beyond all the others and was set aside; ask the source for its date.",
            "{n} lines are dated a year or more beyond all the others and were set aside; ask the source for their "
            "dates.",
            quality.far_ahead,
        )
        yield words.format(n=formats.count(quality.far_ahead))


def _known(quality: Quality) -> Iterator[str]:
    if quality.known < FEWEST_KNOWN:
        words = _("Only {share} of the lines carry a customer: figures of customers stand for the smaller part.")
        yield words.format(share=formats.share(quality.known))


def _missing(quality: Quality) -> Iterator[str]:
    """Say that the period is not complete, and in which stretches before its last line sales are missing."""
    if quality.is_late:
        words = _("The last line is of {day}: the period is not complete; ask for the rest.")
        yield words.format(day=formats.day(quality.last))
    yield from hole_words(quality.gaps[quality.gaps["start"] <= quality.last])


def hole_words(inside: pd.DataFrame) -> Iterator[str]:
    """Say on how many days sales are missing, and from when to when; see :func:`crmlib.prep.holes.holes`."""
    if inside.empty:
        return
    total, longest = int(inside["days"].sum()), inside.loc[inside["days"].idxmax()]
    words = plural(
        "On {n} day that usually has sales there is none, {first}; ask whether a file is missing.",
        "On {n} days that usually have sales there are none, the longest time from {first} to {last}; ask whether "
        "files are missing.",
        total,
    )
    if total > 1 and len(inside) == 1:
        words = _("On {n} days from {first} to {last}, which usually have sales, there are none; ask for their files.")
    yield words.format(n=formats.count(total), first=formats.day(longest["start"]), last=formats.day(longest["end"]))


def _changed(quality: Quality) -> Iterator[str]:
    """Say what vanished since the last run, and what a line is worth now, where that moved much."""
    if quality.changes is not None:
        period, rows = quality.changes
        gone = rows.loc[rows["change"] == "vanished", "name"].tolist()
        if gone:
            told = ", ".join(gone[:_MOST_NAMES]) + (_(" and more") if len(gone) > _MOST_NAMES else "")
            words = _("Gone since the run for {period}: {names}; ask the source whether that is meant.")
            yield words.format(period=period, names=told)
    moved = quality.movements
    if ((moved["kind"] == "amount") & (moved["verdict"] == "moved_much")).any():
        yield _("The money of a line moved much since the month before; ask whether prices or units changed.")


def _unmatched(quality: Quality) -> Iterator[str]:
    share = quality.composition.matched_share
    if share is not None and share < FEWEST_MATCHED:
        words = _(
            "Only {share} of the money given back finds the purchase it undoes; ask for the order number of returns."
        )
        yield words.format(share=formats.share(share))
