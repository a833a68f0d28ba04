"""What is new, and what is gone? Stores, channels and columns beside the last run, distributions beside the last month.

A test would call any shift of many lines significant; the population stability index measures its size. The limits are
those in use in credit scoring since Siddiqi (Credit Risk Scorecards, Wiley 2006): under 0.1 stable, from 0.25 on
another population.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from crmlib.prep.recent import MEASURES, MIXES, Recent
from crmlib.reporting import Shown, exact, gate, label, note, show_all
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.prep.study import Study
    from crmlib.workspace import Run

MOVED: Final = 0.10
MOVED_MUCH: Final = 0.25
FEWEST_LINES: Final = 200
"""Lines that each month needs: with fewer, the index of a dozen bins exceeds a tenth by chance."""

Verdict = Literal["stable", "moved", "moved_much", "too_few"]


def stability_index(now: pd.Series, before: pd.Series) -> float:
    """Measure how far a distribution moved: the sum over its bins of (p − q) · ln(p / q).

    Half a line is added to every bin, so that an empty one does not make the index infinite.
    """
    p, q = (counts.to_numpy(dtype=float) + 0.5 for counts in (now, before))
    p, q = p / p.sum(), q / q.sum()
    return float(np.sum((p - q) * np.log(p / q)))


def movements(recent: Recent) -> pd.DataFrame:
    """Say of each delivered distribution how far it moved: ``kind, index, verdict``, and its effect.

    The effect is of a measure the means a line ``now`` and ``before``; of a mix the ``name`` whose share changed most,
    and its shares.
    """
    rows = []
    for kind in (*MEASURES, *MIXES):
        part = recent.mix[recent.mix["kind"] == kind]
        if len(part) >= (1 if kind in MEASURES else 2):
            rows.append(_movement(recent, kind, part))
    return pd.DataFrame(rows, columns=["kind", "index", "verdict", "name", "now", "before"])


def _movement(recent: Recent, kind: str, part: pd.DataFrame) -> dict[str, object]:
    few = min(part["now"].sum(), part["before"].sum()) < FEWEST_LINES
    index = float("nan") if few else stability_index(part["now"], part["before"])
    found: dict[str, object] = {"kind": kind, "index": index, "verdict": "too_few" if few else _judged(index)}
    if kind in MEASURES:
        return found | {when: _mean(recent.totals, kind, when) for when in ("now", "before")}
    lines = part[["now", "before"]].sum()
    most = (part["now"] / max(lines["now"], 1) - part["before"] / max(lines["before"], 1)).abs().idxmax()
    # of a month without a line there is no share
    shares = part[["now", "before"]] / lines.where(lines > 0)
    return found | {"name": str(part.loc[most, "name"]), **shares.loc[most].to_dict()}


def _judged(index: float) -> Verdict:
    if index < MOVED:
        return "stable"
    return "moved" if index < MOVED_MUCH else "moved_much"


def _mean(totals: pd.Series, kind: str, when: str) -> float:
    lines = totals[f"lines_{when}"]
    return float(totals[f"{kind}_{when}"] / lines) if lines else float("nan")


def show_change(found: Study, run: Run) -> Shown:
    """Show what came and went since the last run, and which distributions moved since the month before."""
    return show_all(_changes(found.changes, run), _movements_table(found.movements, run))


def _words(kind: str) -> str:
    return {
        "store_id": _("store"), "channel": _("channel"), "category": _("category"), "column": _("column with values"),
        "header": _("column in the files"), "payment_method": _("payment"), "amount": _("money of a line"),
        "quantity": _("units of a line"),
    }[kind]  # fmt: skip


def _changes(changes: tuple[str, pd.DataFrame] | None, run: Run) -> Shown:
    if changes is None:
        return note(_("First run of this series here: there is no earlier one to compare stores and columns with."))
    period, rows = changes
    if rows.empty:
        same = _("Compared with the run for {period}, no store, channel, category or column came or went.")
        return note(run.say(same, period=period))
    spelt = rows["name"].where(rows["kind"] != "column", rows["name"].str.replace("_", " "))
    columns = label("name", _("Name")), label("kind", _("What")), label("change", _("Change"))
    gated = gate(rows.assign(name=spelt)[["name", "kind", "change"]], run, *columns)
    gated = gated.worded("kind", _words).worded("change", {"new": _("new"), "vanished": _("gone")})
    return gated.table(_("New and gone since the run for {period}"), period=period)


def _movements_table(moved: pd.DataFrame, run: Run) -> Shown:
    if moved.empty:
        return note(_("There is no month before to compare distributions with."))
    verdicts = {
        "stable": _("as before"), "moved": _("moved"), "moved_much": _("moved much"), "too_few": _("too few lines"),
    }  # fmt: skip
    rows = moved.assign(effect=[_effect(row, run) for row in moved.to_dict("records")])
    gated = gate(
        rows[["kind", "verdict", "index", "effect"]], run,
        label("kind", _("Distribution of")),
        label("verdict", _("Verdict")),
        exact("index", _("Stability index"), "number", decimals=3, missing="–"),
        label("effect", _("The largest effect")),
    )  # fmt: skip
    words = _(
        "Population stability index: under {moved:number1} as before, from {much:number2} on moved much. A move may be "
        "the season or a fault; the index says how far, not why."
    )
    return gated.worded("kind", _words).worded("verdict", verdicts).table(
        _("Purchases of the last month beside the month before"), note=run.say(words, moved=MOVED, much=MOVED_MUCH)
    )  # fmt: skip


def _effect(row: dict[str, Any], run: Run) -> str:
    """Say what moved most, in the reader's units."""
    unit = {"amount": "money2", "quantity": "number2"}.get(row["kind"], "share")
    before, now = (run.say(f"{{x:{unit}}}", x=row[when]) for when in ("before", "now"))
    if row["kind"] in MEASURES:
        return run.say(_("mean {before} before, {now} now"), before=before, now=now)
    return run.say(_("{name}: {before} before, {now} now"), name=row["name"], before=before, now=now)
