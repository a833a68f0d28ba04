"""Sentences on a page: the answer, a note, the honest "not enough to say", and what is folded behind one line."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from crmlib.reporting.shown import NOTHING, Shown, show_all
from crmlib.stats.sampling import MOST
from crmlib.words import _
from crmlib.words.formats import NBSP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmlib.workspace import Run

_UNITS: Final = re.compile(r"(?<=\d) (?=%|M\b)|(?<=\bn) (?== \d)|(?<=\bn =) (?=\d)|(?<=\bn\u00a0=) (?=\d)")


def together(sentence: str) -> str:
    r"""Keep a number and its unit on one line."""
    return _UNITS.sub(NBSP, sentence)


def returns_not_known() -> str:
    """Say that returns cannot be told; see :func:`crmlib.features.returns_known`."""
    return _("What was taken back is not known: no source tells returns.")


def estimated_on(customers: int, run: Run, most: int = MOST) -> list[str]:
    """Say that a sample of so many customers was estimated on; nothing where all of them were.

    See :func:`crmlib.stats.sampling.sampled`.
    """
    words = _(
        "Estimated on {most:count} of {n:people} customers, drawn by a hash of their pseudonyms, and applied to all."
    )
    return [run.say(words, most=most, n=customers)] if customers > most else []


def answer(*sentences: str) -> Shown:
    """Give the chapter's answer, in one to three sentences with the numbers in them; the first is the headline.

    Raises
    ------
    ValueError
        If there is none, or there are more than five.

    Examples
    --------
    >>> answer("Of 2,840 active customers 41.2 % will not buy again within 60 days.", "Most are one-time buyers.")
    Of 2,840 active customers 41.2 % will not buy again within 60 days.
    Most are one-time buyers.
    """
    if not 1 <= len(sentences) <= 5 or not all(s.strip() for s in sentences):
        raise ValueError(f"an answer is one to five sentences, found {len(sentences)}")
    lines = "".join(f"<p>{escape(together(sentence))}</p>" for sentence in sentences)
    return Shown("answer", f'<div class="crm-answer">{lines}</div>', "\n".join(sentences), words=sentences)


def note(*sentences: str) -> Shown:
    """Say a sentence or two about what was just shown.

    Examples
    --------
    >>> note("Season cannot be learned from one year.")
    Season cannot be learned from one year.
    """
    lines = "".join(f"<p>{escape(together(sentence))}</p>" for sentence in sentences)
    return Shown("note", f'<div class="crm-note">{lines}</div>', "\n".join(sentences), words=sentences)


def insufficient(*, needed: str, found: str, therefore: str) -> Shown:
    """Say that the evidence is not enough: what was needed, what was found, and what is therefore not shown.

    Examples
    --------
    >>> insufficient(
    ...     needed="a table of survey answers", found="none in the parameters", therefore="No satisfaction is reported."
    ... )
    No satisfaction is reported. Needed: a table of survey answers. Found: none in the parameters.
    """
    basis = _("Needed: {needed}. Found: {found}.").format(needed=needed.rstrip("."), found=found.rstrip("."))
    lines = f"<p><b>{escape(together(therefore))}</b></p><p>{escape(together(basis))}</p>"
    html = f'<div class="crm-insufficient" role="note">{lines}</div>'
    return Shown("insufficient", html, f"{therefore} {basis}", words=(therefore, basis))


def nothing(why: str) -> Shown:
    """Show nothing on the page, where another place says what is missing; the reason stands in the notebook.

    Examples
    --------
    >>> nothing("no survey was delivered")
    (nothing to show: no survey was delivered)
    """
    return Shown(NOTHING, "", _("(nothing to show: {why})").format(why=why))


def folded(summary: str, *parts: Shown) -> Shown:
    """Fold shown objects behind a line that says what they are; paper shows them only where an answer is among them."""
    if not summary.strip() or not parts:
        raise ValueError("say what is folded, and fold something")
    inside = show_all(*parts)
    html = f'<details class="crm-fold"><summary>{escape(summary)}</summary>{inside.html}</details>'
    return Shown("group", html, f"{summary}\n{inside.text}", inside.data, inside.words)


def behind(first: Shown, *more: Shown) -> Shown:
    """Fold a picture or a note, and what goes with it, behind its own finding; what has nothing to show stays as it is.

    Examples
    --------
    >>> behind(note("A second purchase comes from 39 % within 30 days.", "Half of all won by day 48."))
    A second purchase comes from 39 % within 30 days.
    Half of all won by day 48.
    """
    if not first.words or first.kind in {NOTHING, "insufficient"}:
        return show_all(first, *more)
    inside = show_all(first, *more)
    html = (
        f'<details class="crm-fold crm-finding"><summary>{escape(together(first.words[0]))}</summary>'
        f"{inside.html}</details>"
    )
    return Shown("group", html, inside.text, inside.data, inside.words)


def definitions(summary: str, items: Iterable[tuple[str, str]]) -> Shown:
    """Fold a list of words and what they mean."""
    pairs = list(items)
    rows = "".join(f"<li><b>{escape(word)}</b>: {escape(meaning)}</li>" for word, meaning in pairs)
    return folded(
        summary, Shown("note", f"<ul>{rows}</ul>", "\n".join(f"{word}: {meaning}" for word, meaning in pairs))
    )
