"""Clean tables of another period are taken over where they would be the same to the byte, and only there."""

import hashlib
import json

import pandas as pd
import pytest
import yaml

from crmlib.prep import prepare
from crmlib.workspace import open_run

LINES = "".join(f"{n},2026-0{1 + n % 4}-{1 + n % 28:02} 10:00,p{n % 5},1,5.00,c{n % 12}\n" for n in range(60))
ORDERS = f"no,at,sku,qty,price,who\n{LINES}C7,2026-04-20 10:00,p1,-1,5.00,c7\n"
MANIFEST = {"inputs": [["orders.csv", "hash"]], "parameters": {"series": "shop"}, "versions": {"code": "1"}, "keys": {}}
COLUMNS = {"order_id": "no", "ordered_at": "at", "product_id": "sku", "quantity": "qty", "unit_price": "price",
           "customer_id": "who"}  # fmt: skip


@pytest.fixture
def series(tmp_path):
    """Give a function that prepares a period as a run would, its manifest beside it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "orders.csv").write_text(ORDERS)
    (tmp_path / "data" / "people.csv").write_text("id,since\n" + "".join(f"c{n},2025-01-01\n" for n in range(12)))

    def prepared(as_of, *, folder="work", manifest=MANIFEST, **more):
        people = {"path": "../data/people.csv", "columns": {"customer_id": "id", "joined_at": "since"}}
        params = {
            "series": "shop", "title": "A shop", "as_of": as_of, "privacy": {"demo_key": True},
            "cleaning": {"returns": {"order_id_prefix": "C"}},
            "sources": {"transactions": {"path": "../data/orders.csv", "columns": COLUMNS}, "customers": people},
        } | more  # fmt: skip
        file = tmp_path / "params" / f"{as_of}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(yaml.safe_dump(params))
        run_dir = tmp_path / folder / "shop" / as_of[:7]
        run_dir.mkdir(parents=True, exist_ok=True)
        (run_dir / "manifest.json").write_text(json.dumps(manifest))
        run = open_run(file, run_dir=run_dir)
        return run, prepare(run)

    return prepared


def hashes(run):
    kept = [
        file for name in ("clean", "quarantine", "tables") for file in sorted((run.run_dir / name).rglob("*.parquet"))
    ]
    return {str(file.relative_to(run.run_dir)): hashlib.sha256(file.read_bytes()).hexdigest() for file in kept}


def lines_of(run):
    return pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")


def is_taken(run, other):
    first, second = (each.run_dir / "clean" / "transactions.parquet" for each in (run, other))
    return first.samefile(second)


@pytest.mark.parametrize(("first", "then"), [("2026-03-01", "2026-04-01"), ("2026-05-01", "2026-03-01")])
def test_another_month_of_the_same_delivery_is_the_same_to_the_byte(series, first, then):
    earlier, _ = series(first)
    taken, account = series(then)
    alone, by_itself = series(then, folder="elsewhere")
    assert is_taken(taken, earlier)
    assert hashes(taken) == hashes(alone)
    for name in ("files", "reconciliation", "rules", "steps", "links", "examples", "inventory", "shared_keys"):
        pd.testing.assert_frame_equal(getattr(account, name), getattr(by_itself, name))
    for name in ("persons", "accounts", "conflicts", "stand_ins", "masked", "key_id", "key_published", "doubts"):
        assert getattr(account, name) == getattr(by_itself, name)
    pd.testing.assert_frame_equal(account.recent.mix, by_itself.recent.mix)
    assert account.privacy.key_ids == by_itself.privacy.key_ids


def test_a_third_month_takes_over_from_the_second(series):
    months = [series(as_of)[0] for as_of in ("2026-02-01", "2026-03-01", "2026-04-01")]
    assert is_taken(months[2], months[1])
    assert is_taken(months[1], months[0])


@pytest.mark.parametrize("name", ["inputs", "parameters", "versions", "keys"])
def test_nothing_is_taken_over_of_another_delivery_mapping_code_or_key(series, name):
    earlier, _ = series("2026-03-01")
    later, _ = series("2026-04-01", manifest=MANIFEST | {name: ["other"] if name == "inputs" else {"other": 1}})
    assert not is_taken(later, earlier)


@pytest.mark.parametrize("read", [{"satisfaction": {"recommend": "nps"}}, {"language": "zh"}])
def test_scales_and_words_that_cleaning_reads_are_a_reason_to_clean_again(series, read):
    earlier, _ = series("2026-03-01")
    later, _ = series("2026-04-01", manifest=MANIFEST | {"parameters": MANIFEST["parameters"] | read})
    assert not is_taken(later, earlier)


def test_what_the_other_period_keeps_of_itself_is_left_alone(series):
    earlier, _ = series("2026-03-01")
    kept = {file.name: file.read_bytes() for file in (earlier.run_dir / "stage").iterdir()}
    taken, _ = series("2026-04-01")
    assert is_taken(taken, earlier)
    assert {file.name: file.read_bytes() for file in (earlier.run_dir / "stage").iterdir()} == kept
    assert json.loads((taken.run_dir / "stage" / "account.json").read_text())["as_of"] == "2026-04-01"


def test_chapters_parameters_are_no_reason_to_clean_again(series):
    earlier, _ = series("2026-03-01")
    other = MANIFEST | {"parameters": {"series": "shop", "churn": {"horizon_days": 45}, "as_of": "2026-04-01"}}
    later, _ = series("2026-04-01", manifest=other)
    assert is_taken(later, earlier)


def test_a_clean_table_that_somebody_changed_is_not_taken_over(series):
    earlier, _ = series("2026-03-01")
    file = earlier.run_dir / "clean" / "customers.parquet"
    file.write_bytes(file.read_bytes() + b"x")
    later, _ = series("2026-04-01")
    assert not is_taken(later, earlier)


def test_who_joins_after_the_end_of_the_report_is_judged_by_that_end(series, tmp_path):
    (tmp_path / "data" / "people.csv").write_text("id,since\nc1,2026-03-15\nc2,2025-01-01\n")
    earlier, account = series("2026-05-01")
    assert "outside_joined_at" not in set(account.rules["rule"])
    later, _ = series("2026-03-01")
    assert not is_taken(later, earlier)


def test_buyers_who_resell_are_told_by_what_the_report_sees(series):
    cleaning = {"accounts": {"wholesale": {"units_per_order": 1, "orders": 3}}}
    earlier, _ = series("2026-03-01", cleaning=cleaning)
    taken, _ = series("2026-04-01", cleaning=cleaning)
    alone, _ = series("2026-04-01", cleaning=cleaning, folder="elsewhere")
    orders = [run.run_dir / "clean" / "orders.parquet" for run in (earlier, taken)]
    assert orders[0].samefile(orders[1])
    assert not is_taken(taken, earlier)
    pd.testing.assert_frame_equal(lines_of(taken), lines_of(alone))
    kinds = [lines_of(run)["account_kind"] for run in (earlier, taken)]
    assert (kinds[0] == "wholesale").sum() < (kinds[1] == "wholesale").sum()


def test_where_resellers_have_no_number_nothing_is_taken_over(series):
    cleaning = {"accounts": {"wholesale": {"units_per_order": 1, "orders": 3}, "as_anonymous": ["wholesale"]}}
    earlier, _ = series("2026-03-01", cleaning=cleaning)
    taken, _ = series("2026-04-01", cleaning=cleaning)
    orders = [run.run_dir / "clean" / "orders.parquet" for run in (earlier, taken)]
    assert not orders[0].samefile(orders[1])


def test_without_a_manifest_nothing_is_kept_or_taken(series):
    run, _ = series("2026-03-01")
    (run.run_dir / "manifest.json").unlink()
    other = open_run(run.params.root / "2026-03-01.yaml", run_dir=run.run_dir.parent / "2026-04")
    prepare(other)
    assert not (other.run_dir / "stage").exists()
    assert not is_taken(other, run)
