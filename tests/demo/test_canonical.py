"""The tables that a perfect preparation would deliver fit the vocabulary."""

from crmlib.demo import Chain
from crmlib.demo.canonical import perfect_tables
from crmlib.tables import TABLES


def test_tables_have_only_columns_of_the_vocabulary(chain: Chain) -> None:
    tables = perfect_tables(chain)
    assert set(tables) == set(TABLES)
    for name, frame in tables.items():
        known = {column.name for column in TABLES[name].clean}
        others = {column for column in frame.columns if column not in known and not column.startswith("score_")}
        assert not others, name
        assert {column.name for column in TABLES[name].columns if column.required} <= set(frame.columns) | {"amount"}


def test_keys_are_unique(chain: Chain) -> None:
    tables = perfect_tables(chain)
    for name in ("transactions", "customers", "products", "stores", "surveys", "contacts"):
        assert not tables[name].duplicated(list(TABLES[name].key)).any(), name


def test_everybody_named_is_a_customer(chain: Chain) -> None:
    tables = perfect_tables(chain)
    customers = set(tables["customers"]["customer_id"])
    for name in ("transactions", "interactions", "surveys", "contacts"):
        assert set(tables[name]["customer_id"].dropna()) <= customers, name
    products = set(tables["products"]["product_id"])
    sold = tables["transactions"]
    assert set(sold.loc[sold["is_product"], "product_id"]) <= products
