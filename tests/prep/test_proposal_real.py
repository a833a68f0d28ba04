"""From ``crm init`` on real deliveries to a passing ``crm check``: at most three edits by hand, which are these."""

import shutil

import pytest

from crmlib.demo import write_raw_files
from crmlib.params import load_parameters
from crmlib.running.checking import check_input
from crmlib.running.initial import write_initial
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.request import Request
from crmlib.running.run import run

MOST_EDITS = 3


@pytest.fixture
def proposed(tmp_path):
    """Give a function that proposes parameters for files, edits them, checks them, and gives both."""

    def made(files, edits):
        assert len(edits) <= MOST_EDITS
        file = tmp_path / "params" / "shop.yaml"
        write_initial([files], file)
        text = file.read_text(encoding="utf-8")
        for old, new in edits:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
        said = check_input(Request(file))
        lines = [line.split() for line in said[1 : said.index("")]]
        return load_parameters(file), {tuple(words[:2]): words[2:] for words in lines}

    return made


def counts(row):
    """Give lines in, clean, set aside and merged of a row of the check."""
    return [int(number.replace(",", "")) for number in row[1:5]]


def test_online_retail_needs_two_edits_about_what_is_no_product(proposed, shared_data, project):
    folder = shared_data / "online_retail" / "by-day"
    known = load_parameters(project / "params" / "online_retail.yaml")
    params, rows = proposed(
        folder,
        [
            (", DCGSSGIRL, DCGSSBOY, PADS, B, m]", ", C2, PADS, B, m]"),
            ("cleaning:\n", 'cleaning:\n  non_product_pattern: "^gift_"\n'),
        ],
    )
    (source,) = params.sources.transactions
    assert source.columns == known.sources.transactions[0].columns
    assert (params.as_of, params.currency, params.timezone) == (known.as_of, known.currency, known.timezone)
    assert params.cleaning.returns == known.cleaning.returns
    assert set(params.cleaning.non_products) == set(known.cleaning.non_products)
    assert source.path.endswith("by-day/*.csv")
    assert counts(rows["transactions", "by-day"]) == [541_909, 541_909, 0, 0]
    assert rows["transactions", "by-day"][5:] == ["75.1%", "2010-12-01", "2011-12-09"]


def test_cdnow_needs_two_edits_about_what_no_header_says(proposed, shared_data, project):
    known = load_parameters(project / "params" / "cdnow.yaml")
    params, rows = proposed(
        shared_data / "cdnow" / "CDNOW_sample.txt",
        [
            ("currency: EUR", "currency: USD"),
            ("sources:\n", "cleaning: {zero_price: purchase}\nsources:\n"),
        ],
    )
    (source,), (right,) = params.sources.transactions, known.sources.transactions
    positions = {name: f"column {place}" for place, name in enumerate(right.names, start=1)}
    assert source.columns == {canonical: positions[raw] for canonical, raw in right.columns.items()}
    assert (source.widths, source.header, source.format) == (right.widths, right.header, "fixed")
    assert (params.as_of, params.currency) == (known.as_of, known.currency)
    assert counts(rows["transactions", "CDNOW_sample"]) == [6_919, 6_919, 0, 0]


@pytest.mark.thorough
def test_the_olist_sample_needs_one_edit_and_joins_its_order_lines(proposed, shared_data):
    params, rows = proposed(shared_data / "olist" / "sample", [("currency: EUR", "currency: BRL")])
    (lines,) = params.sources.transactions
    assert lines.query == (
        'SELECT lines.*, orders."customer_id", orders."order_purchase_timestamp" '
        'FROM lines LEFT JOIN orders ON lines."order_id" = orders."order_id"'
    )
    assert lines.columns == {
        "customer_id": "customer_id",
        "order_id": "order_id",
        "line_id": "order_item_id",
        "ordered_at": "order_purchase_timestamp",
        "product_id": "product_id",
        "amount": "price",
        "store_id": "seller_id",
    }
    assert params.sources.surveys[0].columns == {
        "response_id": "review_id",
        "invited_at": "review_creation_date",
        "answered_at": "review_answer_timestamp",
        "order_id": "order_id",
        "comment": "review_comment_message",
        "score_satisfaction": "review_score",
    }
    assert params.sources.products[0].columns == {"product_id": "product_id", "category": "product_category_name"}
    assert params.sources.stores[0].columns == {
        "store_id": "seller_id",
        "city": "seller_city",
        "region": "seller_state",
    }
    # the samples were cut independently: 200 of the lines find their order, the others are shown as set aside
    assert counts(rows["transactions", "transactions"]) == [5_154, 200, 4_954, 0]
    assert counts(rows["surveys", "olist_order_reviews_da…"])[0] == 6_123


def test_chinese_listings_are_products_and_make_a_check_but_no_report(proposed, shared_data, tmp_path):
    params, rows = proposed(
        shared_data / "zh_cosmetics" / "cosmetic.csv",
        [("        name: title", "        brand: 店名\n        name: title")],
    )
    assert params.sources.transactions is None
    assert params.sources.products[0].columns == {"product_id": "id", "name": "title", "brand": "店名"}
    assert (params.currency, params.as_of) == ("CNY", None)
    assert counts(rows["products", "cosmetic"]) == [27_598, 3_497, 0, 24_101]
    with pytest.raises(RunFailureError, match="A report needs order lines") as refused:
        run(Request(tmp_path / "params" / "shop.yaml"), None)
    assert refused.value.outcome is Outcome.BAD_PARAMETERS
    assert not (tmp_path / "reports").exists()


@pytest.fixture(scope="module")
def small_demo(tmp_path_factory, project):
    """Write a small chain's raw files where the demo's parameters look for them."""
    home = tmp_path_factory.mktemp("demo")
    write_raw_files(home / "work" / "demo" / "raw", size=600)
    (home / "params").mkdir()
    shutil.copy(project / "params" / "demo.yaml", home / "params")
    return home


@pytest.mark.thorough
def test_the_demo_needs_no_edit_for_its_mapping(proposed, small_demo):
    """Its eleven sources are found under the right table with every column of the known parameters."""
    known = load_parameters(small_demo / "params" / "demo.yaml")
    params, rows = proposed(small_demo / "work" / "demo" / "raw", [])
    for table, sources in known.sources.given.items():
        found = {tuple(sorted(each.columns.items())) for each in params.sources.given[table]}
        assert found == {tuple(sorted(each.columns.items())) for each in sources}
    assert (params.as_of, params.currency, params.timezone) == (known.as_of, known.currency, known.timezone)
    assert params.cleaning.returns == known.cleaning.returns
    assert set(params.cleaning.non_products) == set(known.cleaning.non_products)
    written = {each.name: each for table in params.sources.given.values() for each in table}
    assert (written["till"].encoding, written["till"].missing) == ("gb18030", ["散客", "0000-00-00 00:00:00", "-99"])
    assert written["web"].date_format == "%d/%m/%Y %H:%M:%S"
    assert (written["accounts"].date_format, written["members"].sheet) == ("%d/%m/%Y", "会员")
    known_rows = check_input(Request(small_demo / "params" / "demo.yaml"))
    right = [line.split() for line in known_rows[1 : known_rows.index("")]]
    assert sorted(counts(row) for row in rows.values()) == sorted(counts(row[-8:]) for row in right)
