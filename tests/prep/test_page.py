"""What page 01 rests on: months side by side, what came and went, gates, quality, examples; and what it says aloud."""

import re
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from crmlib import prep
from crmlib.chapters import CHAPTERS
from crmlib.params import limits
from crmlib.prep import Study, fitness, study, verdict
from crmlib.prep.quarantine import shape
from crmlib.prep.recent import compare, period_end, previous_inventory
from crmlib.prep.shown.change import MOVED, movements, stability_index
from crmlib.prep.shown.chapters import Need, needs
from crmlib.prep.shown.quality import fingerprint, share_of_cells
from crmlib.reporting import answer
from crmlib.workspace import open_run

HEADER = "no,at,sku,qty,price,who,shop,via,text\n"
COLUMNS = {
    "order_id": "no", "ordered_at": "at", "product_id": "sku", "quantity": "qty", "unit_price": "price",
    "customer_id": "who", "store_id": "shop", "channel": "via", "description": "text",
}  # fmt: skip


def written(rows):
    return HEADER + "".join(f"{row}\n" for row in rows)


@pytest.fixture
def sold(shop):
    """Give a function that prepares order lines, with any other tables beside them."""

    def prepared(*rows, files=None, sources=None, **more):
        everything = {"a.csv": written(rows)} | (files or {})
        source = {"columns": COLUMNS, "path": "../data/a.csv"}
        return shop(everything, source=source, sources=sources, **more)

    return prepared


def month(day, n, price=10, store="S1", via="web"):
    return [f"{day}-{i},{day},A,1,{price},{i},{store},{via},lamp" for i in range(n)]


def test_a_distribution_that_did_not_move_has_index_nought_and_one_that_did_is_told(sold):
    lines = [*month("2026-01-05", 300), *month("2026-02-05", 150), *month("2026-02-06", 150, 40, via="store")]
    run, account = sold(*lines)
    moved = movements(account.recent).set_index("kind")
    assert moved.loc["quantity", "index"] == 0
    assert moved.loc["quantity", "verdict"] == "stable"
    assert (moved.loc["amount", "before"], moved.loc["amount", "now"]) == (10, 25)
    assert moved.loc["amount", "verdict"] == moved.loc["channel", "verdict"] == "moved_much"
    assert moved.loc["channel", ["name", "before", "now"]].tolist() == ["store", 0, 0.5]
    assert "store_id" not in moved.index  # one store is no mix
    said = verdict(Study(run, account), run)
    assert any("money of a line moved much" in sentence for sentence in said)


def test_few_lines_have_no_index(sold):
    _run, account = sold(*month("2026-01-05", 199), *month("2026-02-05", 300, 40))
    moved = movements(account.recent).set_index("kind")
    assert moved.loc["amount", "verdict"] == "too_few"
    assert pd.isna(moved.loc["amount", "index"])


def test_the_index_is_the_published_one():
    # two bins of 50 % each that become 60 % and 40 %: 0.1 ln 1.2 + (−0.1) ln 0.8 = 0.0405 but for the half lines added
    now, before = pd.Series([60_000, 40_000]), pd.Series([50_000, 50_000])
    assert stability_index(now, before) == pytest.approx(0.04055, abs=1e-4)
    assert stability_index(pd.Series([0, 10]), pd.Series([10, 0])) > MOVED


def test_the_first_run_says_so_and_the_next_says_what_is_gone(sold):
    run, account = sold(*month("2026-01-05", 3, store="S1"), more={"as_of": "2026-02-01"})
    assert Study(run, account).changes is None
    assert "First run" in prep.show_change(Study(run, account), run).text
    run, account = sold(*month("2026-01-05", 3, store="S1"), *month("2026-02-05", 3, store="S2"))
    assert previous_inventory(run)[0] == "2026-01"
    found = Study(run, account)
    assert found.changes[1].values.tolist() == [["store_id", "S1", "vanished"], ["store_id", "S2", "new"]]
    assert any(sentence.startswith("Gone since the run for 2026-01: S1;") for sentence in verdict(found, run))
    assert fitness(found, run) == "reservations"
    assert "S1 | store | gone" in prep.show_change(found, run).text


