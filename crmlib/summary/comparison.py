"""Headline numbers beside the last period's, and what an earlier run had published for it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from crmlib.chapters import chapters_of
from crmlib.reporting import Shown, gate, label, note
from crmlib.results import Result
from crmlib.summary.findings import written
from crmlib.words import _, plural
from crmlib.workspace import Run, period_of
from crmlib.workspace.provenance import differing_values

_NO_FIGURES: Final = (
    "as_of", "title", "language", "running.", "questions", "control", "chapters", "privacy.encrypt", "privacy.key_",
    "privacy.previous_", "privacy.queries_",
)  # fmt: skip
"""How parameters begin that no figure hangs on; what answers set stands where they set it."""

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


def _last_report(run: Run) -> Path:
    return run.run_dir.parents[2] / "reports" / run.params.series / period_of(run.previous_as_of)


def published_before(run: Run) -> tuple[dict[str, dict[str, Any]], str] | None:
    """Read what an earlier run published for the last period: its rows by name and its id; ``None`` if nothing."""
    folder = _last_report(run)
    if not (folder / "results.json").exists():
        return None
    rows = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    known = {f"{row['chapter']}.{row['name']}": row for row in rows if row["value"] is not None}
    return known, str(_read(folder / "manifest.json").get("run_id", ""))


def _read(manifest: Path) -> dict[str, Any]:
    return dict(json.loads(manifest.read_text(encoding="utf-8"))) if manifest.exists() else {}


def restated(run: Run, results: list[Result]) -> list[Restated]:
    """List the numbers of the last period that are others today than the report published then.

    A number that is defined otherwise though parameters and code are the same, such as by a model that was chosen anew,
    is another number.
    """
    before = published_before(run)
    if before is None:
        return []
    rows, run_id = before
    then, now = _manifests(run)
    by_us = bool(then and now) and any((*_parameters(then, now), *_code(then, now)))
    return [
        Restated(result.label, row["value"], result.previous, result.unit, run_id)
        for result in results
        if result.previous is not None
        and (row := rows.get(f"{result.chapter}.{result.name}")) is not None
        and (by_us or row.get("definition", result.definition) == result.definition)
        and abs(row["value"] - result.previous) > TOLERANCE * max(1.0, abs(row["value"]))
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
    intro = _("Restated since run {run}: {numbers}.").format(run=changed[0].run_id, numbers=numbers)
    return note(intro, what_differs(*_manifests(run), run))


def _manifests(run: Run) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read the manifests of the last report and of this run."""
    return _read(_last_report(run) / "manifest.json"), _read(run.run_dir / "manifest.json")


def what_differs(then: Mapping[str, Any], now: Mapping[str, Any], run: Run) -> str:
    """Say what a published run and this one were made of differently, by their manifests; data by their hashes."""
    if not then or not now:
        return _("What differs from that run is not known: one of the two has no manifest.")
    causes = [*_data(then, now), *_parameters(then, now), *_code(then, now)]
    if not causes:
        return _(
            "Files, parameters, code and libraries are those of that run: what the series keeps from month to month "
            "was set anew."
        )
    return run.say(_("What differs from that run: {causes:list}."), causes=causes)


def _data(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Say how many files are new, gone or have another content, and name the first of the last."""
    before, files = ({each["path"]: each["sha256"] for each in manifest["inputs"]} for manifest in (then, now))
    other = [path for path, content in before.items() if path in files and files[path] != content]
    if other:
        words = plural(
            "{n} file has another content ({first})", "{n} files have another content ({first}, …)", len(other)
        )
        yield words.format(n=len(other), first=other[0])
    for paths, words in (
        (set(files) - set(before), plural("{n} file is new", "{n} files are new", len(set(files) - set(before)))),
        (set(before) - set(files), plural("{n} file is gone", "{n} files are gone", len(set(before) - set(files)))),
    ):
        if paths:
            yield words.format(n=len(paths))


def _parameters(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Name the parameters that decide figures and differ; what only newer code knows is the code's."""
    same_code = then["versions"].get("code") == now["versions"].get("code")
    differing = differing_values(then["parameters"], now["parameters"])
    names = [
        name
        for name, (was, _is) in differing.items()
        if not name.startswith(_NO_FIGURES) and (same_code or was is not None)
    ]
    if names:
        yield _("the parameters {names}").format(names=", ".join(names))


def _code(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Say whether the workbook's code differs, and which libraries do."""
    names = list(differing_values(then["versions"], now["versions"]))
    if "code" in names:
        yield _("the code of the workbook")
    libraries = [name for name in names if name != "code"]
    if libraries:
        yield _("the versions of {libraries}").format(libraries=", ".join(libraries))


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
