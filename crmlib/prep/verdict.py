"""Can the data be trusted? A verdict, and what a reader must keep in mind and ask the sources for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from crmlib.prep import measures
from crmlib.prep.control_words import agreement, difference_sentences
from crmlib.prep.holes import hole_words
from crmlib.reporting import Shown, answer, record_headlines, show_headlines
from crmlib.words import _, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmlib.prep.study import Study
    from crmlib.workspace import Run


Fitness = Literal["fit", "reservations", "unfit"]

TOO_MUCH_SET_ASIDE: Final = 0.10
_GRADES: Final[dict[Fitness, int]] = {"fit": 2, "reservations": 1, "unfit": 0}
_MOST_SENTENCES: Final = 5
MOST_SET_ASIDE: Final = 0.01
"""Share of lines set aside up to which the data are fit: a hundredth moves no figure much."""
FEWEST_KNOWN: Final = 0.5
"""Share of lines with a customer under which customer figures stand for a minority of sales."""
FEWEST_MATCHED: Final = 0.5
"""Share of the money given back whose purchase is found, under which net sales by product or day mislead."""
_MOST_NAMES: Final = 5


def fitness(found: Study, run: Run) -> Fitness:
    """Judge: fit for use, with reservations, or not."""
    if found.seen.last is None or found.set_aside > TOO_MUCH_SET_ASIDE:
        return "unfit"
    return "reservations" if reservations(found, run) else "fit"


def show_answer(found: Study, run: Run) -> Shown:
    """Say whether the data can be used, and why."""
    return answer(*verdict(found, run))


def show_key_figures(found: Study, run: Run) -> Shown | None:
    """Record and show the headline numbers of the data, and record what the manifest must warn of."""
    now, before = found.seen, found.seen_before
    # where no line lies before, there is no month before to compare with
    lines, revenue = (before.lines, before.revenue) if before.lines else (None, None)
    run.caution(measures.CHAPTER, reservations(found, run))
    grade = measures.FIT_FOR_USE.headline(_GRADES[fitness(found, run)])
    record_headlines([grade], run, measures.CHAPTER)
    headlines = [
        measures.LINES_SEEN.headline(now.lines, previous=lines),
        measures.MONEY_SEEN.headline(now.revenue, previous=revenue),
        measures.SET_ASIDE.headline(found.set_aside),
        measures.WITH_CUSTOMER.headline(now.known, previous=before.known),
    ]
    return show_headlines(headlines, run, measures.CHAPTER)


def verdict(found: Study, run: Run) -> list[str]:
    """Say in sentences whether the data can be used, and why."""
    words = {
        "fit": _("The data are fit for use."),
        "reservations": _("The data can be used, with reservations."),
        "unfit": _("The data are not fit for use."),
    }
    reasons = reservations(found, run) or [_("There is nothing to ask the sources for.")]
    agree = [agreement(found.held, run.say)] if found.held and all(figure.agrees for figure in found.held) else []
    account = " ".join([_account(found, run), *agree])
    shown, rest = reasons[: _MOST_SENTENCES - 3], reasons[_MOST_SENTENCES - 3 :]
    return [words[fitness(found, run)], account, *shown, *([" ".join(rest)] if rest else [])]


def _account(found: Study, run: Run) -> str:
    """Say what became of the lines, and of the money as far as it could be read."""
    lines = found.lines
    if lines["clean"] == lines["lines_in"] and not lines["made"]:
        words = _(
            "All {lines:count} order lines are clean: none had to be set aside, none was delivered twice; lines and "
            "money agree to the last one."
        )
        return run.say(words, lines=lines["lines_in"])
    words = _(
        "Of {lines:count} order lines {clean:count} are clean, {aside}{money} and {merged:count} merged as delivered "
        "twice{further}; {agree}."
    )
    aside = plural("{n:count} was set aside", "{n:count} were set aside", lines["quarantined"])
    return run.say(
        words,
        lines=lines["lines_in"],
        clean=lines["clean"] - lines["made"],
        aside=run.say(aside, n=lines["quarantined"]),
        money=_money_aside(found, run),
        merged=lines["merged"],
        further=_further(found, run),
        agree=_agree(lines["money_unknown"], run),
    )


def _money_aside(found: Study, run: Run) -> str:
    """Give the money of the lines set aside, where any of it was read."""
    if found.lines["money_unknown"] >= found.lines["quarantined"]:
        return ""
    return run.say(_(" ({money:money})"), money=found.lines["money_quarantined"])


def _further(found: Study, run: Run) -> str:
    """Say what the parameters left out, and which lines were made of others."""
    words = {
        "left_out": _(", {n:count} left out as the parameters say"),
        "made": _(", with {n:count} made for what was taken back"),
    }
    return "".join(run.say(clause, n=found.lines[name]) for name, clause in words.items() if found.lines[name])


def _agree(unknown: int, run: Run) -> str:
    """Say that nothing is lost; of money that could not be read, only that it could not."""
    if not unknown:
        return _("lines and money agree to the last one")
    words = plural(
        "the money of {n:count} line could not be read, all else agrees to the last one",
        "the money of {n:count} lines could not be read, all else agrees to the last one",
        unknown,
    )
    return run.say(words, n=unknown)


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
