"""The demo's parameters fit its raw files: every path is written, every mapped column is there."""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from crmlib.demo import Plan
from crmlib.demo.sales import NON_PRODUCTS, RETURN_PREFIX
from crmlib.params import Parameters, load_parameters


@pytest.fixture(scope="module")
def params(demo_home: Path) -> Parameters:
    """Load the demo's parameters beside raw files."""
    return load_parameters(demo_home / "params" / "demo.yaml")


def header(path: Path, encoding: str | None, sheet: str | None) -> set[str]:
    if path.suffix == ".parquet":
        return set(pq.read_schema(path).names)
    if path.suffix == ".xlsx":
        return set(CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()[0])
    if path.suffix == ".jsonl":
        return set(json.loads(path.read_text("utf-8").splitlines()[0]))
    if encoding is None:
        encoding = "utf-8-sig"
    names = pd.read_csv(path, encoding="utf-8-sig" if encoding == "utf-8" else encoding, nrows=0).columns
    return {name.strip() for name in names}


def test_every_mapped_column_is_in_every_file(params: Parameters) -> None:
    for sources in params.sources.given.values():
        for source in sources:
            pattern = (params.root / source.path).resolve()
            files = sorted(pattern.parent.glob(pattern.name))
            assert files, pattern
            for path in files:
                assert set(source.columns.values()) <= header(path, source.encoding, source.sheet), path.name


def test_all_tables_have_a_source(params: Parameters) -> None:
    assert len(params.sources.given) == 7


def test_dates_and_rules_are_the_simulations(params: Parameters) -> None:
    plan = Plan()
    assert params.as_of == plan.as_of
    assert params.cleaning.latest == plan.end
    assert params.cleaning.returns.order_id_prefix == RETURN_PREFIX
    assert set(params.cleaning.non_products) == set(NON_PRODUCTS)
    assert params.privacy.demo_key
