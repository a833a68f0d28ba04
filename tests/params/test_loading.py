"""A parameters file becomes the typed model, or an error with file, line and remedy."""

import re
from datetime import date

import pytest

from crmlib.params import ParameterError, load_parameters, write_parameters

GOOD = """\
series: shop
title: A shop
as_of: 2026-11-01
sources:
  transactions:
    path: lines.csv
    columns: {ordered_at: When, amount: Paid, customer_id: Who}
churn:
  horizon_days: 60
"""


@pytest.fixture
def write(tmp_path):
    def _write(text):
        file = tmp_path / "shop.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return _write


def test_a_good_file_gives_the_model(write):
    params = load_parameters(write(GOOD))
    assert params.as_of == date(2026, 11, 1)
    assert params.sources.transactions[0].columns["amount"] == "Paid"
    assert params.churn.horizon_days == 60


def test_one_source_or_a_list_of_them(write):
    listed = GOOD.replace("    path: lines.csv\n    columns:", "  - path: lines.csv\n    columns:")
    assert load_parameters(write(listed)).sources == load_parameters(write(GOOD)).sources


def test_overrides_are_validated_and_none_is_ignored(write):
    params = load_parameters(write(GOOD), {"churn.horizon_days": "90", "churn.cutoffs": None, "privacy.threshold": 5})
    assert (params.churn.horizon_days, params.churn.cutoffs, params.privacy.threshold) == (90, 4, 5)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("horizon_days: 60", "horizn_days: 60", r":9: unknown key 'churn.horizn_days'. Did you mean horizon_days\?"),
        ("horizon_days: 60", "horizon_days: soon", r":9: churn.horizon_days: .*integer.*found 'soon'"),
        ("horizon_days: 60", "horizon_days: 1", r":9: churn.horizon_days: .*greater than or equal to 7; found 1"),
        ("series: shop\n", "", r"'series' is missing. Add it."),
        ("series: shop", "series: ../shop", r":1: series: a series is a folder name"),
        ("series: shop", 'series: "shop\\nmore"', r":1: series: a series is a folder name"),
        ("customer_id: Who", "custmer_id: Who", r"transactions has no column 'custmer_id'. Did you mean customer_id"),
        ("amount: Paid", "quantity: Paid", r"must map amount, or quantity and unit_price"),
        ("ordered_at: When, ", "", r"must map ordered_at"),
        ("path: lines.csv", "query: select 1", r"reads names under `files`, and there are none"),
        ("path: lines.csv", "delimiter: ','", r"give path .* url .* or query"),
        ("path: lines.csv", "path: lines.csv\n    url: sqlite:///a.db", r"either path or url, not both"),
        ("path: lines.csv", "path: lines.csv\n    colums: {}", r":7: unknown key .*colums'. Did you mean columns\?"),
        ("as_of: 2026-11-01", "as_of: 2026-13-01", r":3: as_of: .*valid date"),
    ],
)
def test_a_bad_file_is_refused_with_place_and_remedy(write, old, new, message):
    assert old in GOOD
    with pytest.raises(ParameterError, match=message):
        load_parameters(write(GOOD.replace(old, new)))


def test_every_error_is_told_at_once(write):
    bad = GOOD.replace("horizon_days: 60", "horizon_days: soon\n  cutoffs: many")
    with pytest.raises(ParameterError) as caught:
        load_parameters(write(bad))
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("churn.horizn_days", "60", r"-p churn.horizn_days: unknown key .*Did you mean horizon_days"),
        ("title.x", "1", r"-p title.x: 'title' is a single value"),
        ("churn.horizon_days", "[", r"cannot be read as a value"),
    ],
)
def test_a_bad_override_says_where_it_came_from(write, key, value, message):
    with pytest.raises(ParameterError, match=message):
        load_parameters(write(GOOD), {key: value})


def test_resolved_parameters_read_back_as_they_were(write, tmp_path):
    params = load_parameters(
        write(GOOD.replace("Paid", "'0123'").replace("A shop", "'店 no: 1e5'")), as_of="2026-10-01"
    )
    folder = tmp_path / "resolved"
    folder.mkdir()
    write_parameters(params, folder / "p.json")
    assert load_parameters(folder / "p.json") == params


def test_the_model_is_frozen(write):
    params = load_parameters(write(GOOD))
    with pytest.raises(ValueError, match=re.compile("frozen", re.IGNORECASE)):
        params.series = "other"
