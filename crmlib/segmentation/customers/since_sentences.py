"""The words around who has bought since, of those who stood somewhere one horizon ago."""

from itertools import pairwise

from crmlib.privacy.disclosure import Disclosed
from crmlib.reporting import Shows
from crmlib.segmentation.customers.lifecycle import stage_label
from crmlib.segmentation.customers.limits import FEW_RETURN
from crmlib.words import _, formats
from crmlib.workspace import Run


def since_column(run: Run) -> Shows:
    """Give the column of the share that has bought since, of those who stood somewhere one horizon ago."""
    label = _("Bought since, of those here {days} days ago").format(days=run.params.churn.horizon_days)
    return Shows(label, "share", "since_low", "since_high", decimals=0, missing=_("none here then"))


def told_apart(shown: Disclosed, p: float, run: Run) -> str:
    """Say whether where a customer stood told anything about who has bought since.

    Parameters
    ----------
    shown
        What the table shows: ``name, since``.
    p
        From :func:`crmlib.segmentation.customers.since.differ`.
    run
        The run.
    """
    seen = shown.frame.dropna(subset=["since"]).sort_values("since", kind="stable")
    if not p < 0.05 or len(seen) < 2:
        return _("Who has bought since does not hang on where customers stood, as far as can be seen.")
    low, high = seen.iloc[0], seen.iloc[-1]
    words = _(
        "Where a customer stood told what came next: {high} of {best} have bought in the {days} days since, "
        "{low} of {worst}."
    )
    if shown.mask["since"].any():
        words = _(
            "Where a customer stood told what came next: of those that can be shown, {high} of {best} have bought in "
            "the {days} days since, {low} of {worst}."
        )
    return words.format(
        high=_whole(high["since"]), best=high["name"], days=run.params.churn.horizon_days, low=_whole(low["since"]),
        worst=low["name"],
    )  # fmt: skip


def overdue_rank(shown: Disclosed, run: Run) -> str:
    """Warn where customers of a later stage of being overdue came back no less than those of an earlier one."""
    since = shown.frame.set_index("name")["since"]
    stages = [stage_label(code) for code in ("at_risk", "dormant", "lost")]
    wrong = [(late, early) for early, late in pairwise(stages) if since.get(late, 0) >= since.get(early, 1) > 0]
    if not wrong:
        return ""
    late, early = wrong[0]
    return _(
        "In these {days} days the overdue stages did not rank: {late} came back no less ({more}) than {early} ({less})."
    ).format(
        days=run.params.churn.horizon_days, late=late, early=early, more=_whole(since[late]), less=_whole(since[early])
    )


def lost_come_back(shown: Disclosed, run: Run) -> str:
    """Warn where more of the lost have bought since than the word allows; empty where they have not."""
    lost = shown.frame[shown.frame["name"] == stage_label("lost")]
    if lost.empty or not lost["since_low"].iloc[0] > FEW_RETURN:
        return ""
    return _(
        "{share} of the lost have come back: here lost means long overdue, not gone, or these {days} days lay in a "
        "season that brings customers back."
    ).format(share=_whole(lost["since"].iloc[0]), days=run.params.churn.horizon_days)


def _whole(value: float) -> str:
    """Write a share in whole per cent, as the table does."""
    return formats.share(value, decimals=0)
