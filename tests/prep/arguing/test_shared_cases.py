"""The shared cases: each export gives its right figures, or asks a question one of whose answers gives them."""

from decimal import Decimal

import pytest

from crmlib.engine import connect
from crmlib.params import load_parameters
from crmlib.prep.arguing import doubts_of, doubts_of_scales
from crmlib.prep.judging import judge_tables
from crmlib.prep.landing import land_tables
from crmlib.prep.marks import REFUND
from crmlib.prep.persons.consent import left_out
from crmlib.prep.proposal import Home, propose, write_proposal


@pytest.fixture
def cases(shared_data):
    folder = shared_data.parent / "cases"
    if not folder.exists():
        pytest.skip("../shared/cases is not there")
    return folder


@pytest.fixture
def proposed(cases, tmp_path):
    """Give the parameters that `crm init` writes for a case, and a way to judge the case's lines by them."""

    def made(name):
        exports = next(cases.rglob(f"{name}/exports")) if not (cases / name).exists() else cases / name / "exports"
        home = Home(tmp_path / "shop.yaml", "shop")
        home.file.write_text(write_proposal(propose([exports]), home), encoding="utf-8")
        return load_parameters(home.file), home.file

    return made


@pytest.fixture
def told(tmp_path):
    """Judge the lines of parameters and give net money, gross, lines, orders, and what contradicts them."""

    def judged(file, **answers):
        params = load_parameters(file, {f"questions.{name}.answer": answer for name, answer in answers.items()})
        folder = tmp_path / f"landed_{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        con = connect(params.engine)
        try:
            tables = judge_tables(con, land_tables(con, params, folder), params, folder)
            good = tables["transactions"].good
            counts = good.agg(
                gross=good.amount.sum(where=good.amount > 0), money=good.amount.sum(), lines=good.count(),
                orders=good.order_id.nunique(), customers=good.customer_id.nunique(), known=good.customer_id.count(),
                discount=good.discount.sum(), refunds=good[REFUND].sum() if REFUND in good.columns else None,
            ) if REFUND in good.columns else good.agg(
                gross=good.amount.sum(where=good.amount > 0), money=good.amount.sum(), lines=good.count(),
                orders=good.order_id.nunique(), customers=good.customer_id.nunique(), known=good.customer_id.count(),
                discount=good.discount.sum(),
            )  # fmt: skip
            found = counts.to_pandas().iloc[0].to_dict()
            found["net"] = Decimal(str(found["money"] or 0)) - Decimal(str(found.get("refunds") or 0))
            scales = list(doubts_of_scales(tables["surveys"], params)) if "surveys" in tables else []
            found["doubts"] = {each.key for each in (*doubts_of(tables["transactions"], params), *scales)}
            found["left_out"] = left_out(tables, params.privacy.consent)
            return found
        finally:
            con.disconnect()

    return judged


RIGHT = {
    "01_order_total_repeated": {"net": 90, "orders": 3, "customers": 2},
    "01b_order_total_repeated_jd": {"net": 550, "orders": 3},
    "02_overlap_status_changed": {"net": 70, "lines": 4},
    "03_newsletter_is_not_consent": {"net": 3821, "known": 120},
    "04_listed_not_paid_refund_ignored": {"net": Decimal("683.90"), "gross": Decimal("927.50"), "orders": 5},
    "05_shopify_orders": {"net": Decimal("72.99"), "gross": Decimal("167.99"), "orders": 3, "customers": 3},
    "06_minus_before_currency_sign": {"net": 324, "gross": 360},
    "07_two_decimal_marks": {"net": 63, "lines": 30},
    "08_currency_column": {"net": 320, "lines": 20},
    "09_discount_is_a_rate": {"net": 3600, "discount": 400},
    "10_cancelled_orders_are_sales": {"net": 540, "orders": 30},
    "11_day_totals_counted": {"net": 300, "orders": 30},
    "12_merged_cells": {"net": 600, "lines": 60, "orders": 20},
    "13_amount_is_units": {"net": 1800},
    "14_amazon_item_price": {"net": 1080},
    "15b_plain_three_columns": {"net": 2770, "lines": 60},
    "15c_nested_json_lines": {"net": 1200, "orders": 40, "lines": 80},
    "16_names_empty_and_odd": {"net": 400, "customers": 9},
    "17_amount_before_discount": {"net": 720},
    "18_ebay_dates": {"net": 480, "lines": 40},
    "19_returns_elsewhere": {"gross": 4000, "net": 3800},
    "xmerged2": {"orders": 12, "lines": 36, "known": 36},
}


@pytest.mark.parametrize("case", RIGHT)
def test_each_export_gives_its_right_figures_without_an_edit(proposed, told, case):
    params, file = proposed(case)
    found = told(file)
    assert {name: found[name] for name in RIGHT[case]} == RIGHT[case]
    assert not params.questions
    assert not found["doubts"]


def test_postage_within_what_was_paid_is_asked(proposed, told):
    params, file = proposed("15a_orders_taken_for_customers")
    assert list(params.questions) == ["shipping_in_total"]
    assert told(file, shipping_in_total="beside_it")["net"] == 4780
    assert told(file, shipping_in_total="contained")["net"] == 4780 - 40 * 6


@pytest.mark.parametrize(
    ("case", "question"), [("20_excel_broken_order_numbers", "broken_order_id"), ("sci_init", "broken_customer_id")]
)
def test_broken_numbers_are_asked_about(proposed, told, case, question):
    params, file = proposed(case)
    assert list(params.questions) == [question]
    assert params.questions[question].decides in ("orders", "customers")
    assert told(file, **{question: "without"})["net"] > 0
    with pytest.raises(Exception, match="cut by a spreadsheet"):
        told(file, **{question: "deliver_again"})


def test_a_leading_nought_is_no_group_of_thousands(proposed, told):
    _params, file = proposed("kilo_init")
    assert told(file)["gross"] < 2_500  # 200 lines of a few pieces at 6 to 8; 1,250 x 8,000 is 10


def test_withdrawn_consent_is_said_before_the_run(cases, told):
    found = told(cases / "consent_mixed" / "params" / "p.yaml")["left_out"]
    assert (found.customers, found.lines) == (10, 30)


@pytest.mark.parametrize(
    ("case", "doubt"), [("svy_codes", "codes_score_staff"), ("svy_rev", "reversed_score_satisfaction")]
)
def test_scales_of_a_survey_are_asked_about(cases, told, case, doubt):
    assert doubt in told(cases / case / "params" / "p.yaml")["doubts"]


@pytest.mark.parametrize("case", ["onemonth", "samespend", "twoplans", "fewactive", "pareto_warning", "rounded_change"])
def test_right_mappings_by_hand_are_left_in_peace(cases, told, case):
    assert told(cases / case / "params" / "p.yaml")["doubts"] == set()
