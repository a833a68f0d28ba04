"""Nothing is asserted that was not delivered: unread money, lines dated years ahead, stand-ins, doubts."""

from dataclasses import replace

import pandas as pd
import pytest

from crmlib import prep
from crmlib.params import load_parameters
from crmlib.prep import Study, fitness, verdict
from crmlib.prep.checking import check_sources
from crmlib.prep.context_rules import first_far_ahead
from crmlib.results import read_cautions

NBSP = "\u00a0"
HEAD = "no,at,sku,qty,money,who\n"
COLUMNS = {"order_id": "no", "ordered_at": "at", "product_id": "sku", "quantity": "qty", "amount": "money",
           "customer_id": "who"}  # fmt: skip
EVERY_DAY = [f"{day:%y%m%d},{day:%Y-%m-%d},A,1,10.00,{day:%d}" for day in pd.date_range("2026-01-01", "2026-02-28")]


@pytest.fixture
def sold(shop):
    """Give a function that prepares order lines, with any other tables beside them."""

    def prepared(*rows, files=None, **more):
        everything = {"a.csv": HEAD + "".join(f"{row}\n" for row in rows)} | (files or {})
        return shop(everything, source={"path": "../data/a.csv", "columns": COLUMNS}, **more)

    return prepared


@pytest.fixture(scope="module")
def every_day(prepare_shop, tmp_path_factory):
    """Prepare a sale a day once."""
    files = {"a.csv": HEAD + "".join(f"{row}\n" for row in EVERY_DAY)}
    return prepare_shop(tmp_path_factory.mktemp("every_day"), files, source={"columns": COLUMNS})


def test_money_that_cannot_be_read_is_told_and_never_nought(sold):
    run, account = sold(*EVERY_DAY * 4, "r1,2026-02-03,A,1,minus ten,7", "r2,2026-02-04,A,1,minus five,7")
    found = Study(run, account)
    said = verdict(found, run)
    assert "2 were set aside and 177 merged" in said[1] or "2 were set aside and 0 merged" in said[1]
    assert said[1].endswith("; the money of 2 lines could not be read, all else agrees to the last one.")
    assert "€0.00" not in " ".join(said)
    assert said[2] == "The money of 2 lines could not be read; it may be what was taken back."
    assert fitness(found, run) == "reservations"


def test_unread_money_beside_returns_that_were_read_is_no_reservation_of_its_own(sold):
    back = "b1,2026-02-05,A,-1,-10.00,05"
    run, account = sold(*EVERY_DAY * 4, back, "r1,2026-02-03,A,1,ten,7")
    assert not any("may be what was taken back" in said for said in verdict(Study(run, account), run))


def test_lines_that_were_made_or_left_out_stand_in_the_account(every_day):
    run, account = every_day
    assert "Lines in = clean + quarantined + merged" in prep.show_account(Study(run, account), run).text
    rows = account.reconciliation.assign(made=[2], left_out=[1], money_made=[-4.5], money_left_out=[9.5])
    fuller = replace(account, reconciliation=rows)
    page = prep.show_account(Study(run, fuller), run).text
    assert "Lines in + made of refunds = clean + quarantined + merged + left out" in page
    assert "Money in + made of refunds = clean + quarantined + merged + left out" in page
    assert "−€4.50" in page
    said = verdict(Study(run, fuller), run)[1]
    assert ", 1 left out as the parameters say, with 2 made for what was taken back; " in said


def test_where_no_source_tells_returns_page_01_says_so(every_day, sold):
    run, account = every_day
    text = prep.show_lines(Study(run, account), run).html
    assert "What was taken back is not known: no source tells returns." in text
    assert "less what was taken back" not in text
    run, account = sold(*EVERY_DAY, "b1,2026-02-05,A,-1,-10.00,05")
    assert "less what was taken back: €580.00" in prep.show_lines(Study(run, account), run).html


def test_a_first_month_is_not_compared_with_one_that_is_not_there(sold):
    run, account = sold(*[row for row in EVERY_DAY if ",2026-02" in row])
    strip = prep.show_key_figures(Study(run, account), run)
    assert "Jan 2026" not in strip.text
    assert [each.previous for each in run.results("01_data_prep")] == [None] * 5
    assert "0.0 % before" not in prep.show_change(Study(run, account), run).text


def test_doubts_stand_first_and_reach_the_manifest(every_day):
    run, account = every_day
    found = Study(run, replace(account, doubts=("The column money may hold units.",)))
    assert fitness(found, run) == "reservations"
    assert verdict(found, run)[2] == "The column money may hold units."
    prep.show_key_figures(found, run)
    assert read_cautions(run.run_dir / "cautions") == ["The column money may hold units."]
    prep.show_key_figures(Study(run, account), run)
    assert read_cautions(run.run_dir / "cautions") == []


def test_lines_dated_years_ahead_are_set_aside_and_said(sold, tmp_path):
    run, account = sold(*EVERY_DAY, "x1,2031-05-05,A,1,10.00,7", "x2,2099-12-31,A,1,10.00,7")
    rules = account.rules.set_index("rule")["lines"]
    assert rules["far_ahead"] == 2
    found = Study(run, account)
    sentence = (
        "2 lines are dated a year or more beyond all the others and were set aside; ask the source for their dates."
    )
    assert sentence in verdict(found, run)
    assert found.gaps.empty
    assert "the date lies a year or more beyond all the others" in prep.show_rules(Study(run, account), run).text
    folder = tmp_path / "check"
    folder.mkdir()
    anywhere = load_parameters(run.params.root / "shop.yaml").model_copy(update={"as_of": None})
    check = check_sources(anywhere, folder)
    assert check.sources[0].last == pd.Timestamp("2026-02-28")
    assert [problem.rule for problem in check.problems] == ["far_ahead"]


