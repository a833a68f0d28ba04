"""Which notebook may start next."""

from pathlib import Path

import pytest

from crmlib.running.batch import Batch, Task, next_ready
from crmlib.running.child import Job
from crmlib.running.watching import Finished


def job(stem):
    return Job(Path(f"{stem}.ipynb"), Path("out.ipynb"), {})


def batch(done=()):
    needs = {"01": (), "02": ("01",), "03": ("01", "02"), "04": ("01", "02"), "06": ("03", "04")}
    tasks = [
        Task(job(stem), frozenset(needed), looks_back=stem == "06")
        for stem, needed in needs.items()
        if stem not in done
    ]
    return Batch(tasks, finished=[Finished(job(stem), 1.0, {}, None) for stem in done])


@pytest.mark.parametrize(
    ("this", "ahead", "stem", "turn"),
    [
        ("", None, "01", 0),
        ("01", None, "02", 0),
        ("01", "", "01", 1),
        ("01 02", "01", "02", 1),  # its like has finished, and the month after that waits for it
        ("01 02", "01 02", "03", 0),
        ("01 02 03", "01 02", "03", 1),
        ("01 02 03 04", "01 02 03 04", "06", 0),
    ],
)
def test_the_earliest_chapter_goes_first_that_may_start(this, ahead, stem, turn):
    batches = [batch(this.split())] + ([] if ahead is None else [batch(ahead.split())])
    found, task = next_ready(batches)
    assert (task.job.stem, found) == (stem, batches[turn])


def test_a_notebook_that_runs_holds_up_its_like_and_what_reads_the_published():
    this, ahead = batch(["01"]), batch(["01"])
    this.waiting.clear()
    assert next_ready([this, ahead]) is None, "02 of this month is under way"
    last, ahead = batch(["01", "02", "03", "04"]), batch(["01", "02", "03", "04"])
    last.waiting.clear()
    assert next_ready([last, ahead]) is None
    last.finish(Finished(job("06"), 1.0, {}, None))
    assert not last.unfinished


def test_what_is_read_early_has_to_be_handed_over_not_finished():
    this = Batch([Task(job("03"), frozenset({"01"}), frozenset({"02"}))], finished=[Finished(job("01"), 1.0, {}, None)])
    assert next_ready([this]) is None
    this.handed_over.add("02")
    assert next_ready([this])[1].job.stem == "03"
    done = [Finished(job(stem), 1.0, {}, None) for stem in ("01", "02")]
    assert next_ready([Batch([Task(job("03"), frozenset({"01"}), frozenset({"02"}))], finished=done)]) is not None
