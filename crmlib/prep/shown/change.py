"""What changed: stores, channels, categories and columns beside the last run, distributions beside the last month."""

import pandas as pd

from crmlib.prep.drift import MOVED, MOVED_MUCH
from crmlib.prep.measuring import Quality
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, note, show_all, table
from crmlib.words import _, formats
from crmlib.workspace import Run


def change_shown(quality: Quality, run: Run) -> Shown:
    """Show what came and went since the last run, and which distributions moved since the month before."""
    return show_all(_changes(quality, run), _movements(quality.movements, run))


def _words(kind: str) -> str:
    return {
        "store_id": _("store"), "channel": _("channel"), "category": _("category"), "column": _("column with values"),
        "header": _("column in the files"), "payment_method": _("payment"), "amount": _("money of a line"),
        "quantity": _("units of a line"),
    }[kind]  # fmt: skip


def _changes(quality: Quality, run: Run) -> Shown:
    if quality.changes is None:
        return note(_("First run of this series here: there is no earlier one to compare stores and columns with."))
    period, rows = quality.changes
    if rows.empty:
        same = _("Compared with the run for {period}, no store, channel, category or column came or went.")
        return note(same.format(period=period))
    rows = rows.assign(
        kind=[_words(kind) for kind in rows["kind"]],
        change=rows["change"].map({"new": _("new"), "vanished": _("gone")}),
        name=[_named(kind, name) for kind, name in zip(rows["kind"], rows["name"], strict=True)],
    )
    return table(
        disclose(rows[["name", "kind", "change"]], labels=["name", "kind", "change"], rules=run.rules),
        _("New and gone since the run for {period}").format(period=period),
        {"name": Shows(_("Name")), "kind": Shows(_("What")), "change": Shows(_("Change"))},
    )


def _named(kind: str, name: str) -> str:
    return name.replace("_", " ") if kind == "column" else name


def _movements(moved: pd.DataFrame, run: Run) -> Shown:
    if moved.empty:
        return note(_("There is no month before to compare distributions with."))
    verdicts = {
        "stable": _("as before"), "moved": _("moved"), "moved_much": _("moved much"), "too_few": _("too few lines"),
    }  # fmt: skip
    rows = moved.assign(
        what=[_words(kind) for kind in moved["kind"]],
        effect=[_effect(row, run) for row in moved.to_dict("records")],
        verdict=moved["verdict"].map(verdicts),
    )
    return table(
        disclose(
            rows[["what", "index", "verdict", "effect"]], labels=["what", "verdict", "effect"], exact=["index"],
            rules=run.rules,
        ),
        _("Purchases of the last month beside the month before"),
        {
            "what": Shows(_("Distribution of")),
            "verdict": Shows(_("Verdict")),
            "index": Shows(_("Stability index"), "number", decimals=3, missing="–"),
            "effect": Shows(_("The largest effect")),
        },
        note=_(
            "Population stability index: under {moved} as before, from {much} on moved much. A move may be the season "
            "or a fault; the index says how far, not why."
        ).format(moved=f"{MOVED:g}", much=f"{MOVED_MUCH:g}"),
    )  # fmt: skip


def _effect(row: dict[str, object], run: Run) -> str:
    """Say what moved most, in the reader's units."""
    before, now = (_value(row[when], str(row["kind"]), run) for when in ("before", "now"))
    if row["kind"] in ("amount", "quantity"):
        return _("mean {before} before, {now} now").format(before=before, now=now)
    return _("{name}: {before} before, {now} now").format(name=row["name"], before=before, now=now)


def _value(value: object, kind: str, run: Run) -> str:
    if formats.is_missing(value):
        return formats.not_observed()
    if kind == "amount":
        return formats.money(value, run.params.currency, decimals=2)
    return formats.fixed(value, 2) if kind == "quantity" else formats.share(value)