def test_the_parameters_may_keep_lines_dated_years_ahead(sold):
    row = "x1,2031-05-05,A,1,10.00,7"
    run, account = sold(*EVERY_DAY, row, cleaning={"severity": {"far_ahead": "warn"}})
    assert account.rules.set_index("rule").loc["far_ahead", "severity"] == "warn"
    assert int(account.reconciliation["quarantined"].sum()) == 0
    assert not any("beyond all the others" in said for said in verdict(Study(run, account), run))


def days(*stretches):
    """Write days with their lines: start, number of days, lines a day."""
    parts = [pd.DataFrame({"day": pd.date_range(start, periods=n), "lines": lines}) for start, n, lines in stretches]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(
    ("stretches", "as_of", "first"),
    [
        ([("2024-01-01", 700, 5), ("2031-01-01", 1, 2)], None, "2031-01-01"),
        ([("2024-01-01", 700, 5), ("2027-01-01", 1, 2), ("2031-01-01", 1, 1)], None, "2027-01-01"),
        ([("2024-01-01", 700, 5), ("2031-01-01", 1, 2)], "2026-01-01", "2031-01-01"),
        ([("1990-01-01", 1, 1), ("2024-01-01", 700, 5), ("2031-01-01", 1, 1)], None, "2031-01-01"),
        # what lies before the end of the report is sold, after whatever hole
        ([("2024-01-01", 700, 5), ("2027-01-01", 1, 2)], "2027-02-01", None),
        # a shop that opened again
        ([("2024-01-01", 700, 5), ("2027-01-01", 60, 5)], None, None),
        # less than a year, too many, too little before, a shop that sells once a year
        ([("2024-01-01", 700, 5), ("2026-06-01", 1, 1)], None, None),
        ([("2024-01-01", 100, 5), ("2031-01-01", 10, 2)], None, None),
        ([("2024-01-01", 10, 1), ("2031-01-01", 1, 1)], None, None),
        ([(f"{year}-06-01", 1, 9) for year in range(2010, 2026, 2)] + [("2028-06-01", 1, 1)], None, None),
        ([("2024-01-01", 1, 5)], None, None),
    ],
)
def test_a_day_is_years_ahead_by_the_rhythm_of_the_days(stretches, as_of, first):
    found = first_far_ahead(days(*stretches), None if as_of is None else pd.Timestamp(as_of).date())
    assert (None if found is None else str(found)) == first


def test_a_customer_who_is_a_stand_in_is_nobody_known(sold):
    rows = [
        f"g{n},2026-02-{n + 1:02},A,1,10.00,{who}"
        for n, who in enumerate(("noemail@shop.com", "Guest", "unknown", "12"))
    ]
    run, account = sold(*rows)
    clean = run.table("transactions").to_pandas().sort_values("ordered_at")
    assert clean["customer_id"].notna().tolist() == [False, False, False, True]
    assert account.rules.set_index("rule").loc["placeholder_customer_id", ["severity", "lines"]].tolist() == ["warn", 3]
    assert account.persons == 1


def test_customers_with_stand_ins_are_not_joined_and_one_who_is_one_is_set_aside(sold):
    people = "id,mail,tel\n1,test@test.com,13800000000\n2,test@test.com,0000000000\n3,li@wei.cn,13800000000\n"
    people += "4,li@wei.cn,13812345678\nguest@shop.com,guest@shop.com,\n"
    customers = {"path": "../data/p.csv", "columns": {"customer_id": "id", "email": "mail", "phone": "tel"}}
    run, account = sold(*EVERY_DAY[:4], files={"p.csv": people}, sources={"customers": customers})
    assert account.rules[account.rules["table"] == "customers"][["rule", "severity"]].values.tolist() == [
        ["placeholder_customer_id", "quarantine"], ["same_person", "merge"],
    ]  # fmt: skip
    assert account.links.values.tolist() == [["email", 1]]
    assert account.stand_ins == 3
    assert "fewer than 10 numbers tell a stand-in for a key" in prep.show_persons(Study(run, account), run).text


def days_sold(*spans):
    """Write four orders a day."""
    return [
        f"{day:%y%m%d}{n},{day:%Y-%m-%d},A,1,10.00,{n}"
        for start, end in spans for day in pd.date_range(start, end) for n in range(4)
    ]  # fmt: skip


def test_a_year_without_a_sale_is_a_reservation_and_drawn(sold):
    run, account = sold(*days_sold(("2024-08-01", "2024-12-31"), ("2026-01-01", "2026-02-28")))
    found = Study(run, account)
    first, last = f"1{NBSP}Jan{NBSP}2025", f"31{NBSP}Dec{NBSP}2025"
    said = f"On 365 days from {first} to {last}, which usually have sales, there are none; ask for their files."
    assert fitness(found, run) == "reservations"
    assert said in verdict(found, run)
    page = prep.show_days(found, run)
    assert "365 days that usually have sales have none" in page.text
    assert "public holidays are known only of a country that is named" in page.html


def test_days_missing_at_the_end_are_an_incomplete_period_and_holidays_are_no_fault(sold):
    spans = (("2025-09-01", "2025-12-24"), ("2025-12-27", "2025-12-31"), ("2026-01-02", "2026-02-26"))
    run, account = sold(*days_sold(*spans), more={"country": "DE"})
    found = Study(run, account)
    assert found.gaps.astype(str).values.tolist() == [["2026-02-27", "2026-02-28", "2"]]
    assert found.is_late
    late = f"The last line is of 26{NBSP}Feb{NBSP}2026: the period is not complete; ask for the rest."
    assert [each for each in verdict(found, run) if "ask" in each] == [late]
    assert "the public holidays of DE are no fault" in prep.show_days(found, run).html