def test_columns_that_files_lose_or_that_nobody_fills_any_more_are_gone(sold):
    sold(*month("2026-01-05", 3), more={"as_of": "2026-02-01"})
    rows = [row.rsplit(",", 1)[0] + "," for row in month("2026-02-05", 3)]
    run, account = sold(*month("2026-01-05", 3), *rows)
    changes = Study(run, account).changes[1]
    assert changes.values.tolist() == [["column", "description", "vanished"]]


@pytest.mark.parametrize(
    ("name", "end"),
    [("2026-12", date(2027, 1, 1)), ("2026-10-15", date(2026, 10, 15)), ("state", None), ("2026-13", None)],
)
def test_a_folder_tells_the_end_of_its_period(name, end):
    assert period_end(name) == end


def test_lines_are_sorted_by_what_they_are_and_their_money_adds_up(sold):
    run, account = sold(
        "1,2026-02-01,A,2,10,7,S1,web,lamp", "2,2026-02-02,A,-1,10,7,S1,web,lamp", "3,2026-02-03,A,1,0,7,S1,web,lamp",
        "4,2026-02-03,POST,1,5,7,S1,web,post", "C5,2026-02-04,POST,-1,5,7,S1,web,post",
        "6,2026-02-04,A,-3,0,,S1,web,lost",
        "7,2026-02-05,B,-1,30,7,S1,web,chair", "8,2026-03-05,A,-1,10,7,S1,web,lamp",
        cleaning={"non_products": ["POST"], "returns": {"order_id_prefix": "C"}},
    )  # fmt: skip
    composition = Study(run, account).composition
    assert composition.kinds.values.tolist() == [
        ["purchase", 1, 20], ["return", 2, -40], ["nothing_paid", 1, 0], ["service", 1, 5],
        ["cancelled_service", 1, -5], ["adjustment", 1, 0],
    ]  # fmt: skip
    # the return of March is not known yet
    assert composition.returns.values.tolist() == [["customer", 1, 10], ["none", 1, 30]]
    assert composition.matched_share == 0.25
    assert composition.whole == 0
    said = verdict(Study(run, account), run)
    assert any(sentence.startswith("Only 25.0\u00a0% of the money given back") for sentence in said)


def test_money_of_flagged_accounts_of_which_one_has_most_is_not_told(sold):
    tests = [f"t{i},2026-02-05,A,1,10,test{i:02},S1,web,lamp" for i in range(12)]
    staff = [f"s{i},2026-02-05,A,1,{10 if i else 1000},90{i},S1,web,lamp" for i in range(12)]
    rules = {"accounts": {"staff_ids": [f"90{i}" for i in range(12)]}, "outliers": None}
    run, account = sold(*tests, *staff, cleaning=rules)
    found = Study(run, account)
    flags = found.composition.flags.set_index("flag")
    assert flags.loc[["staff", "test"], "money"].tolist() == [1_110, 120]
    assert flags.loc[["staff", "test"], "largest"].round(3).tolist() == [0.901, 0.083]
    shown = prep.show_lines(found, run).text
    assert "Staff | 12 | hidden | 10" in shown
    assert "Accounts made for tests | 12 | €120.00 | 10" in shown


def test_tables_are_measured(sold):
    stores = {"path": "../data/stores.csv", "columns": {"store_id": "id", "city": "city"}}
    run, account = sold(
        "1,2026-02-01,A,1,10,7,S1,web,lamp", "2,2026-02-20,A,1,10,,S1,web,lamp", "3,never,A,1,10,7,S1,web,lamp",
        files={"stores.csv": "id,city\nS1,Ulm\nS1,Bonn\nS2,\n"}, sources={"stores": stores},
    )  # fmt: skip
    found = Study(run, account).quality.set_index("table")
    assert found.loc["transactions", ["lines", "valid", "unique"]].tolist() == [2, pytest.approx(2 / 3), 1]
    assert (found.loc["transactions", "last"], found.loc["transactions", "days_late"]) == (
        pd.Timestamp("2026-02-20"),
        8,
    )
    assert found.loc["stores", ["lines", "valid", "unique", "complete"]].tolist() == [2, 1, pytest.approx(2 / 3), 0.75]
    assert pd.isna(found.loc["stores", "last"])


