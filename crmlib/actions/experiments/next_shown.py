"""What we learn next, on the page: how many of which action are left out, what would show and when, what that costs."""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.actions.experiments.arms import CONTACT
from crmlib.actions.experiments.kept import keep_list, plan_of
from crmlib.reporting import Shown, exact, folded, gate, label, largest_part, note, people, show_all
from crmlib.stats.sizing import visible_fall, visible_money
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.actions.experiments.results import LastList
    from crmlib.actions.study import Study
    from crmlib.workspace import Run


MOST_MONTHS: Final = 24
"""More months than this are too many to wait for."""


def learning(listed: pd.DataFrame) -> pd.DataFrame:
    """Count who is left out of each action and what that shows and costs, the largest first, all together last.

    ``action, contacted, left_out, likely`` (the fall of the share who stay away that the effect expected means),
    ``visible`` (the least that shows; missing where none does), ``cost`` (the expected gain of those left out),
    ``largest`` (the largest customer's part of it). Who keeps an arm of an earlier list is not counted.
    """
    drawn = listed[listed["stratum"] != ""]
    rows = [_row(str(action), part) for action, part in drawn.groupby("action")]
    columns = list(_row("", drawn)) if len(drawn) else ["action", "contacted", "left_out", "likely", "visible", "cost"]
    frame = pd.DataFrame(rows, columns=columns).sort_values("contacted", ascending=False, kind="stable")
    return pd.concat([frame, pd.DataFrame([_row("", drawn)])], ignore_index=True) if len(drawn) else frame


def _row(action: str, part: pd.DataFrame) -> dict[str, object]:
    alone = part[part["arm"] != CONTACT]
    risk, effect = (float(part[name].astype("float64").mean()) for name in ("churn_probability", "effect"))
    gain = alone["expected_gain"].astype("float64")
    visible = visible_fall(risk, len(part) - len(alone), len(alone))
    return {
        "action": action, "contacted": len(part) - len(alone), "left_out": len(alone), "likely": risk * effect,
        "visible": float("nan") if visible is None else visible, "cost": float(gain.sum(min_count=1)),
        "largest": largest_part(gain.fillna(0.0).clip(lower=0)),
    }  # fmt: skip


def show_next(found: Study, run: Run) -> Shown:
    """Say what the list of this month will tell, and when; keep the list and the plan for the report that will."""
    keep_list(found.listed, run)
    rows = learning(found.listed)
    if rows.empty:
        return note(_("Nobody is left out at random this month: no effect will be measured."))
    whole = rows.iloc[-1]
    if run.too_few(whole["left_out"]):
        words = _("Fewer than {n:count} are left out at random this month: too few to tell anything by themselves.")
        return note(run.say(words, n=run.fewest))
    return show_all(note(*_sentences(whole, run)), folded(_("By action"), _by_action(rows, found, run)))


def _sentences(whole: pd.Series, run: Run) -> list[str]:
    """Say how many are left out, when it is told what that brought, what shows, and what it costs."""
    words = _("{n:people} of {all:people} customers new on the list are left out at random; by {due:day} their "
              "purchases tell what the list brings.")  # fmt: skip
    due = date.fromisoformat(plan_of(run).due)
    total = whole["left_out"] + whole["contacted"]
    said = run.say(words, n=whole["left_out"], all=total, due=due)
    costs = ""
    if pd.notna(whole["cost"]) and not run.too_few(whole["left_out"], largest=whole["largest"]):
        costs = run.say(_(" Leaving them out costs {cost:money0} of expected gain."), cost=whole["cost"])
    if pd.isna(whole["visible"]):
        return [said + costs, _("They are too few to show any effect: several months are pooled.")]
    return [said + costs, power_words(whole["visible"], whole["likely"], run)]


def power_words(visible: float, likely: float, run: Run) -> str:
    """Say what fall would show, what is expected, and how many such months it takes where that is less."""
    words, months = _("{visible:gap} points fewer who stay away would show; {likely:gap} are expected."), 1
    if not likely > 0:
        words = _("{visible:gap} points fewer who stay away would show.")
    elif visible > likely:
        # the error falls with the root of the number of months
        months = ceil((visible / likely) ** 2)
        words = _("{visible:gap} points fewer who stay away would show, but only {likely:gap} are expected: that takes "
                  "{months:count} such months together.")  # fmt: skip
        if months > MOST_MONTHS:
            words = _("{visible:gap} points fewer who stay away would show, but only {likely:gap} are expected: such "
                      "lists will hardly tell.")  # fmt: skip
    return run.say(words, visible=visible, likely=likely, months=months)


def _by_action(rows: pd.DataFrame, found: Study, run: Run) -> Shown:
    actions = rows.assign(
        action=rows["action"].where(rows["action"] != "", _("Together")),
        **{name: (100 * rows[name]).round(1) for name in ("likely", "visible")},
    )
    actions = actions[~actions["left_out"].map(run.too_few).astype("bool")]
    gated = gate(
        actions, run,
        label("action", _("Action")),
        people("contacted", _("Contacted")),
        people("left_out", _("Left out")),
        exact("visible", _("Points that would show"), "number", of="left_out", missing=_("none"), decimals=1),
        exact("likely", _("Points expected"), "number", of="left_out", decimals=1),
        exact("cost", _("Gain forgone"), "money", of="left_out", largest="largest", decimals=0,
              missing=_("not known")),
    )  # fmt: skip
    told = [
        _("Success was written down with the list: the interval of the margin gained less cost lies above nought. "
          "Shares who stay away are compared at power 80 %, two-sided 5 %."),
        _("Who is left out is drawn by a keyed hash of pseudonym, seed and period within action and band of value; all "
          "keep their arm until the horizon is over, and nobody is left without service."),
        *_still_left_out(found.listed, run),
        *money_words(rows.iloc[-1], found.last_list, run),
    ]  # fmt: skip
    return show_all(gated.table(_("What this month's list will tell")), note(*told))


def _still_left_out(listed: pd.DataFrame, run: Run) -> list[str]:
    """Say how many more are left out as an earlier list drew them."""
    still = int(((listed["stratum"] == "") & (listed["arm"] != CONTACT)).sum())
    if run.too_few(still):
        return []
    return [run.say(_("{n:people} more on the list stay left out, as an earlier list drew them."), n=still)]


def money_words(whole: pd.Series, last: LastList | None, run: Run) -> list[str]:
    """Say what difference in spend would show, by how spend after the last list spread, where its horizon is over."""
    if last is None or last.whole is None or run.too_few(last.checks.left_out):
        return []
    seen, arms = last.whole.spend, (whole["contacted"], whole["left_out"])
    alone = seen.n - seen.contacted
    deviation = seen.error / (1 / seen.contacted + 1 / alone) ** 0.5
    shown = [visible_money(deviation, *arms, correlation) for correlation in (0.0, last.whole.correlation)]
    words = _("By the spread of spend in {days:days} after the last list {plain:money} a customer would show, and "
              "{cuped:money} by what earlier spend explains (CUPED).")  # fmt: skip
    return [run.say(words, days=last.days_seen, plain=shown[0], cuped=shown[1])]
