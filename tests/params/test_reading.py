"""YAML without its surprises."""

import time

import pytest

from crmlib.params.errors import ParameterError
from crmlib.params.reading import read_file, read_scalar


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0123", "0123"),
        ("12:30", "12:30"),
        ("no", "no"),
        ("2026-01", "2026-01"),
        ("2026-01-31", "2026-01-31"),
        ("1_000", "1_000"),
        ("true", True),
        ("null", None),
        ("-7", -7),
        ("0.25", 0.25),
        ("1e3", 1000.0),
        ("会员号", "会员号"),
    ],
)
def test_a_scalar_is_what_it_looks_like(text, value):
    assert read_scalar(text) == value


def test_equal_keys_are_refused_with_both_lines(tmp_path):
    file = tmp_path / "p.yaml"
    file.write_text("series: a\ntitle: T\nseries: b\n")
    with pytest.raises(ParameterError, match=r"p\.yaml:3: 'series' stands twice, first on line 1"):
        read_file(file)


def test_a_file_goes_over_what_it_extends(tmp_path):
    (tmp_path / "base.yaml").write_text("title: Base\nchurn: {horizon_days: 60, cutoffs: 3}\n")
    (tmp_path / "mine.yaml").write_text("extends: base.yaml\nchurn: {horizon_days: 90}\n")
    values, places = read_file(tmp_path / "mine.yaml")
    assert values == {"title": "Base", "churn": {"horizon_days": 90, "cutoffs": 3}}
    assert (places["churn", "cutoffs"].file.name, places["churn", "horizon_days"].file.name) == (
        "base.yaml",
        "mine.yaml",
    )


def test_extending_in_a_circle_is_refused(tmp_path):
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n")
    with pytest.raises(ParameterError, match="extends itself"):
        read_file(tmp_path / "a.yaml")


@pytest.mark.parametrize("text", ["a: [1", "- 1\n- 2\n", "just text", "a: !!python/object:os.system x\n"])
def test_what_is_no_mapping_of_plain_values_is_refused(tmp_path, text):
    (tmp_path / "p.yaml").write_text(text)
    with pytest.raises(ParameterError, match=r"p\.yaml"):
        read_file(tmp_path / "p.yaml")


def test_a_missing_file_suggests_its_neighbour(tmp_path):
    (tmp_path / "demo.yaml").write_text("")
    with pytest.raises(ParameterError, match=r"Did you mean demo\.yaml\?"):
        read_file(tmp_path / "dmeo.yaml")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "p.yaml").write_bytes("标题: 报告\n".encode("gb18030"))
    with pytest.raises(ParameterError, match="save it as UTF-8 text"):
        read_file(tmp_path / "p.yaml")


BOMBS = {
    "deep": ("series: " + "[" * 5000 + "]" * 5000, "nested deeper"),
    "a little too deep": ("series: " + "[" * 60 + "]" * 60, "nested deeper"),
    "itself": ("series: &a [*a]", r"bomb\.yaml:1: an alias refers to itself"),
    "by another": ("series: &a {b: &b [*a]}", "refers to itself"),
    "laughs": (
        "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)),
        "stand for more",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_nested_or_grows_without_end_is_refused_at_once(tmp_path, name):
    text, said = BOMBS[name]
    file = tmp_path / "bomb.yaml"
    file.write_text(text)
    started = time.process_time()
    with pytest.raises(ParameterError, match=said):
        read_file(file)
    assert time.process_time() - started < 1


def test_an_alias_is_what_it_names(tmp_path):
    file = tmp_path / "p.yaml"
    file.write_text("a: &shop {b: [1, 2]}\nc: *shop\nd: *shop\n")
    values, _ = read_file(file)
    assert values["c"] == values["d"] == {"b": [1, 2]}


def test_a_value_of_the_command_line_that_is_nested_without_end_is_refused():
    with pytest.raises(ParameterError, match="cannot be read as a value"):
        read_scalar("[" * 5000)
