"""The record of a run: what it was made from, when, how it ended; the only published file that tells the time."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from crmlib import words
from crmlib.chapters import chapters_of
from crmlib.params import ParameterError, Parameters
from crmlib.params.published import published
from crmlib.privacy.masking import mask
from crmlib.privacy.pseudonyms import key_ids, load_key
from crmlib.privacy.safe_csv import BYTE_ORDER_MARK, to_safe_csv
from crmlib.results import read_cautions, read_results
from crmlib.running.asides import asides_of
from crmlib.running.edition import Edition
from crmlib.running.identity import code_version, library_versions, run_id
from crmlib.running.inputs import Input, read_inputs
from crmlib.running.places import Places
from crmlib.running.publishing import predecessor
from crmlib.running.writing import write_json, write_text

SPREADSHEET: Final = ["chapter", "name", "label", "value", "low", "high", "n", "unit", "definition"]
"""Columns of ``results.csv``, one row a figure."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a run before it starts."""

    run_id: str
    params: Parameters
    period: str
    started: str
    inputs: Sequence[Input]
    code: str

    @classmethod
    def begin(cls, params: Parameters, period: str, notebooks: Path) -> "Record":
        """Hash the inputs and the code, and note the time."""
        inputs = read_inputs(params)
        code = code_version(notebooks)
        return cls(run_id(params, inputs, code), params, period, now(), inputs, code)

    @property
    def made_of(self) -> str:
        """The hash of all that the report hangs on: inputs, parameters, code, libraries and keys."""
        told = json.dumps([self.run_id, library_versions(), _key_ids(self.params)], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def edition(self) -> Edition:
        """What the pages say about the report."""
        if self.params.as_of is None:
            raise ValueError("a run without as_of has no period")
        chapters = chapters_of(self.params.chapters)
        return Edition(self.params.title, self.params.as_of, self.run_id, self.params.language, chapters)

    def as_manifest(self, status: str, **more: Any) -> dict[str, Any]:
        """Give the content of ``manifest.json``: everything known, the status and what the end of the run adds."""
        return {
            "series": self.params.series,
            "title": self.params.title,
            "period": self.period,
            "as_of": str(self.params.as_of),
            "run_id": self.run_id,
            "status": status,
            "started": self.started,
            "finished": now(),
            "parameters": published(self.params.model_dump(mode="json")),
            "keys": _key_ids(self.params),
            "made_of": self.made_of,
            "inputs": [_as_published(each) for each in self.inputs],
            "versions": {**library_versions(), "code": self.code},
            **more,
        }


def is_up_to_date(record: Record, places: Places) -> bool:
    """Say whether the period is published and made of the same, its private folder as well."""
    files = (places.published / "manifest.json", places.run / "manifest.json")
    if not all(each.exists() for each in files):
        return False
    known = [json.loads(each.read_text(encoding="utf-8")) for each in files]
    return all(each["status"] == "published" and each.get("made_of") == record.made_of for each in known)


def _as_published(given: Input) -> dict[str, Any]:
    """Give an input as the manifest names it: personal data in a file's name are masked."""
    return {"path": mask(given.path), "sha256": given.sha256, "bytes": given.bytes, "lines": given.lines}


def _key_ids(params: Parameters) -> dict[str, str]:
    """Name the key of each purpose, never the key; nothing where no key is at hand, which preparation alone needs."""
    try:
        return key_ids(load_key(params.privacy, params.root))
    except ParameterError:
        return {}


def now() -> str:
    """Tell the time, in UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def predecessor_of(places: Places) -> dict[str, Any] | None:
    """Name the report before this one: its period and its run."""
    period = predecessor(places.reports, places.period)
    if period is None:
        return None
    earlier = json.loads((places.reports / period / "manifest.json").read_text(encoding="utf-8"))
    return {"period": period, "run_id": earlier["run_id"]}


def warnings_of(params: Parameters, executed: Sequence[Path], run: Path) -> list[str]:
    """Say what a reader should know about the run: a demo key, what chapters caution, what libraries warned of."""
    said = []
    if params.privacy.demo_key:
        said.append("customers' pseudonyms were made with the published demo key")
    if not words.speak(params.language):
        said.append(f"there is no catalogue for the language {params.language!r}: the words are English")
    said += read_cautions(run / "cautions")
    for path in executed:
        said += [f"{path.stem}, {each}" for each in asides_of(json.loads(path.read_text(encoding="utf-8")))]
    return said


def models_of(run: Path) -> dict[str, str]:
    """Name the models that chapters have kept, each with the SHA-256 of its file."""
    return {file.stem: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(run.glob("models/*.json"))}


def sentences_of(summary: Path, most: int = 2) -> list[str]:
    """Take the first sentences of the summary's answer: what the front door says about the period."""
    cells = json.loads(summary.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    answers = [each for each in outputs if each.get("metadata", {}).get("crm", {}).get("kind") == "answer"]
    return "".join(answers[0]["data"]["text/plain"]).splitlines()[:most] if answers else []


def write_results(run_dir: Path, report: Path) -> None:
    """Publish every headline number as the gate let it through, by chapter and name, for programs and spreadsheets."""
    import pandas as pd

    rows = [asdict(result) for result in read_results(run_dir / "results")]
    write_json(report / "results.json", rows)
    table = pd.DataFrame(rows, columns=SPREADSHEET, dtype=object)  # whole numbers stay whole beside missing ones
    write_text(report / "results.csv", BYTE_ORDER_MARK + to_safe_csv(table))