def test_examples_show_what_was_wrong_and_nobody(sold):
    customers = {
        "path": "../data/people.csv",
        "columns": {"customer_id": "id", "name": "name", "phone": "phone", "birth_date": "born"},
    }
    people = "id,name,phone,born\n" + "".join(f"{i},张伟,1381234567{i % 10},1990-02-3{i % 2}\n" for i in range(24))
    run, account = sold(
        "1,never,A,1,10,900123456,S1,web,call 13812345678", "2,2026-02-01,A,one,10,7,S1,web,lamp", "3,2026-02-01,A",
        *[f"{i},2027-02-01,A,1,10,7,S1,web,lamp" for i in range(30)],
        files={"people.csv": people}, sources={"customers": customers},
        cleaning={"latest": "2026-03-02", "severity": {"unreadable_birth_date": "quarantine"}},
    )  # fmt: skip
    found = account.examples.groupby(["table", "rule"])["text"].agg(list)
    assert found["transactions", "unreadable_ordered_at"] == [
        "ordered at never · product id A · quantity 1 · unit price 10 · channel web · store id S1"
    ]
    assert "quantity one" in found["transactions", "unreadable_quantity"][0]
    assert found["transactions", "broken_line"] == ["9,9999-99-99,a"]
    assert len(found["transactions", "too_late"]) == 10
    assert set(found["customers", "unreadable_birth_date"]) == {"birth date 9999-99-99"}
    page = prep.show_rules(Study(run, account), run)
    for secret in ("13812345678", "900123456", "张伟", "1990-02-30"):
        assert secret not in page.html
    assert "<details" in page.html


def test_few_people_are_not_shown_one_by_one(sold):
    customers = {"path": "../data/people.csv", "columns": {"customer_id": "id", "birth_date": "born"}}
    run, account = sold(
        "1,2026-02-01,A,1,10,7,S1,web,lamp", files={"people.csv": "id,born\n7,1990-02-30\n8,1990-02-30\n"},
        sources={"customers": customers}, cleaning={"severity": {"unreadable_birth_date": "quarantine"}},
    )  # fmt: skip
    assert len(account.examples) == 2
    assert "9999-99-99" not in prep.show_rules(Study(run, account), run).html


@pytest.mark.parametrize(
    ("text", "expected"), [("张伟 138", "字字 999"), ("Ünï①", "aaaa"), ("", "–"), ("１２", "99"), ("a;b", "a;a")]
)
def test_a_shape_tells_no_content(text, expected):
    assert shape(text) == expected


def test_gates_say_what_is_enough_too_little_and_absent(sold):
    run, account = sold(*[f"{i},2026-01-0{d},A,1,10,{i},S1,web,lamp" for i in range(120) for d in (1, 2)])
    found = {each.part: each for each in needs(run)}
    assert (found["value of customers: repeat buyers"].found, found["value of customers: repeat buyers"].verdict) == (
        120,
        "enough",
    )
    assert (found["comparison with the year before"].found, found["comparison with the year before"].verdict) == (
        2,
        "too_little",
    )
    assert found["complaints"].verdict == "absent"
    text = prep.show_chapters(Study(run, account), run).text
    assert "segments of customers | Who the customers are | 10 | 120 | has what it needs" in text
    assert {each.chapter for each in found.values()} <= {each.stem for each in CHAPTERS}


def test_too_few_people_are_not_told_by_a_gate(sold):
    run, account = sold(*month("2026-02-01", 7))
    assert "fewer than 10 | too little" in prep.show_chapters(Study(run, account), run).text
    assert Need("03_churn", "x", 3, 3, "days").verdict == "enough"


