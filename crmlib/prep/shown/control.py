"""The report held to the shop's own books, figure by figure."""

import pandas as pd

from crmlib.prep.control import MONEY
from crmlib.prep.control_words import agreement, difference_sentences, explained, measure_label, period_label
from crmlib.prep.measuring import Quality
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, table
from crmlib.words import _
from crmlib.workspace import Run

MOST_ROWS = 500
"""So many figures of the books are listed, those that differ first."""


def control_shown(quality: Quality, run: Run) -> tuple[Shown, ...]:
    """Show the books beside the report, where the parameters have books of a month or day that is over; else nothing.

    Figures that differ come first. A source's figures stand below those of all sources.
    """
    if not quality.held:
        return ()
    held = sorted(quality.held, key=lambda each: each.agrees)[:MOST_ROWS]
    frame = pd.DataFrame({
        "figure": [", ".join(filter(None, [measure_label(each.measure), each.source])) for each in held],
        "period": [period_label(each.period) for each in held],
        "kind": ["money" if each.measure in MONEY else "count" for each in held],
        "books": [float(each.books) for each in held],
        "report": [None if each.report is None else float(each.report) for each in held],
        "difference": [None if each.difference is None else float(each.difference) for each in held],
        "why": [explained(each) or "–" for each in held],
    })  # fmt: skip
    data = disclose(
        frame, labels=["figure", "period", "kind", "why"], exact=["books", "report", "difference"], rules=run.rules
    )
    numbers = {"books": _("Books"), "report": _("Report"), "difference": _("Difference")}
    columns = {
        "figure": Shows(_("Figure")),
        "period": Shows(_("Month or day")),
        **{name: Shows(label, "number", kind_from="kind", decimals=2) for name, label in numbers.items()},
        **({"why": Shows(_("Which is"))} if any(map(explained, held)) else {}),
    }
    said = difference_sentences(quality.held, quality.currency) or [agreement(quality.held)]
    caption = _("Held against the shop's books")
    return (table(data, caption, columns, currency=quality.currency, note=" ".join(said)),)
