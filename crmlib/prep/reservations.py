"""What a reader of the data must keep in mind, and what to ask the sources for: a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.prep.control_words import difference_sentences
from crmlib.prep.holes import hole_words
from crmlib.words import _, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmlib.prep.study import Study
    from crmlib.workspace import Run

MOST_SET_ASIDE: Final = 0.01
"""Share of lines set aside up to which the data are fit: a hundredth moves no figure much."""
FEWEST_KNOWN: Final = 0.5
"""Share of lines with a customer under which customer figures stand for a minority of sales."""
FEWEST_MATCHED: Final = 0.5
"""Share of the money given back whose purchase is found, under which net sales by product or day mislead."""
_MOST_NAMES: Final = 5


def reservations(found: Study, run: Run) -> list[str]:
    """List what a reader must keep in mind and what to ask the source for, a sentence each.

    What speaks against the mapping comes first, then what the shop's books say otherwise.
    """
    if found.seen.last is None:
        return [_("No order line lies before the end of the period; ask for the files of the period, or move its end.")]
    return [
        *found.done.doubts,
        *difference_sentences(found.held, run.say),
        *_of_lines(found, run),
        *_missing(found, run),
        *_changed(found, run),
        *_unmatched(found.composition.matched_share, run),
    ]


def _of_lines(found: Study, run: Run) -> Iterator[str]:
    """Say which lines were set aside, have no money that can be read, lie years ahead, or name no customer."""
    if found.set_aside > MOST_SET_ASIDE:
        words = _("{share:share} of the order lines were set aside; ask the source to deliver them again, corrected.")
        yield run.say(words, share=found.set_aside)
    # where no other line takes goods back
    if found.lines["money_unknown"] and not found.composition.money("return"):
        words = plural(
            "The money of {n:count} line could not be read; it may be what was taken back.",
            "The money of {n:count} lines could not be read; it may be what was taken back.",
            found.lines["money_unknown"],
        )
        yield run.say(words, n=found.lines["money_unknown"])
    if found.far_ahead:
        words = plural(
            "{n:count} line is dated a year or more beyond all the others and was set aside; ask the source for its "
            "date.",
            "{n:count} lines are dated a year or more beyond all the others and were set aside; ask the source for "
            "their dates.",
            found.far_ahead,
        )
        yield run.say(words, n=found.far_ahead)
    if found.seen.known is not None and found.seen.known < FEWEST_KNOWN:
        words = _("Only {share:share} of the lines carry a customer: figures of customers stand for the smaller part.")
        yield run.say(words, share=found.seen.known)


def _missing(found: Study, run: Run) -> Iterator[str]:
    """Say that the period is not complete, and in which stretches before its last line sales are missing."""
    if found.is_late:
        words = _("The last line is of {day:day}: the period is not complete; ask for the rest.")
        yield run.say(words, day=found.seen.last)
    yield from hole_words(found.gaps[found.gaps["start"] <= found.seen.last], run.say)


def _changed(found: Study, run: Run) -> Iterator[str]:
    """Say what vanished since the last run, and what a line is worth now, where that moved much."""
    if found.changes is not None:
        period, rows = found.changes
        gone = rows.loc[rows["change"] == "vanished", "name"].tolist()
        if gone:
            names = ", ".join(gone[:_MOST_NAMES]) + (_(" and more") if len(gone) > _MOST_NAMES else "")
            words = _("Gone since the run for {period}: {names}; ask the source whether that is meant.")
            yield run.say(words, period=period, names=names)
    moved = found.movements
    if ((moved["kind"] == "amount") & (moved["verdict"] == "moved_much")).any():
        yield _("The money of a line moved much since the month before; ask whether prices or units changed.")


def _unmatched(share: float | None, run: Run) -> Iterator[str]:
    if share is not None and share < FEWEST_MATCHED:
        words = _(
            "Only {share:share} of the money given back finds the purchase it undoes; ask for the order number of "
            "returns."
        )
        yield run.say(words, share=share)