def test_the_limits_are_those_of_the_chapters():
    from crmlib.satisfaction.drivers.key_drivers import FEWEST_ANSWERS
    from crmlib.segmentation.value.holdout import ENOUGH_REPEAT_BUYERS

    assert limits.REPEAT_BUYERS == ENOUGH_REPEAT_BUYERS
    assert limits.SURVEY_ANSWERS == FEWEST_ANSWERS


def test_churn_asks_for_as_many_horizons_as_its_gate_says():
    from crmlib.churn.history.cutoffs import Coverage, plan_cutoffs

    enough = date.fromordinal(date(2026, 1, 1).toordinal() + limits.CHURN_HORIZONS * 30)
    assert len(plan_cutoffs(Coverage(date(2026, 1, 1), enough), 30, 4).labelled) == 2
    short = date.fromordinal(enough.toordinal() - 1)
    assert len(plan_cutoffs(Coverage(date(2026, 1, 1), short), 30, 4).labelled) == 1


def test_the_answer_never_has_more_sentences_than_fit(sold):
    sold(*month("2026-01-05", 300, store="S9"), more={"as_of": "2026-02-01"})
    rows = [row.replace(f",{i},S9", ",,S9") for i, row in enumerate(month("2026-01-05", 300, store="S9"))]
    bad = [f"x{i},never,A,1,10,,S1,web,lamp" for i in range(20)]
    run, account = sold(
        *rows, *month("2026-02-05", 250, 90), *bad, *[f"R{i},2026-02-06,B,-1,90,{i},S1,web,chair" for i in range(9)]
    )
    said = verdict(Study(run, account), run)
    assert len(said) == 5
    assert said[0] == "The data can be used, with reservations."
    assert answer(*said).kind == "answer"


def test_nothing_to_ask_is_said(sold):
    run, account = sold(*[f"{d},2026-02-{d:02},A,1,10,7,S1,web,lamp" for d in range(1, 29)])
    found = Study(run, account)
    assert fitness(found, run) == "fit"
    assert verdict(found, run)[-1] == "There is nothing to ask the sources for."


def test_data_that_end_before_they_begin_are_unfit_and_the_page_stands(sold):
    run, account = sold("1,2026-02-05,A,1,10,7,S1,web,lamp", more={"as_of": "2026-01-01"})
    found = Study(run, account)
    assert fitness(found, run) == "unfit"
    assert verdict(found, run)[-1].startswith("No order line lies before the end of the period;")
    assert found.composition.kinds.empty
    assert found.composition.matched_share is None
    assert "fewer than 10 | too little" in prep.show_chapters(Study(run, account), run).text
    assert "no month before" in prep.show_change(found, run).text
    assert prep.show_days(found, run).kind == "insufficient"
    assert "All lines seen | 0" in prep.show_lines(found, run).text
    assert prep.show_key_figures(found, run).kind == "strip"


def test_too_much_set_aside_is_unfit(sold):
    rows = [f"{d},2026-02-{d:02},A,1,10,7,S1,web,lamp" for d in range(1, 29)]
    run, account = sold(*rows, *[f"x{i},never,A,1,10,7,S1,web,lamp" for i in range(4)])
    found = Study(run, account)
    assert fitness(found, run) == "unfit"
    assert "ask the source to deliver them again" in verdict(found, run)[2]


def test_every_part_of_the_page_can_be_shown_without_raw_values(sold):
    run, account = sold(
        *month("2026-02-05", 30), "x,2026-02-06,A,-1,10,3,S1,web,lamp", "y,2026-02-06,A,-1,10,,S1,web,lamp"
    )
    found = Study(run, account)
    parts = [show(found, run) for show in prep.PARTS]
    assert all(each.text.strip() and each.html.strip() for each in parts)
    html = "\n".join(each.html for each in parts)
    assert not re.search(r">(?:nan|NaN|None|NaT|<NA>)<", html)
    assert "c" + "0" * 16 not in html
    assert not re.search(r"\bc[0-9a-f]{16}\b", html)
    recorded = {each.name: each.value for each in run.results("01_data_prep")}
    assert recorded["returns_matched"] == 0.5
    assert Decimal(str(recorded["lines_in"])) == 32


