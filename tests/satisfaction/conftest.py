"""A simulated chain with known truths, and a run that reads it as preparation would deliver it."""

from dataclasses import replace
from datetime import date

import ibis
import pandas as pd
import pytest

from crmlib.demo.canonical import perfect_tables
from crmlib.demo.chain import simulate
from crmlib.demo.plan import Plan
from crmlib.demo.truth import truth_of
from crmlib.params.sections import SatisfactionSection
from crmlib.satisfaction.answers.survey import make_survey
from crmlib.workspace import open_run

AS_OF = date(2026, 11, 1)


@pytest.fixture(scope="session")
def chain():
    """Simulate the demo chain as it is published."""
    return simulate(Plan())


@pytest.fixture(scope="session")
def truth(chain):
    """Give what is true of it."""
    return truth_of(chain)


@pytest.fixture(scope="session")
def clean(chain):
    """Give its canonical tables."""
    return perfect_tables(chain)


@pytest.fixture(scope="session")
def transactions(clean):
    """Give its order lines in the engine."""
    return ibis.memtable(clean["transactions"])


@pytest.fixture(scope="session")
def survey(clean):
    """Give its survey as of the demo's date."""
    return make_survey(clean["surveys"], AS_OF, SatisfactionSection())


def _open(folder, clean, project):
    run = open_run(project / "params" / "demo.yaml", run_dir=folder / "run")
    (run.run_dir / "clean").mkdir()
    for name, table in clean.items():
        table.to_parquet(run.run_dir / "clean" / f"{name}.parquet", index=False)
    people = clean["customers"][["customer_id"]]
    named = people.assign(segment=["loyal" if i % 3 else "new" for i in range(len(people))])
    run.write("segments", named, by=["customer_id"])
    return run


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory, clean, project):
    """Open a run of the demo whose clean tables are the simulated ones, with a segments table beside them."""
    return _open(tmp_path_factory.mktemp("demo"), clean, project)


@pytest.fixture
def own_run(tmp_path, clean, project):
    """Open such a run whose tables a test may change."""
    return _open(tmp_path, clean, project)


@pytest.fixture(scope="session")
def bare_run(tmp_path_factory, clean, project):
    """Open such a run without surveys and contacts: order lines are all that many a retailer has."""
    run = _open(tmp_path_factory.mktemp("bare"), clean, project)
    sources = run.params.sources.model_copy(
        update=dict.fromkeys(("surveys", "interactions", "contacts", "customers", "products", "stores"))
    )
    return replace(run, params=run.params.model_copy(update={"sources": sources}))


@pytest.fixture
def lines():
    """Give order lines of two customers and an anonymous sale that can be counted by hand."""
    rows = [
        ("a", "1", "2026-01-05", 100.0, False, True, "S1", "store"),
        ("a", "2", "2026-02-10", -40.0, True, True, "S1", "store"),
        ("a", "3", "2026-03-01", 60.0, False, True, "S2", "web"),
        ("a", "3", "2026-03-01", 5.0, False, False, "S2", "web"),
        ("b", "4", "2026-02-20", 50.0, False, True, None, "web"),
        (None, "5", "2026-02-21", 30.0, False, True, "S1", "store"),
        ("b", "6", "2026-04-02", 70.0, False, True, None, "web"),
    ]
    names = ["customer_id", "order_id", "ordered_at", "amount", "is_return", "is_product", "store_id", "channel"]
    frame = pd.DataFrame(rows, columns=names)
    units = frame["amount"].map(lambda amount: -1.0 if amount < 0 else 1.0)
    return ibis.memtable(frame.assign(ordered_at=pd.to_datetime(frame["ordered_at"]), quantity=units, product_id="P"))
