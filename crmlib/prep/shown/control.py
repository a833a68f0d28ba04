"""The report held to the shop's own books, figure by figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.prep.control import MONEY
from crmlib.prep.control_words import agreement, difference_sentences, explained, measure_label, period_label
from crmlib.reporting import Shown, exact, gate, label
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.prep.control import Held
    from crmlib.workspace import Run

MOST_ROWS: Final = 500
"""So many figures of the books are listed, those that differ first."""


def books_tables(held: Sequence[Held], run: Run) -> tuple[Shown, ...]:
    """Show the books beside the report, where the parameters have books of a month or day that is over; else nothing.

    Figures that differ come first. A source's figures stand below those of all sources.
    """
    if not held:
        return ()
    listed = sorted(held, key=lambda each: each.agrees)[:MOST_ROWS]
    frame = pd.DataFrame({
        "figure": [", ".join(filter(None, [measure_label(each.measure), each.source])) for each in listed],
        "period": [period_label(each.period, run.say) for each in listed],
        "kind": ["money" if each.measure in MONEY else "count" for each in listed],
        "books": [float(each.books) for each in listed],
        "report": [None if each.report is None else float(each.report) for each in listed],
        "difference": [None if each.difference is None else float(each.difference) for each in listed],
        "why": [explained(each, run.say) or "–" for each in listed],
    })  # fmt: skip
    numbers = {"books": _("Books"), "report": _("Report"), "difference": _("Difference")}
    gated = gate(
        frame, run,
        label("figure", _("Figure")),
        label("period", _("Month or day")),
        label("kind"),
        *(exact(name, heading, "number", kind_from="kind", decimals=2) for name, heading in numbers.items()),
        label("why", _("Which is") if (frame["why"] != "–").any() else ""),
    )  # fmt: skip
    said = difference_sentences(held, run.say) or [agreement(held, run.say)]
    return (gated.table(_("Held against the shop's books"), note=" ".join(said)),)
