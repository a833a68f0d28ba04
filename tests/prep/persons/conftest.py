"""A shop with members: who they are, what they said, what they bought."""

import pandas as pd
import pytest
import yaml

from crmlib.prep.persons.register import open_register

MEMBERS = {
    "customer_id": "card",
    "name": "name",
    "phone": "phone",
    "email": "mail",
    "consent": "agrees",
}
SALES = "no,at,sku,qty,price,who\n"
PEOPLE = "card,name,phone,mail,agrees\n"


@pytest.fixture
def club(shop):
    """Give a function that prepares a shop with a member list: sales and members as lines of CSV."""

    def prepared(sales, members, *, more=None, cleaning=None, sources=None, files=None):
        files = (files or {}) | {
            "a.csv": SALES + "".join(f"{line}\n" for line in sales),
            "members/list.csv": PEOPLE + "".join(f"{line}\n" for line in members),
        }
        given = {"customers": {"path": "../data/members/*.csv", "columns": MEMBERS}} | (sources or {})
        return shop(files, sources=given, more=more, cleaning=cleaning)

    return prepared


@pytest.fixture(scope="session")
def write_shop():
    """Give a function that writes such a shop's files and parameters into a folder, prepared by nobody yet."""

    def written(home, sales, members, *, sources=None, files=None):
        texts = (files or {}) | {
            "a.csv": SALES + "".join(f"{line}\n" for line in sales),
            "members/list.csv": PEOPLE + "".join(f"{line}\n" for line in members),
        }
        for name, text in texts.items():
            (home / "data" / name).parent.mkdir(parents=True, exist_ok=True)
            (home / "data" / name).write_text(text, encoding="utf-8")
        columns = {"order_id": "no", "ordered_at": "at", "product_id": "sku", "quantity": "qty", "unit_price": "price"}
        given = {
            "transactions": {"path": "../data/*.csv", "columns": columns | {"customer_id": "who"}},
            "customers": {"path": "../data/members/*.csv", "columns": MEMBERS},
        }
        params = {"series": "shop", "title": "A shop", "as_of": "2026-03-01", "privacy": {"demo_key": True}}
        file = home / "params" / "shop.yaml"
        file.parent.mkdir()
        file.write_text(yaml.safe_dump(params | {"sources": given | (sources or {})}), encoding="utf-8")
        return file

    return written


@pytest.fixture
def clean():
    """Give a function that reads a table of a run."""

    def read(run, table, folder="clean"):
        return pd.read_parquet(run.run_dir / folder / f"{table}.parquet")

    return read


@pytest.fixture
def register():
    """Give a function that opens the identity map of a run."""
    return lambda run: open_register(run.params, run.state_dir)
