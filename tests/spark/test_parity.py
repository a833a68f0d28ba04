"""Spark gives DuckDB's tables, row by row: the same expressions on another engine."""

import pandas as pd
import pytest
import yaml

from crmlib.actions.campaigns.outcomes import campaign_people
from crmlib.actions.experiments.outcomes import outcomes
from crmlib.actions.lists.limits import contact_history
from crmlib.actions.membership.members import redeemed_points
from crmlib.actions.promotion.weeks import article_weeks
from crmlib.actions.response.contacted import contacted_people, contacts_over
from crmlib.demo import write_raw_files
from crmlib.features import customer_features, next_purchases, purchase_summary
from crmlib.prep import prepare
from crmlib.prep.shown.lines import compose
from crmlib.satisfaction.journey.steps import order_cells
from crmlib.satisfaction.service.complaints import complaints_among, read_contacts
from crmlib.satisfaction.service.followed import follow
from crmlib.satisfaction.service.rates import categories_ordered, members_orders
from crmlib.workspace import open_run

pytestmark = [
    pytest.mark.spark,
    # py4j leaves its sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
    # Ibis hands Spark's rows on through pandas with a keyword that pandas 3 no longer needs
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

MEMBERS = 120
ENGINES = ("duckdb", "spark")
TABLES = (
    "transactions",
    "orders",
    "customer_days",
    "customers",
    "products",
    "stores",
    "interactions",
    "surveys",
    "contacts",
)


@pytest.fixture(scope="module")
def runs(spark, tmp_path_factory, project):
    """Prepare the demo once on each engine."""
    assert spark.version
    home = tmp_path_factory.mktemp("parity")
    write_raw_files(home / "work" / "demo" / "raw", size=MEMBERS)
    params = yaml.safe_load((project / "params" / "demo.yaml").read_text(encoding="utf-8"))
    (home / "params").mkdir()
    opened = {}
    for engine in ENGINES:
        file = home / "params" / f"{engine}.yaml"
        text = yaml.safe_dump(params | {"engine": engine, "series": f"demo-{engine}"}, allow_unicode=True)
        file.write_text(text, encoding="utf-8")
        opened[engine] = open_run(file)
    accounts = {engine: prepare(run) for engine, run in opened.items()}
    return opened, accounts


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Write every value as text in one way, sorted by all columns: engines differ in dtypes, not in values."""
    text = frame.copy()
    for name in text.columns:
        column = text[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            naive = column.dt.tz_localize(None) if column.dt.tz is not None else column
            column = naive.dt.strftime("%Y-%m-%d %H:%M:%S.%f")
        elif column.dtype == object:
            column = column.map(_text)
        elif pd.api.types.is_float_dtype(column):
            column = column.map(lambda value: None if pd.isna(value) else repr(float(value)))
        text[name] = column.astype(object).where(frame[name].notna(), "–").astype(str)
    return text.sort_values(list(text.columns), ignore_index=True)


def _text(value):
    """Days come as dates or as timestamps at midnight, decimals with or without their last zeros."""
    if hasattr(value, "normalize") and hasattr(value, "quantize"):
        return f"{value:.4f}"
    if hasattr(value, "isoformat"):
        return f"{pd.Timestamp(value):%Y-%m-%d %H:%M:%S.%f}"
    return str(value)


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    assert len(left) > 0
    pd.testing.assert_frame_equal(plain(left), plain(right), check_dtype=False)


@pytest.mark.parametrize("table", TABLES)
def test_clean_tables_agree(runs, table):
    opened, _accounts = runs
    same(*(opened[engine].table(table).to_pandas() for engine in ENGINES))


@pytest.mark.parametrize("table", ["transactions", "customers"])
def test_quarantines_agree(runs, table):
    opened, _accounts = runs
    same(*(pd.read_parquet(opened[engine].run_dir / "quarantine" / f"{table}.parquet") for engine in ENGINES))


@pytest.mark.parametrize("frame", ["reconciliation", "rules", "links", "examples", "inventory"])
def test_accounts_agree(runs, frame):
    _opened, accounts = runs
    same(*(getattr(accounts[engine], frame) for engine in ENGINES))


def test_returns_undo_the_same_purchases(runs):
    opened, _accounts = runs
    same(*(opened[engine].frame("return_matches") for engine in ENGINES))


@pytest.mark.parametrize("frame", ["kinds", "returns", "flags"])
def test_lines_stand_for_the_same(runs, frame):
    opened, _accounts = runs
    same(*(getattr(compose(opened[engine]), frame) for engine in ENGINES))


@pytest.mark.parametrize("expression", [customer_features, purchase_summary, lambda t, d: next_purchases(t, d, 30)])
def test_features_agree(runs, expression):
    opened, _accounts = runs
    day = pd.Timestamp("2026-09-01").date()
    same(*(expression(opened[engine].table("transactions"), day).to_pandas() for engine in ENGINES))


def around_contacts(run):
    """Tell what customers buy around their contacts, as chapter 04 asks for it."""
    contacts, orders = read_contacts(run), run.table("orders")
    yield follow(orders, contacts, run.as_of).drop(columns="adopted")
    yield members_orders(orders, run.as_of)
    yield order_cells(orders, run.table("customer_days"), contacts, run.as_of, 90)
    yield categories_ordered(run, complaints_among(contacts))


def test_what_customers_buy_around_contacts_agrees(runs):
    opened, _accounts = runs
    for found in zip(*(around_contacts(opened[engine]) for engine in ENGINES), strict=True):
        same(*found)


def what_chapter_05_asks(run):
    """Tell what chapter 05 asks of contacts, orders, days and lines."""
    contacts, orders = run.table("contacts"), run.table("orders")
    people = campaign_people(contacts, orders, run.as_of, 14)
    yield people
    yield contacted_people(contacts_over(contacts, run.as_of, 14), orders, 14)
    yield contact_history(run)
    asked = people[["customer_id"]].drop_duplicates().head(60).reset_index(drop=True)
    yield outcomes(asked.assign(listed_on=pd.Timestamp("2026-09-01")), run.customer_days(), pd.Timestamp(run.as_of), 90)
    yield article_weeks(run.table("transactions"), run.as_of, run.table("products"))
    yield pd.DataFrame({"redeemed": [redeemed_points(run)]})


def test_what_chapter_05_asks_agrees(runs):
    opened, _accounts = runs
    for found in zip(*(what_chapter_05_asks(opened[engine]) for engine in ENGINES), strict=True):
        same(*found)
