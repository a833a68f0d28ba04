"""The identity map opens in preparation alone: no later notebook holds the key, none finds a plain copy."""

import json
from dataclasses import replace

import pytest

from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.run import run

KEY, BEFORE = "a long random text for the test", "the text before that"
PREPARE = """
from crmlib.prep import prepare
from crmlib.workspace import open_run
_ = prepare(open_run(params_file, as_of, run_dir))
"""
OPEN = """
import os
from pathlib import Path
from crmlib.params import ParameterError
from crmlib.prep.persons.register import open_register
from crmlib.workspace import open_run
here = open_run(params_file, as_of, run_dir)
sealed = (here.state_dir / "identity" / "map.vault").read_bytes()
try:
    found = str(open_register(here.params, here.state_dir))
except ParameterError as error:
    found = str(error).split(".")[0]
held = [name for name, value in os.environ.items() if "random text" in value or "text before" in value]
[found, held, b"anonymous" in sealed or b"PAR1" in sealed]
"""


@pytest.fixture
def keyed(series, monkeypatch):
    """Let the tiny series prepare in its first notebook with keys of the environment."""
    monkeypatch.setenv("SHOP_KEY", KEY)
    monkeypatch.setenv("OLD_KEY", BEFORE)
    file = series.request.params_file
    privacy = "privacy: {key_env: SHOP_KEY, previous_key_env: OLD_KEY}"
    file.write_text(file.read_text().replace("privacy: {demo_key: true}", privacy))
    first, second = series.request.chapters
    series.write("01_first", PREPARE)
    return replace(series, request=series.asked(chapters=(replace(first, keyed=True), second)))


def outputs(series, stem):
    cells = json.loads((series.work / "2026-10" / "notebooks" / f"{stem}.ipynb").read_text())["cells"]
    return ["".join(each["data"]["text/plain"]) for cell in cells for each in cell.get("outputs", [])]


@pytest.mark.parametrize("forks", [True, False])
def test_the_kernel_of_a_later_chapter_cannot_read_the_map(keyed, printer, monkeypatch, forks):
    monkeypatch.setattr("crmlib.running.run.FORKS", forks)
    keyed.write("02_second", OPEN)
    run(keyed.request, printer)
    assert outputs(keyed, "02_second") == ["['privacy: no key for the pseudonyms', [], False]"]


def test_the_manifest_names_the_key_of_each_purpose_and_holds_none(keyed, printer):
    run(keyed.request, printer)
    text = (keyed.reports / "2026-10" / "manifest.json").read_text()
    ids = json.loads(text)["keys"]
    assert set(ids) == {"customers", "identity map", "undeclared", "audit", "backup", "kept files"}
    assert len(set(ids.values())) == 6
    assert KEY not in text
    assert BEFORE not in text


def test_a_run_without_a_key_is_refused_before_any_notebook_starts(keyed, printer, monkeypatch):
    monkeypatch.delenv("SHOP_KEY")
    with pytest.raises(RunFailureError, match="no key for the pseudonyms") as refused:
        run(keyed.request, printer)
    assert refused.value.outcome is Outcome.BAD_PARAMETERS
    assert not (keyed.work / "2026-10").exists()


def test_a_later_notebook_alone_needs_no_key(keyed, printer, monkeypatch):
    monkeypatch.delenv("SHOP_KEY")
    run(replace(keyed.request, only="02_second"), printer)
    assert json.loads((keyed.work / "2026-10" / "manifest_02_second.json").read_text())["keys"] == {}


@pytest.mark.parametrize("folder", ["landed", "landed_spill_7"])
def test_what_a_killed_preparation_landed_is_removed(keyed, printer, folder):
    kill = f"import os\nfrom pathlib import Path\nPath(run_dir, {folder!r}).mkdir()\n"
    keyed.write("01_first", kill + f"Path(run_dir, {folder!r}, 'x').write_text('Li Wei')\nos.kill(os.getpid(), 9)")
    with pytest.raises(RunFailureError, match="killed or died"):
        run(keyed.request, printer)
    assert not (keyed.work / "2026-10" / folder).exists()
