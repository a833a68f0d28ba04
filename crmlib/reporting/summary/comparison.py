"""Headline numbers beside the last period's, and what an earlier run had published for it."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmlib.chapters import chapters_of
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, note, table
from crmlib.results import Result
from crmlib.words import _, formats
from crmlib.workspace import Run, period_of

TOLERANCE = 1e-9
"""Relative difference from which a published number counts as another: floats written with twelve digits."""


@dataclass(frozen=True, slots=True)
class Restated:
    """A number of the last period that an earlier run published differently."""

    label: str
    published: float
    now: float
    unit: str
    run_id: str


def published_before(run: Run) -> tuple[dict[str, float], str] | None:
    """Read what an earlier run published for the last period: its numbers by name, and that run's id.

    ``None`` where the last period was never published beside this report.
    """
    folder = run.run_dir.parents[2] / "reports" / run.params.series / period_of(run.previous_as_of)
    if not (folder / "results.json").exists():
        return None
    rows = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    numbers = {f"{row['chapter']}.{row['name']}": row["value"] for row in rows if row["value"] is not None}
    return numbers, _run_id(folder / "manifest.json")


def _run_id(manifest: Path) -> str:
    if not manifest.exists():
        return ""
    return str(json.loads(manifest.read_text(encoding="utf-8")).get("run_id", ""))


def restated(run: Run, results: list[Result]) -> list[Restated]:
    """List the numbers of the last period that today's data put differently than the report published then."""
    before = published_before(run)
    if before is None:
        return []
    numbers, run_id = before
    return [
        Restated(each.label, numbers[key], each.previous, each.unit, run_id)
        for each in results
        if each.previous is not None
        and (key := f"{each.chapter}.{each.name}") in numbers
        and abs(numbers[key] - each.previous) > TOLERANCE * max(1.0, abs(numbers[key]))
    ]


def restated_note(run: Run, changed: list[Restated]) -> Shown | None:
    """Say which numbers of the last period were restated; nothing where none was."""
    if not changed:
        return None
    one = _("{name}: published {published}, now {now}")
    told = "; ".join(
        one.format(
            name=each.label,
            published=formats.shown_as(each.published, each.unit, run.params.currency),
            now=formats.shown_as(each.now, each.unit, run.params.currency),
        )
        for each in changed
    )
    intro = _("Restated since run {run}, because today's data say otherwise about a month earlier.")
    return note(intro.format(run=changed[0].run_id), told + ".")


def figures_table(run: Run, results: list[Result]) -> Shown:
    """Show every headline number of the report beside last period's.

    Results are gated when they are recorded, so their numbers enter the table as written text.
    """
    titles = {each.stem: each.title for each in chapters_of(run.params.chapters)}
    rows = [
        {
            "chapter": titles[each.chapter],
            "figure": each.label,
            "value": _written(each, run.params.currency),
            "previous": "–" if each.previous is None else _number(each.previous, each, run.params.currency),
            "n": "–" if each.n is None else formats.count(each.n),
            "definition": each.definition,
        }
        for each in results
    ]
    frame = pd.DataFrame(rows, columns=["chapter", "figure", "value", "previous", "n", "definition"])
    columns = {
        "figure": Shows(_("Figure")),
        "value": Shows(_("Now (95 % interval)")),
        "previous": Shows(_("A month earlier, recomputed")),
        "n": Shows(_("n")),
        "definition": Shows(_("What it is")),
        "chapter": Shows(_("Chapter")),
    }
    caption = _("Every headline number of {period}, beside a month earlier as today's data have it").format(
        period=run.period_label
    )
    return table(disclose(frame, labels=list(frame.columns), rules=run.rules), caption, columns)


def _written(each: Result, currency: str) -> str:
    if each.hidden:
        return _("too few people to show")
    written = _number(each.value, each, currency)
    if each.low is None or each.high is None:
        return written
    low, high = (_number(end, each, currency) for end in (each.low, each.high))
    return _("{value} ({low} to {high})").format(value=written, low=low, high=high)


def _number(value: float | None, each: Result, currency: str) -> str:
    return formats.shown_as(value, each.unit, currency)
