"""The whole run on tiny notebooks: what is published, what is kept, and that a second run gives the same bytes."""

import hashlib
import json
import os
import stat
from datetime import date

import pytest

from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.request import chapters_in, load_checked, unregistered
from crmlib.running.run import run


def read_manifest(series, period="2026-10"):
    return json.loads((series.reports / period / "manifest.json").read_text(encoding="utf-8"))


def test_a_run_publishes_pages_results_manifest_and_front_door(published):
    assert sorted(published.published()) == [
        "2026-10/01_first.html",
        "2026-10/index.html",
        "2026-10/results.csv",
        "2026-10/results.json",
        "index.html",
    ]
    assert "2026-11-01" in (published.reports / "2026-10" / "01_first.html").read_text(encoding="utf-8")


def test_the_manifest_traces_the_report_to_its_inputs(published):
    manifest = read_manifest(published)
    assert manifest["status"] == "published"
    orders = published.folder / "data" / "orders.csv"
    assert manifest["inputs"] == [
        {
            "path": "../data/orders.csv",
            "bytes": orders.stat().st_size,
            "lines": 2,
            "sha256": hashlib.sha256(orders.read_bytes()).hexdigest(),
        }
    ]
    assert manifest["parameters"]["series"] == "tiny"
    assert manifest["warnings"] == ["customers' pseudonyms were made with the published demo key"]
    assert manifest["predecessor"] is None
    assert str(published.folder) not in json.dumps(manifest)


def test_the_manifest_warns_of_what_chapters_caution(series, printer):
    series.write(
        "01_first",
        "from pathlib import Path\nfrom crmlib.results import keep_cautions",
        "keep_cautions(Path(run_dir, 'cautions'), '01_first', ['A day is missing.'])",
    )
    run(series.request, printer)
    demo_key = "customers' pseudonyms were made with the published demo key"
    assert read_manifest(series)["warnings"] == [demo_key, "A day is missing."]
    series.write("01_first", "'nothing to say'")
    run(series.request, printer)
    assert read_manifest(series)["warnings"] == [demo_key]


