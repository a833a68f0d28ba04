"""A backup holds the state, comes back whole or not at all, and opens for its series and key alone."""

import os
import shutil
import stat

import pytest

from crmlib.params import ParameterError, load_parameters
from crmlib.privacy.pseudonyms import Key
from crmlib.privacy.sealed_stream import CHUNK, SealingWriter, UnsealingReader
from crmlib.running.backup import back_up, restore
from crmlib.running.outcomes import Outcome
from crmlib.running.places import Places

PERSON = b"c0123456789abcdef"
AT = "2026-11-30T15:00:00+00:00"


@pytest.fixture
def kept(series):
    """Give a series that keeps something: a state with subfolders and large files, and a published period."""
    for name, content in {
        "work/tiny/state/cuts.json": b"{}", "work/tiny/state/identity/map.vault": b"CRM vault 1\n",
        "work/tiny/state/models/large.bin": PERSON + os.urandom(3 * CHUNK), "work/tiny/state/empty": b"",
        "reports/tiny/2026-09/manifest.json": b'{"run_id": "a"}', "reports/tiny/2026-09/results.json": b"[]",
        "reports/tiny/2026-09/index.html": b"<p>", "work/tiny/2026-09/clean/x.parquet": PERSON,
    }.items():  # fmt: skip
        (series.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (series.folder / name).write_bytes(content)
    return series


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_series_comes_back_as_it_was(kept, crm, tmp_path):
    state, file = content(kept.work / "state"), tmp_path / "tiny.backup"
    code, said, _wrong = crm("backup", kept.request.params_file, file)
    assert (code, "6 files of tiny" in said, "read back without a fault" in said) == (0, True, True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert PERSON not in file.read_bytes()
    shutil.rmtree(kept.work / "state")
    shutil.rmtree(kept.reports)
    code, said, _wrong = crm("restore", kept.request.params_file, file)
    assert (code, said.startswith("restored 6 files of tiny")) == (0, True)
    assert content(kept.work / "state") == state
    assert sorted(content(kept.reports)) == ["2026-09/manifest.json", "2026-09/results.json"]
    assert [path for path in kept.work.iterdir() if path.name.startswith(("replaced", ".restoring"))] == []


def test_what_is_replaced_is_kept_aside(kept, crm, tmp_path):
    file = tmp_path / "tiny.backup"
    crm("backup", kept.request.params_file, file)
    (kept.work / "state" / "cuts.json").write_bytes(b'{"newer": 1}')
    (kept.work / "state" / "only_here.json").write_bytes(b"1")
    (kept.reports / "2026-09" / "results.json").write_bytes(b"[1]")
    code, said, _wrong = crm("restore", kept.request.params_file, file)
    (replaced,) = kept.work.glob("replaced-*")
    assert (code, str(replaced) in said) == (0, True)
    assert (replaced / "state" / "cuts.json").read_bytes() == b'{"newer": 1}'
    assert (replaced / "reports" / "2026-09" / "results.json").read_bytes() == b"[1]"
    assert (kept.work / "state" / "cuts.json").read_bytes() == b"{}"
    assert not (kept.work / "state" / "only_here.json").exists()
    assert (kept.reports / "2026-09" / "results.json").read_bytes() == b"[]"
    assert (kept.reports / "2026-09" / "index.html").exists()


def damages(whole):
    """Give a backup with a changed byte in each part, cut off in several places, with something added, reordered."""
    size = CHUNK + 16
    head = len(whole) - len(whole) // size * size
    yield from (whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in (0, 25, 40, 500, -1))
    yield from (whole[:end] for end in (10, 60, len(whole) - 1, len(whole) - size, head + 48 + size))
    yield whole + b"x"
    yield whole[:48] + whole[48 + size : 48 + 2 * size] + whole[48 : 48 + size] + whole[48 + 2 * size :]


def test_nothing_is_replaced_by_what_was_changed_or_cut_off(kept, tmp_path):
    params = load_parameters(kept.request.params_file)
    places, file = Places.of(params), tmp_path / "tiny.backup"
    back_up(params, places, file, AT)
    before, whole = (content(kept.work), content(kept.reports)), file.read_bytes()
    for damaged in damages(whole):
        assert damaged != whole
        file.write_bytes(damaged)
        with pytest.raises(ParameterError, match=r"^tiny\.backup (does not open|is no sealed|was made with the key)"):
            restore(params, places, file, AT)
        assert (content(kept.work), content(kept.reports)) == before


def test_another_series_or_another_key_is_refused(kept, crm, tmp_path, monkeypatch):
    file, params = tmp_path / "tiny.backup", kept.request.params_file
    crm("backup", params, file)
    before = content(kept.work / "state")
    other = params.with_name("other.yaml")
    other.write_text(params.read_text().replace("series: tiny", "series: other"))
    code, _said, wrong = crm("restore", other, file)
    assert (code, "is of another series" in wrong) == (Outcome.BAD_PARAMETERS, True)
    monkeypatch.setenv("CRM_KEY", "another long random text")
    params.write_text(params.read_text().replace("demo_key: true", "demo_key: false"))
    code, _said, wrong = crm("restore", params, file)
    assert (code, "was made with the key" in wrong) == (Outcome.BAD_PARAMETERS, True)
    assert content(kept.work / "state") == before
    monkeypatch.setenv("CRM_KEY_BEFORE", "the key before, long enough")
    monkeypatch.delenv("CRM_KEY")
    code, _said, wrong = crm("backup", params, file)
    assert (code, "no key" in wrong) == (Outcome.BAD_PARAMETERS, True)


def test_a_series_that_keeps_nothing_has_no_backup(series, crm, tmp_path):
    code, _said, wrong = crm("backup", series.request.params_file, tmp_path / "x")
    assert (code, "keeps nothing yet" in wrong, (tmp_path / "x").exists()) == (Outcome.BAD_PARAMETERS, True, False)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_streams_of_every_length_come_back(tmp_path, size):
    key, whole, file = Key(b"a long random text"), os.urandom(size), tmp_path / "x"
    with file.open("wb") as target:
        sealing = SealingWriter(target, key, "backup", "tiny")
        sealing.write(whole)
        sealing.finish()
    with file.open("rb") as source:
        reader = UnsealingReader(source, [key], "backup", "tiny", "x")
        assert b"".join(iter(lambda: reader.read(100_000), b"")) == whole
