"""The swap of a report, interrupted at each of its steps, and mended."""

import shutil
from pathlib import Path

import pytest

from crmlib.running.publishing import building, mend, periods, predecessor, put_in_place, remove_old_stages


class Crash(BaseException):
    """Ends a step the hard way."""


@pytest.fixture
def reports(tmp_path):
    """Give a series with one published report."""
    write_report(tmp_path / "2026-10", "old")
    return tmp_path


def write_report(folder, text):
    folder.mkdir()
    for name in ("index.html", "manifest.json"):
        (folder / name).write_text(text, encoding="utf-8")


def publish(reports, text):
    with building(reports, "2026-10") as folder:
        (folder / "index.html").write_text(text, encoding="utf-8")
        put_in_place(folder, reports / "2026-10")


def content(reports):
    return {path.read_text(encoding="utf-8") for path in (reports / "2026-10").iterdir()}


def crash_at(monkeypatch, step):
    """Let the swap's n-th change of the file system fail before it is done."""
    steps = []

    def counted(change):
        def called(*args, **kwargs):
            steps.append(change)
            if len(steps) == step:
                raise Crash
            return change(*args, **kwargs)

        return called

    monkeypatch.setattr(Path, "rename", counted(Path.rename))
    monkeypatch.setattr(shutil, "rmtree", counted(shutil.rmtree))


@pytest.mark.parametrize(("step", "left"), [(1, {"old"}), (2, {"old"}), (3, {"new"})])
def test_an_interrupted_swap_is_mended_at_the_next_start(reports, monkeypatch, step, left):
    built = reports / ".building-2026-10"
    write_report(built, "new")
    with monkeypatch.context() as patched:
        crash_at(patched, step)
        with pytest.raises(Crash):
            put_in_place(built, reports / "2026-10")
    mend(reports)
    assert content(reports) == left
    assert [path.name for path in reports.iterdir()] == ["2026-10"]


def test_an_interrupted_first_publication_leaves_nothing(tmp_path, monkeypatch):
    built = tmp_path / ".building-2026-10"
    write_report(built, "new")
    with monkeypatch.context() as patched:
        crash_at(patched, 1)
        with pytest.raises(Crash):
            put_in_place(built, tmp_path / "2026-10")
    mend(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_that_can_still_act_mends_at_once(reports, monkeypatch):
    with monkeypatch.context() as patched:
        crash_at(patched, 2)
        with pytest.raises(Crash):
            publish(reports, "new")
    assert content(reports) == {"old"}
    assert [path.name for path in reports.iterdir()] == ["2026-10"]


def test_periods_are_sorted_by_their_end(tmp_path):
    for name in ("2026-09", "2026-10", "2026-10-15", "2026-11-15", "2026-11-02"):
        write_report(tmp_path / name, "a report")
    (tmp_path / "2026-08").mkdir()
    assert periods(tmp_path) == ["2026-11-15", "2026-11-02", "2026-10", "2026-10-15", "2026-09"]
    assert predecessor(tmp_path, "2026-10") == "2026-10-15"
    assert predecessor(tmp_path, "2026-09") is None


def test_the_clean_tables_of_old_periods_go_and_their_lists_stay(tmp_path):
    for period in ("2026-08", "2026-09", "2026-10", "2026-11-15"):
        for name in ("clean", "quarantine", "lists"):
            (tmp_path / period / name).mkdir(parents=True)
    (tmp_path / "state").mkdir()
    assert remove_old_stages(tmp_path, keep=2) == ["2026-09", "2026-08"]
    assert [each.parent.name for each in sorted(tmp_path.glob("*/clean"))] == ["2026-10", "2026-11-15"]
    assert not list(tmp_path.glob("2026-08/quarantine"))
    assert len(list(tmp_path.glob("*/lists"))) == 4


def test_a_period_that_may_be_under_way_keeps_its_clean_tables(tmp_path):
    for period in ("2026-08", "2026-09", "2026-10"):
        (tmp_path / period / "clean").mkdir(parents=True)
    assert remove_old_stages(tmp_path, keep=1, under_way="2026-09") == ["2026-08"]
    assert [each.parent.name for each in sorted(tmp_path.glob("*/clean"))] == ["2026-09", "2026-10"]
