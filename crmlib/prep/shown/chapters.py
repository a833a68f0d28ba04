"""What the next chapters can say on these data, and what they lack."""

import pandas as pd

from crmlib.chapters import chapter
from crmlib.prep.sufficiency import Gate, gates
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, table
from crmlib.words import _, formats
from crmlib.workspace import Run


def chapters_table(run: Run) -> Shown:
    """Show for each part of the later chapters what it needs, what there is, and whether that is enough."""
    verdicts = {"enough": _("has what it needs"), "too_little": _("too little"), "absent": _("not delivered")}
    found = gates(run)
    frame = pd.DataFrame(
        {
            "part": [each.part for each in found],
            "chapter": [chapter(each.chapter).title for each in found],
            "page": [chapter(each.chapter).page for each in found],
            "needed": [_written(each, each.needed, run) for each in found],
            "found": [_written(each, each.found, run) for each in found],
            "verdict": [verdicts[each.verdict] for each in found],
        }
    )
    return table(
        disclose(frame, labels=list(frame.columns), rules=run.rules),
        _("What the next chapters need and have"),
        {
            "part": Shows(_("For")),
            "chapter": Shows(_("Chapter"), link="page"),
            "needed": Shows(_("Needed")),
            "found": Shows(_("Found")),
            "verdict": Shows(_("Verdict")),
        },
        note=_("A part that has too little says so in its chapter and shows nothing. Numbers of people are rounded."),
    )


def _written(gate: Gate, value: float | None, run: Run) -> str:
    """Write a number of a gate; numbers of people as the disclosure gate allows."""
    if value is None:
        return "–"
    if gate.unit != "people":
        words = {"months": _("{n} months"), "days": _("{n} days"), "count": _("{n}")}[gate.unit]
        return words.format(n=formats.count(value))
    if value < run.rules.threshold:
        return _("fewer than {n}").format(n=run.rules.threshold)
    # what is needed is a limit, nobody's number
    shown = value if value == gate.needed else run.rules.rounded(value)
    return formats.count(shown)
