"""Can the data be trusted? A verdict and its reasons, computed from what preparation found."""

from typing import Final, Literal

from crmlib.prep.control_words import agreement
from crmlib.prep.measuring import Quality, measure
from crmlib.prep.reservations import reservations
from crmlib.words import _, formats, plural
from crmlib.workspace import Run

__all__ = ["Quality", "fitness", "measure", "reservations", "verdict"]

Fitness = Literal["fit", "reservations", "unfit"]

TOO_MUCH_SET_ASIDE: Final = 0.10
_MOST_SENTENCES: Final = 5


def fitness(quality: Quality) -> Fitness:
    """Judge: fit for use, with reservations, or not."""
    if quality.last is None or quality.set_aside > TOO_MUCH_SET_ASIDE:
        return "unfit"
    return "reservations" if reservations(quality) else "fit"


def verdict(quality: Quality, run: Run) -> list[str]:
    """Say in sentences whether the data can be used, and why."""
    words = {
        "fit": _("The data are fit for use."),
        "reservations": _("The data can be used, with reservations."),
        "unfit": _("The data are not fit for use."),
    }
    found = reservations(quality) or [_("There is nothing to ask the sources for.")]
    agree = [agreement(quality.held)] if quality.held and all(each.agrees for each in quality.held) else []
    account = " ".join([_account(quality, run.params.currency), *agree])
    shown, rest = found[: _MOST_SENTENCES - 3], found[_MOST_SENTENCES - 3 :]
    return [words[fitness(quality)], account, *shown, *([" ".join(rest)] if rest else [])]


def _account(quality: Quality, currency: str) -> str:
    """Say what became of the lines, and of the money as far as it could be read."""
    if quality.clean == quality.lines_in and not quality.made:
        return _(
            "All {lines} order lines are clean: none had to be set aside, none was delivered twice; lines and money "
            "agree to the last one."
        ).format(lines=formats.count(quality.lines_in))
    said = _("Of {lines} order lines {clean} are clean, {aside}{money} and {merged} merged as "
             "delivered twice{further}; {agree}.")  # fmt: skip
    aside = plural("{n} was set aside", "{n} were set aside", quality.quarantined)
    return said.format(
        lines=formats.count(quality.lines_in),
        clean=formats.count(quality.clean - quality.made),
        aside=aside.format(n=formats.count(quality.quarantined)),
        money=_money_aside(quality, currency),
        merged=formats.count(quality.merged),
        further=_further(quality),
        agree=_agree(quality),
    )


def _money_aside(quality: Quality, currency: str) -> str:
    """Give the money of the lines set aside, where any of it was read."""
    if not quality.quarantined or quality.money_unknown >= quality.quarantined:
        return ""
    return _(" ({money})").format(money=formats.money(quality.money_quarantined, currency))


def _further(quality: Quality) -> str:
    """Say what the parameters left out, and which lines were made of others."""
    said = []
    if quality.left_out:
        said.append(_(", {n} left out as the parameters say").format(n=formats.count(quality.left_out)))
    if quality.made:
        said.append(_(", with {n} made for what was taken back").format(n=formats.count(quality.made)))
    return "".join(said)


def _agree(quality: Quality) -> str:
    """Say that nothing is lost; of money that could not be read, only that it could not."""
    if not quality.money_unknown:
        return _("lines and money agree to the last one")
    words = plural(
        "the money of {n} line could not be read, all else agrees to the last one",
        "the money of {n} lines could not be read, all else agrees to the last one",
        quality.money_unknown,
    )
    return words.format(n=formats.count(quality.money_unknown))
