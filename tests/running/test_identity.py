"""The run's name and its inputs."""

import pytest

from crmlib.params import ParameterError, load_parameters
from crmlib.running.identity import code_version, library_versions, run_id
from crmlib.running.inputs import read_inputs


def test_a_name_follows_from_parameters_inputs_and_code(series):
    params = load_parameters(series.request.params_file)
    inputs = read_inputs(params)
    names = {
        run_id(params, inputs, "code"),
        run_id(params, inputs, "other code"),
        run_id(params, inputs[:0], "code"),
        run_id(params.model_copy(update={"currency": "GBP"}), inputs, "code"),
    }
    assert len(names) == 4
    moved = params.model_copy(update={"root": series.folder})
    assert run_id(moved, inputs, "code") == run_id(params, inputs, "code")


@pytest.mark.parametrize(
    ("content", "lines"), [(b"", 0), (b"a\n", 1), (b"a\nb", 2), (b"a\r\nb\r\n", 2), ("姓名\n".encode("gb18030"), 1)]
)
def test_lines_are_counted_whatever_the_end(series, content, lines):
    (series.folder / "data" / "orders.csv").write_bytes(content)
    (found,) = read_inputs(load_parameters(series.request.params_file))
    assert (found.lines, found.bytes) == (lines, len(content))


def test_a_missing_file_is_refused_with_the_nearest_name(series):
    params = series.request.params_file
    params.write_text(params.read_text(encoding="utf-8").replace("*.csv", "order.csv"), encoding="utf-8")
    with pytest.raises(ParameterError, match=r"sources.transactions: no file matches .* Did you mean orders.csv"):
        read_inputs(load_parameters(params))


def test_code_is_known_by_its_content(series):
    notebooks = series.folder / "notebooks"
    before = code_version(notebooks)
    assert code_version(notebooks) == before
    series.write("01_first", "another cell")
    assert code_version(notebooks) != before


def test_versions_name_python_and_what_computes():
    assert {"python", "pandas", "duckdb", "papermill"} <= set(library_versions())
