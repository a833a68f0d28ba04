"""Watching the model: has what it sees changed, and did what it foresaw come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.churn.watch.realised import LIKELY, realised_of
from crmlib.churn.watch.stability import CHANGES, SCORE, name_of, stability_of
from crmlib.reporting import Shown, estimate, folded, gate, insufficient, label, people, rate
from crmlib.stats.intervals import proportion
from crmlib.words import _
from crmlib.words.saying import sentence_start

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from crmlib.churn.study import Study
    from crmlib.workspace import Run

MOST: Final = 6
"""So many of the numbers that changed most are shown."""


def show_watching(found: Study, run: Run) -> Shown:
    """Show, behind one line with the finding, whether scores have drifted and the list of one horizon ago held."""
    stability, followed = stability_of(found), realised_of(found, run)
    parts, said = [], []
    if SCORE in set(stability["name"]) and not run.too_few(stability["customers"].min()):
        parts.append(_stability_table(stability, run))
        said.append(stability_sentence(stability, run))
    if followed is not None and not run.too_few(followed[0]["customers"].sum()):
        rows, cutoff, published = followed
        parts.append(_realised_table(rows, cutoff, found, run, published=published))
        said.append(realised_sentence(rows, run))
    if not parts:
        return insufficient(
            needed=_("scores of a month ago, or a list whose horizon is over"),
            found=_("neither"),
            therefore=_("Whether the model still holds cannot be watched yet."),
        )
    return folded(sentence_start("; ".join(said)), *parts)


def stability_sentence(stability: pd.DataFrame, run: Run) -> str:
    """Say whether the score is spread as a month ago, and how many of the features are not."""
    features = stability[stability["name"] != SCORE]
    moved = int((~features["change"].isin(["as_before", "little"])).sum())
    words = {
        "as_before": _("the scores are spread as a month ago"),
        "little": _("the scores are spread nearly as a month ago"),
        "other": _("the scores are spread otherwise than a month ago"),
        "very_other": _("the scores are spread quite otherwise than a month ago"),
    }[stability["change"].iloc[0]]
    if not moved:
        return words
    return run.say(_("{words}, {n:count} of {all:count} features otherwise"), words=words, n=moved, all=len(features))


def realised_sentence(rows: pd.DataFrame, run: Run) -> str:
    """Say whether as many of the list of one horizon ago left as it foresaw."""
    likely = rows[rows["group"] == LIKELY]
    if likely.empty or run.too_few(likely["customers"].iloc[0]):
        return _("nobody was likely to leave a horizon ago")
    left = proportion(int(likely["churned"].iloc[0]), int(likely["customers"].iloc[0]))
    foreseen = float(likely["expected"].iloc[0])
    words = _("of the likely leavers of a horizon ago {left:share0:point} left, as foreseen ({foreseen:share0})")
    if left.excludes(foreseen):
        words = _(
            "of the likely leavers of a horizon ago {left:share0:point} left, more than foreseen ({foreseen:share0})"
        )
        if left.value < foreseen:
            words = _(
                "of the likely leavers of a horizon ago {left:share0:point} left, less than foreseen "
                "({foreseen:share0})"
            )
    return run.say(words, left=left, foreseen=foreseen)


def _stability_table(stability: pd.DataFrame, run: Run) -> Shown:
    rows = stability.head(MOST)
    rows = rows.assign(
        name=[sentence_start(name_of(name)) for name in rows["name"]],
        change=[_(CHANGES[code]) for code in rows["change"]],
    )
    gated = gate(
        rows, run,
        label("name", _("Active customers")),
        estimate("index", _("Stability index"), "number", of="customers", decimals=3),
        estimate("by_chance", _("By chance up to"), "number", of="customers", decimals=3),
        label("change", _("Spread")),
    )  # fmt: skip
    note = _(
        "The population stability index, against a month ago computed from today's data; chance alone passes the limit "
        "one time in twenty. The trade calls an index above 0.1 a change, above 0.25 one to look into."
    )
    return gated.table(_("What has changed most since a month ago"), note=note)


def _realised_table(rows: pd.DataFrame, cutoff: date, found: Study, run: Run, *, published: bool) -> Shown:
    words = {LIKELY: run.say(_("above {least:share0}"), least=found.least_risk), "other": _("all others active")}
    gated = gate(
        rows, run,
        label("group", _("Probability then")), people("customers", _("Customers")), people("churned"),
        estimate("expected", _("Foreseen to leave"), of="customers"),
        rate("left", _("Left"), per=("churned", "customers")),
    ).worded("group", words)  # fmt: skip
    caption = _("The list published as of {day:day}, and what came")
    if not published:
        caption = _("The list as it would have been on {day:day}, and what came")
    return gated.table(run.say(caption, day=cutoff))
