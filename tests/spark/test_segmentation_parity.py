"""The business, the customers, the cohorts and the baskets are the same on Spark as on DuckDB."""

from dataclasses import asdict
from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import BetaGeoNBD
from crmlib.demo.canonical import perfect_tables
from crmlib.demo.chain import simulate
from crmlib.demo.plan import Plan
from crmlib.engine import computed_once, connect
from crmlib.orders import as_orders, orders_by_category
from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.affinity.pairs import affinities
from crmlib.segmentation.business.decomposition import revenue_change
from crmlib.segmentation.business.glance import business_figures
from crmlib.segmentation.business.monthly import customer_months, monthly_figures
from crmlib.segmentation.business.people import window_people
from crmlib.segmentation.business.windows import report_windows
from crmlib.segmentation.cohorts.retention import cohort_retention
from crmlib.segmentation.cohorts.second_purchase import second_purchases
from crmlib.segmentation.cohorts.worth import customers_won
from crmlib.segmentation.customers.lifecycle import lifecycle_limits
from crmlib.segmentation.customers.rhythm import customer_rhythm, purchase_days, purchase_waits
from crmlib.segmentation.found.behaviour import behaviour
from crmlib.segmentation.found.proof import afterwards
from crmlib.segmentation.personas.comparison import segment_counts
from crmlib.segmentation.personas.dimensions import described
from crmlib.segmentation.prices.elasticity import order_size, weekly_prices
from crmlib.segmentation.prices.promotion import promotion_orders
from crmlib.segmentation.tags.history import history
from crmlib.segmentation.value.tracking import weekly_tracking