def test_what_is_private_is_closed_to_others(published):
    for folder in (published.work.parent, published.work, published.work / "2026-10" / "notebooks"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    for file in (each for each in published.work.rglob("*") if each.is_file()):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_what_is_published_can_be_read_by_those_who_may_read_the_users_files(published):
    usual = os.umask(0)
    os.umask(usual)
    for file in published.reports.rglob("*"):
        assert stat.S_IMODE(file.stat().st_mode) == (0o777 if file.is_dir() else 0o666) & ~usual, file


def test_times_are_kept_by_notebook_and_cell(published):
    timings = json.loads((published.work / "2026-10" / "timings.json").read_text(encoding="utf-8"))
    assert list(timings) == ["01_first", "02_second"]
    assert set(timings["02_second"]["cells"]) == {"01", "02", "03"}


def test_results_are_published_as_the_gate_let_them_through(series, printer):
    row = {
        "chapter": "02_second", "name": "orders", "value": -3.5, "low": None, "high": None, "n": 40, "unit": "number",
        "definition": "distinct orders", "period": "2026-10", "previous": None, "hidden": False,
        "previous_n": None, "label": "=Orders",
    }  # fmt: skip
    series.write(
        "02_second",
        "import json\nfrom pathlib import Path\nfolder = Path(run_dir, 'results')\nfolder.mkdir()",
        f"_ = (folder / '02_second.json').write_text(json.dumps([{row!r}]))",
    )
    run(series.request, printer)
    report = series.reports / "2026-10"
    assert json.loads((report / "results.json").read_text(encoding="utf-8")) == [row]
    assert (report / "results.csv").read_bytes().decode() == (
        "\ufeffchapter,name,label,value,low,high,n,unit,definition\n"
        "02_second,orders,'=Orders,-3.5,,,40,number,distinct orders\n"
    )


def test_a_second_run_in_another_folder_gives_the_same_bytes_and_the_same_name(published, printer):
    before, earlier = published.published(), read_manifest(published)
    stale = published.work / "2026-10" / "tables" / "stale.parquet"
    stale.write_bytes(b"")
    run(published.asked(again=True), printer)
    assert not stale.exists(), "a table of an earlier run is left in the way of this one"
    assert published.published() == before
    assert read_manifest(published)["run_id"] == earlier["run_id"]


def test_other_parameters_give_the_run_another_name(published, printer):
    names = {read_manifest(published)["run_id"]}
    run(published.asked(overrides={"churn.horizon_days": "45"}), printer)
    names.add(read_manifest(published)["run_id"])
    assert len(names) == 2
    assert read_manifest(published)["parameters"]["churn"]["horizon_days"] == 45


def test_the_next_period_names_its_predecessor_and_joins_the_front_door(published, printer):
    run(published.asked(as_of=date(2026, 12, 1)), printer)
    october, november = read_manifest(published), read_manifest(published, "2026-11")
    assert november["predecessor"] == {"period": "2026-10", "run_id": october["run_id"]}
    front = (published.reports / "index.html").read_text(encoding="utf-8").splitlines()
    assert [line.split()[0] for line in front] == ["2026-11", "2026-10"]


def test_only_one_notebook_runs_on_the_tables_that_are_there_and_publishes_nothing(published, printer):
    before = published.published()
    published.write("02_second", "from pathlib import Path\nPath(run_dir, 'tables').exists()")
    executed = run(published.asked(only="second"), printer)
    assert executed == published.work / "2026-10" / "notebooks" / "02_second.ipynb"
    assert "True" in executed.read_text(encoding="utf-8")
    assert published.published() == before
    of_the_run = json.loads((published.work / "2026-10" / "manifest.json").read_text(encoding="utf-8"))
    assert of_the_run["status"] == "published", "one notebook alone leaves the record of the run"
    alone = json.loads((published.work / "2026-10" / "manifest_02_second.json").read_text(encoding="utf-8"))
    assert alone["status"] == "done"


def test_only_says_what_a_full_run_would_refuse(published, printer):
    published.write("02_second", "'raw frame'")
    with pytest.raises(RunFailureError, match="raw frame") as failure:
        run(published.asked(only="second"), printer)
    assert failure.value.outcome is Outcome.REPORT_REFUSED
    assert (published.work / "2026-10" / "notebooks" / "02_second.ipynb").exists()


def own_chapter(series, stem):
    text = series.request.params_file.read_text(encoding="utf-8")
    series.request.params_file.write_text(f"{text}chapters: {{{stem}: What the weather did}}\n", encoding="utf-8")
    return load_checked(series.asked(chapters=()))


def test_a_chapter_of_the_shops_own_is_a_notebook_and_a_line(series):
    series.write("07_weather", "'rain'")
    params = own_chapter(series, "07_weather")
    asked = series.asked(chapters=())
    assert [each.page for each in chapters_in(asked, params)][-2:] == ["07_weather.html", "index.html"]
    assert "07_weather" in chapters_in(asked, params)[-1].needs
    assert "07_weather" not in unregistered(asked, params)


def test_a_notebook_that_nobody_registered_is_told_and_one_that_is_missing_refused(series):
    series.write("07_weather", "'rain'")
    assert "07_weather" in unregistered(series.asked(chapters=()), load_checked(series.asked(chapters=())))
    with pytest.raises(RunFailureError, match=r"no notebook 07_whether\.ipynb.*07_weather"):
        own_chapter(series, "07_whether")


@pytest.mark.parametrize("stem", ["03_churn", "weather"])
def test_a_chapter_of_ones_own_has_a_number_and_a_name_of_its_own(series, stem):
    with pytest.raises(RunFailureError, match=r"chapter of every report|chapters"):
        own_chapter(series, stem)


def test_out_stands_for_the_parent_of_reports_and_work(series, printer, tmp_path):
    page = run(series.asked(out=tmp_path / "elsewhere"), printer)
    assert page == tmp_path / "elsewhere" / "reports" / "tiny" / "2026-10" / "index.html"
    assert not series.reports.exists()


def test_a_page_that_fails_its_checks_stops_the_report(published, printer):
    before = published.published()
    published.write("02_second", "'raw frame'")
    with pytest.raises(RunFailureError) as failure:
        run(published.request, printer)
    assert failure.value.outcome is Outcome.REPORT_REFUSED
    assert failure.value.lines == ("notebook: 02_second", "its page failed its checks", "a raw frame is on the page")
    assert published.published() == before


@pytest.mark.parametrize("overrides", [{"chrun.horizon_days": "60"}, {"churn.horizon_days": "soon"}])
def test_bad_parameters_are_refused_before_anything_runs(series, printer, overrides):
    with pytest.raises(RunFailureError) as failure:
        run(series.asked(overrides=overrides), printer)
    assert failure.value.outcome is Outcome.BAD_PARAMETERS
    assert not series.work.exists()


def test_an_unknown_notebook_is_refused_with_the_nearest_name(series, printer):
    with pytest.raises(RunFailureError, match="Did you mean 02_second") as failure:
        run(series.asked(only="02_secnd"), printer)
    assert failure.value.outcome is Outcome.BAD_PARAMETERS


def test_a_notebook_that_lacks_a_parameter_is_refused(series, printer):
    path = series.folder / "notebooks" / "02_second.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("run_dir = None", "runs = None"), encoding="utf-8")
    with pytest.raises(RunFailureError, match="it must assign run_dir"):
        run(series.request, printer)


def test_a_run_waits_for_the_answer_that_decides_the_report_and_for_no_other(series, printer):
    file = series.request.params_file
    asks = "questions:\n  paid:\n    asks: Which is it?\n    decides: {}\n    answers: {{a: {{}}, b: {{}}}}\n"
    before = file.read_text()
    file.write_text(before + asks.format("money"))
    with pytest.raises(RunFailureError, match=r"questions\.paid\.answer is empty \(a \| b\): Which is it") as failure:
        run(series.request, printer)
    assert failure.value.outcome is Outcome.QUESTIONS_OPEN
    assert not series.reports.exists()
    run(series.asked(overrides={"questions.paid.answer": "b"}), printer)
    file.write_text(before + asks.format("surveys"))
    run(series.request, printer)


def test_a_library_s_warning_stops_no_publication_and_stands_in_the_manifest_without_values(series, printer):
    series.write(
        "02_second",
        "import warnings, sys\nwarnings.warn('divide by zero for \"Li Wei\"', RuntimeWarning)",
        "print('Li Wei', file=sys.stderr)",
        "'second'",
    )
    run(series.request, printer)
    manifest = (series.reports / "2026-10" / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(manifest)["warnings"][1:] == [
        '02_second, cell cell-1: RuntimeWarning: divide by zero for "…" (line 2 of the cell)',
        "02_second, cell cell-2: text on standard error",
    ]
    kept = (series.work / "2026-10" / "notebooks" / "02_second.ipynb").read_text(encoding="utf-8")
    assert all("Li Wei" not in line for line in (*manifest.splitlines(), *_outputs(kept)))


def _outputs(notebook):
    return [json.dumps(cell.get("outputs", [])) for cell in json.loads(notebook)["cells"]]
