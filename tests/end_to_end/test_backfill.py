"""Three months of a small shop at once, their notebooks overlapping, give what the months give one after the other."""

import hashlib
import json
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import yaml

from crmlib.params import load_parameters
from crmlib.prep.persons.register import open_register
from tests.end_to_end.conftest import crm

pytestmark = pytest.mark.thorough  # tests/running/test_overlap.py holds the bytes of a tiny series
FIRST, LAST, PERIODS = date(2025, 6, 1), date(2026, 10, 31), ("2026-07", "2026-08", "2026-09")
KEPT = ("clean", "quarantine", "tables", "lists", "results", "cautions", "notebooks", "made_with")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Write a shop of 500 people who buy weekly, monthly or once, with names and telephones, and 12 articles."""
    folder = tmp_path_factory.mktemp("shop")
    for name in ("data", "params"):
        (folder / name).mkdir()
    rng = np.random.default_rng(7)
    rows, number = [], 0
    for person in range(500):
        day = FIRST + timedelta(days=int(rng.integers(0, 450)))
        pace, stays = rng.choice([9, 30, 70]), rng.integers(1, 500)
        while day <= min(LAST, FIRST + timedelta(days=int(stays) + (day - FIRST).days)):
            number += 1
            bought = rng.choice(12, size=int(rng.integers(1, 4)), replace=False)
            hours = [f"{day} {rng.integers(9, 19):02}:00" for _article in bought]
            basket = zip(hours, bought, strict=True)
            rows += [(number, at, f"p{article}", 1, 4 + int(article), f"c{person}") for at, article in basket]
            day += timedelta(days=1 + int(rng.exponential(pace)))
            stays -= pace
    orders = pd.DataFrame(rows, columns=["no", "at", "sku", "qty", "price", "who"])
    orders.to_csv(folder / "data" / "orders.csv", index=False)
    people = [(f"c{n}", f"Name {n}", f"1380013{n:04}", FIRST) for n in range(500)]
    pd.DataFrame(people, columns=["id", "name", "phone", "since"]).to_csv(folder / "data" / "people.csv", index=False)
    articles = [(f"p{n}", f"Article {n}", "ABC"[n % 3]) for n in range(12)]
    pd.DataFrame(articles, columns=["sku", "name", "kind"]).to_csv(folder / "data" / "articles.csv", index=False)
    columns = {
        "transactions": {"order_id": "no", "ordered_at": "at", "quantity": "qty", "product_id": "sku",
                         "unit_price": "price", "customer_id": "who"},
        "customers": {"customer_id": "id", "name": "name", "phone": "phone", "joined_at": "since"},
        "products": {"product_id": "sku", "name": "name", "category": "kind"},
    }  # fmt: skip
    files = {"transactions": "orders", "customers": "people", "products": "articles"}
    sources = {table: {"path": f"../data/{files[table]}.csv", "columns": columns[table]} for table in columns}
    params = {"series": "shop", "title": "A shop", "privacy": {"demo_key": True}, "sources": sources}
    (folder / "params" / "shop.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    return folder / "params" / "shop.yaml"


@pytest.fixture(scope="module")
def together(project, shop, tmp_path_factory):
    out = tmp_path_factory.mktemp("together")
    done = crm(project, "run", shop, "--from", PERIODS[0], "--to", PERIODS[-1], "--out", out)
    assert done.returncode == 0, done.stderr[-3000:]
    return out


@pytest.fixture(scope="module")
def apart(project, shop, tmp_path_factory):
    out = tmp_path_factory.mktemp("apart")
    for period in PERIODS:
        done = crm(project, "run", shop, "--month", period, "--out", out)
        assert done.returncode == 0, done.stderr[-3000:]
    return out


def hashes(folder, names=("*",)):
    """Hash all files of a folder but for those that hold times or paths of the run."""
    files = sorted(file for name in names for file in folder.glob(f"{name}/**/*") if file.is_file())
    return {
        str(file.relative_to(folder)): hashlib.sha256(_without_paths(file, folder)).hexdigest()
        for file in files
        if file.name not in {"manifest.json", "map.vault", "lock"}
    }


def _without_paths(file, folder):
    return file.read_bytes().replace(str(folder.parents[1]).encode(), b"")


@pytest.mark.parametrize("kept", ["reports", *(f"work {period}" for period in PERIODS), "state"])
def test_reports_tables_and_state_are_the_same_to_the_byte(together, apart, kept):
    where = {"reports": ("reports/shop", ("*",)), "state": ("work/shop", ("state",))}
    folder, names = where.get(kept, (f"work/shop/{kept.rpartition(' ')[2]}", KEPT))
    first, second = hashes(together / folder, names), hashes(apart / folder, names)
    assert first == second
    assert first


def test_the_shop_keeps_every_kind_of_state(together):
    names = {file.name.split("_")[0] for file in (together / "work" / "shop" / "state").glob("*.json")}
    assert names == {"rfm", "lifecycle", "found"}


def test_the_identity_map_is_the_same(together, apart, shop):
    params = load_parameters(shop, {}, date(2026, 10, 1))
    maps = [open_register(params, out / "work" / "shop" / "state") for out in (together, apart)]
    assert maps[0].meta == maps[1].meta
    for name, frame in maps[0].tables.items():
        pd.testing.assert_frame_equal(frame, maps[1].tables[name])


@pytest.mark.parametrize("period", PERIODS)
def test_the_manifests_differ_in_times_alone(together, apart, period):
    told = [json.loads((out / "reports" / "shop" / period / "manifest.json").read_text()) for out in (together, apart)]
    for each in told:
        del each["started"], each["finished"]
    assert told[0] == told[1]