pytestmark = [
    pytest.mark.spark,
    # py4j leaves its sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
    # Ibis hands Spark's rows on through pandas with a keyword that pandas 3 no longer needs
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

AS_OF = date(2026, 10, 1)
SPLIT = date(2026, 6, 1)
MONEY = ("quantity", "unit_price", "amount", "discount", "cost", "points_redeemed", "unit_cost")
SECTION = SegmentationSection(basket_orders=10)
WINDOWS = report_windows(date(2024, 11, 1), AS_OF)


@pytest.fixture(scope="module")
def engines(spark, tmp_path_factory):
    """Open the demo's lines, products and members on both engines."""
    assert spark.version
    folder = tmp_path_factory.mktemp("lines")
    write(folder)
    names = ("transactions", "products", "customers")
    return {
        engine: {name: con.read_parquet(str(folder / f"{name}.parquet"), table_name=name) for name in names}
        for engine, con in (("duckdb", connect()), ("spark", connect("spark")))
    }


def write(folder):
    """Write clean tables as preparation would: money as decimals, times to the microsecond."""
    tables = perfect_tables(simulate(Plan(seed=1, members=250)))
    con = connect()
    for name in ("transactions", "products", "customers"):
        frame = tables[name]
        kept = frame[[column for column in frame.columns if column not in ("birth_date", "joined_at", "member_until")]]
        table = con.create_table(name, ibis.memtable(kept))
        casts = {column: table[column].cast("decimal(18, 4)") for column in MONEY if column in table.columns}
        if name == "transactions":
            casts["ordered_at"] = table.ordered_at.cast("timestamp(6)")
        table.mutate(**casts).to_parquet(folder / f"{name}.parquet")


def plain(frame):
    """Write numbers as floats and all else as text, sorted by all columns: engines differ in dtypes, not in values."""
    out = pd.DataFrame(index=range(len(frame)))
    for name in frame.columns:
        column = frame[name].reset_index(drop=True)
        numbers = pd.to_numeric(column, errors="coerce") if not pd.api.types.is_datetime64_any_dtype(column) else None
        if numbers is not None and numbers.notna().equals(column.notna()):
            out[name] = numbers.astype("float64")
        elif pd.api.types.is_datetime64_any_dtype(column) or name in ("day", "first_day", "earlier"):
            out[name] = pd.to_datetime(column).dt.strftime("%Y-%m-%d %H:%M:%S.%f").astype(object).fillna("–")
        else:
            out[name] = column.astype(object).where(column.notna(), "–").astype(str)
    return out.sort_values(list(out.columns), ignore_index=True)


def same(engines, asked):
    """Ask both engines, and compare row by row."""
    left, right = (plain(asked(**engines[engine])) for engine in ("duckdb", "spark"))
    assert len(left) > 0
    # sums of floats come after the engine, from equal integers and decimals: only their order may differ
    pd.testing.assert_frame_equal(left, right, check_dtype=False, rtol=1e-12)


ROWS = {
    "customer_months": lambda t: customer_months(t, AS_OF),
    "purchase_days": lambda t: purchase_days(t, AS_OF),
    "customer_rhythm": lambda t: customer_rhythm(t, AS_OF),
    "purchase_waits": lambda t: purchase_waits(t, AS_OF),
}
FRAMES = {
    "monthly_figures": lambda t: monthly_figures(t, AS_OF),
    "cohort_retention": lambda t: cohort_retention(t, AS_OF),
    "cohorts by week": lambda t: cohort_retention(t, AS_OF, by="week"),
    "cohorts by quarter": lambda t: cohort_retention(t, AS_OF, by="quarter"),
    "second_purchases": lambda t: second_purchases(t, AS_OF),
    "window_people": lambda t: window_people(t, WINDOWS, AS_OF, lost_after=120),
    "weekly_tracking": lambda t: weekly_tracking(t, SPLIT, AS_OF, BetaGeoNBD(r=0.6, alpha=5.0, a=0.8, b=2.5)),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_of_the_engine_agree(engines, name):
    same(engines, lambda transactions, **_tables: ROWS[name](transactions).to_pandas())


@pytest.mark.parametrize("name", FRAMES)
def test_frames_agree(engines, name):
    same(engines, lambda transactions, **_tables: FRAMES[name](transactions))


def test_the_glance_agrees_with_its_parts(engines):
    same(
        engines,
        lambda transactions, products, customers: business_figures(
            transactions,
            WINDOWS,
            AS_OF,
            categories=orders_by_category(transactions, products, as_orders(transactions)),
            members=customers,
            lost_after=120,
        ),
    )


def test_what_customers_won_bring_agrees(engines):
    same(engines, lambda transactions, products, **_tables: customers_won(transactions, AS_OF, products))


def test_the_limits_of_the_stages_agree(engines):
    one, two = (lifecycle_limits(tables["transactions"], AS_OF) for tables in engines.values())
    assert one == two


def test_the_change_of_revenue_agrees(engines):
    then, now = (date(2026, 8, 1), date(2026, 9, 1)), (date(2026, 9, 1), AS_OF)
    one, two = (revenue_change(tables["transactions"], then, now) for tables in engines.values())
    assert (one.then, one.now) == (two.then, two.now)
    pd.testing.assert_frame_equal(one.drivers, two.drivers)
    pd.testing.assert_frame_equal(one.groups, two.groups, check_dtype=False)


@pytest.mark.parametrize("of", ["articles", "categories"])
def test_what_goes_with_what_agrees(engines, of):
    one, two = (
        affinities(tables["transactions"], AS_OF, SECTION, tables["products"] if of == "categories" else None)
        for tables in engines.values()
    )
    assert (one.baskets, one.items, one.compared, one.found) == (two.baskets, two.items, two.compared, two.found)
    assert (one.larger.compared, one.larger.found) == (two.larger.compared, two.larger.found)
    pd.testing.assert_frame_equal(plain(one.pairs), plain(two.pairs), rtol=1e-9)
    pd.testing.assert_frame_equal(plain(one.larger.sets), plain(two.larger.sets), rtol=1e-9)


def test_a_table_is_computed_once_on_either(engines):
    for tables in engines.values():
        with computed_once(tables["transactions"].select("customer_id", "amount")) as kept:
            assert kept.count().execute() == tables["transactions"].count().execute()


def tidy(behaviour):
    """Put what customers did into one frame."""
    parts = [part.add_prefix(f"{name} ") for name, part in behaviour.parts.items()]
    return pd.concat([behaviour.customers, *parts], axis=1)


def test_what_segments_are_found_in_agrees(engines):
    same(engines, lambda transactions, products, **_t: tidy(behaviour(transactions, SPLIT, products)))


def test_what_segments_are_proved_by_agrees(engines):
    def asked(transactions, products, customers):
        ids = customers.select("customer_id").distinct().order_by("customer_id").to_pandas()["customer_id"]
        seen = afterwards(transactions, ids, SPLIT, 90, products)
        return pd.DataFrame(seen.categories).assign(customer=ids, spend=seen.spend)

    same(engines, asked)


def test_the_counts_behind_personas_agree(engines):
    def asked(transactions, products, customers):
        ids = customers.select("customer_id").distinct().order_by("customer_id").to_pandas()
        groups = ids.assign(segment=np.where(np.arange(len(ids)) % 3 == 0, "one", "other"))
        # the fixture leaves dates of the day out
        joined = customers.mutate(joined_at=ibis.timestamp("2025-03-01 00:00:00"))
        rows = described(transactions, AS_OF, {"customers": joined, "products": products})
        return segment_counts(rows, groups)

    same(engines, asked)


def test_the_months_behind_tags_agree(engines):
    def asked(transactions, products, **_tables):
        past = history(transactions, AS_OF, products)
        sums = {name: np.nansum(months, axis=1) for name, months in past.months.items()}
        counts = {name: part.groupby("row")["orders"].sum() for name, part in past.parts.items()}
        return pd.DataFrame({"customer": past.customers, **sums, **counts})

    same(engines, asked)


def test_prices_and_promotions_agree(engines):
    same(engines, lambda transactions, products, **_t: weekly_prices(transactions, AS_OF, products))
    same(engines, lambda transactions, **_t: promotion_orders(transactions, AS_OF))
    same(engines, lambda transactions, **_t: pd.DataFrame([asdict(order_size(transactions, AS_OF))]))