def test_a_headline_is_one_number_in_answer_tile_table_and_results(sold):
    others = [f"x{i},{at},A,1,10,,S1,web,lamp" for at, n in (("2026-02-06", 30), ("never", 3)) for i in range(n)]
    run, account = sold(*month("2026-02-05", 1_200), *others)
    found = Study(run, account)
    pages = {show.__name__: show(found, run).text.replace("\xa0", " ") for show in prep.PARTS}
    results = {each.name: each for each in run.results("01_data_prep")}
    tiles = dict(line.split(": ", 1) for line in pages["show_key_figures"].splitlines())
    lines = {
        name: f"{results[f'lines_{name}'].value:,.0f}" for name in ("in", "clean", "quarantined", "merged", "seen")
    }
    assert lines == {"in": "1,233", "clean": "1,230", "quarantined": "3", "merged": "0", "seen": "1,230"}
    said = "Of {in} order lines {clean} are clean, {quarantined} were set aside (€30.00) and {merged} merged"
    assert said.format(**lines) in pages["show_answer"]
    row = "transactions: a | {in} | {clean} | {quarantined} | {merged} | 0"
    assert row.format(**lines) in pages["show_account"].splitlines()
    assert tiles["Order lines seen"] == lines["seen"]
    assert f"All lines seen | {lines['seen']} | €{results['money_seen'].value:,.2f}" in pages["show_lines"]
    assert tiles["Money seen"] == f"€{results['money_seen'].value:,.0f}"
    assert tiles["Lines set aside"] == f"{100 * results['lines_set_aside'].value:.1f} %"
    known = f"{100 * results['lines_with_customer'].value:.1f} %"
    assert tiles["Lines with a customer"] == known
    assert f"customer id {known}" in pages["show_quality"]
    assert {each.label for each in results.values()} >= set(tiles)


def test_a_second_preparation_of_the_same_files_says_the_same(sold):
    lines = [*month("2026-01-05", 30), *month("2026-02-05", 30)]
    first = sold(*lines)
    told = verdict(Study(*first), first[0])
    again = open_run(first[0].params.root / "shop.yaml")
    assert verdict(study(again), again) == told


def test_of_many_days_without_a_line_the_latest_are_listed(sold):
    days = [day for n, day in enumerate(pd.date_range("2022-01-01", "2026-02-28")) if n % 9 != 8]
    run, account = sold(*(f"{day:%j}{i},{day:%Y-%m-%d},A,1,10,{i},S1,web,lamp" for day in days for i in range(5)))
    found = Study(run, account)
    assert len(found.gaps) > 150
    page = prep.show_days(found, run)
    assert f"The latest 100 of {len(found.gaps):,} stretches of days" in page.html


def test_a_month_without_a_line_has_no_mean(sold):
    run, account = sold(*month("2026-01-05", 3))
    text = prep.show_change(Study(run, account), run).text
    assert "mean €10.00 before, not observed now" in text or "mean 1.00 before, not observed now" in text
    assert "nan" not in text


def test_what_came_and_what_went():
    now = pd.DataFrame({"kind": ["store_id", "channel"], "name": ["S2", "web"]})
    before = pd.DataFrame({"kind": ["store_id", "channel"], "name": ["S1", "web"]})
    assert compare(now, before).to_numpy().tolist() == [["store_id", "S1", "vanished"], ["store_id", "S2", "new"]]


def test_a_fingerprint_knows_no_order_and_empty_columns_are_not_delivered():
    assert (
        fingerprint(pd.Series(["ab", "cd"])) == fingerprint(pd.Series(["cd", "ab"])) != fingerprint(pd.Series(["ab"]))
    )
    assert share_of_cells(pd.DataFrame({"column": ["a", "b", "c"], "filled": [4, 2, 0], "rows": [4, 4, 4]})) == 0.75
