"""Headline numbers beside the last period's, and what an earlier run had published for it."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmlib.chapters import chapters_of
from crmlib.reporting import Shown, gate, label, note
from crmlib.results import Result
from crmlib.summary.findings import written
from crmlib.words import _
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
    """Read what an earlier run published for the last period: its numbers by name and its id; ``None`` if nothing."""
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
        Restated(result.label, numbers[key], result.previous, result.unit, run_id)
        for result in results
        if result.previous is not None
        and (key := f"{result.chapter}.{result.name}") in numbers
        and abs(numbers[key] - result.previous) > TOLERANCE * max(1.0, abs(numbers[key]))
    ]


def restated_note(run: Run, changed: list[Restated]) -> Shown | None:
    """Say which numbers of the last period were restated; nothing where none was."""
    if not changed:
        return None
    numbers = "; ".join(
        run.say(
            _("{name}: published {published:%s}, now {now:%s}") % (number.unit, number.unit),
            name=number.label,
            published=number.published,
            now=number.now,
        )
        for number in changed
    )
    intro = _("Restated since run {run}, because today's data say otherwise about a month earlier.")
    return note(intro.format(run=changed[0].run_id), numbers + ".")


def figures_table(run: Run, results: list[Result]) -> Shown:
    """Show every headline number of the report beside last period's.

    Results are gated when they are recorded, so their numbers enter the table as written text.
    """
    titles = {chapter.stem: chapter.title for chapter in chapters_of(run.params.chapters)}
    rows = [
        {
            "chapter": titles[result.chapter],
            "figure": result.label,
            "value": written(result, run),
            "previous": "–" if result.previous is None else run.say(f"{{x:{result.unit}}}", x=result.previous),
            "n": "–" if result.n is None else run.say("{n:count}", n=result.n),
            "definition": result.definition,
        }
        for result in results
    ]
    gated = gate(
        pd.DataFrame(rows, columns=["chapter", "figure", "value", "previous", "n", "definition"]),
        run,
        label("figure", _("Figure")),
        label("value", _("Now (95 % interval)")),
        label("previous", _("A month earlier, recomputed")),
        label("n", _("n")),
        label("definition", _("What it is")),
        label("chapter", _("Chapter")),
    )
    return gated.table(
        _("Every headline number of {period}, beside a month earlier as today's data have it"), period=run.period_label
    )
