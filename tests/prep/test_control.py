"""The report held to the shop's own books to the cent: on page 01, in the manifest and in ``crm check``."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from crmlib import prep
from crmlib.params import ParameterError, load_parameters
from crmlib.prep import Study, fitness, verdict
from crmlib.prep.checking import check_sources
from crmlib.prep.control import Held, hold
from crmlib.prep.control_words import agreement, difference_sentences, period_label
from crmlib.prep.shown.account import books_tables
from crmlib.privacy.rules import DisclosureRules
from crmlib.results import read_cautions
from crmlib.words.saying import Speaker

NBSP = "\u00a0"
COLUMNS = {"order_id": "no", "ordered_at": "at", "product_id": "sku", "quantity": "qty", "amount": "money"}
SALES = [
    "1,2026-01-31 23:59,A,1,10.00", "2,2026-02-01,A,1,20.10", "2,2026-02-01,B,2,0.05", "3,2026-02-28 23:59,A,3,30.00",
    "3,2026-02-28,POST,1,4.90", "4,2026-02-14,A,-1,-20.10", "5,2026-02-14,A,1,0", "6,2026-03-01,A,1,77",
]  # fmt: skip


def delivered(*rows):
    """Give the sales of a till and of a web shop, and how they are read."""
    texts = {"till.csv": [*SALES, *rows], "web.csv": ["7,2026-02-14,A,1,5.00"]}
    return {
        "files": {
            name: "".join(f"{row}\n" for row in ["no,at,sku,qty,money", *lines]) for name, lines in texts.items()
        },
        "sources": {"transactions": [{"path": f"../data/{name}", "columns": COLUMNS} for name in texts]},
        "cleaning": {"non_products": ["POST"]},
    }


@pytest.fixture(scope="module")
def prepared(prepare_shop, tmp_path_factory):
    """Prepare the sales once: books are held against them when they are clean."""
    return prepare_shop(tmp_path_factory.mktemp("control"), **delivered())


@pytest.fixture
def kept(prepared):
    """Give a function that holds the sales to some books."""
    run, account = prepared

    def held(control):
        params = load_parameters(run.params.root / "shop.yaml", {"control": control})
        return replace(run, params=params), account

    return held


def checked(params, folder):
    """Give what ``crm check`` says of the books."""
    folder.mkdir()
    return check_sources(params, folder).control


def told(held):
    return {(each.period, each.source, each.measure): each.report for each in held}


def test_every_figure_is_that_of_the_page(kept):
    names = {"net_revenue": 1, "gross_revenue": 1, "returned": 1, "orders": 1, "units": 1, "lines": 1}
    control = {"2026-02": names | {"sources": {"till": names, "web": names}}, "2026-02-14": names, "2026-01": names}
    run, account = kept(control)
    figures = told(Study(run, account).held)
    assert figures["2026-02", "", "gross_revenue"] == Decimal("55.15")
    assert figures["2026-02", "", "returned"] == Decimal("20.10")
    assert figures["2026-02", "", "net_revenue"] == Decimal("35.05")
    assert figures["2026-02", "", "orders"] == 3
    assert figures["2026-02", "", "units"] == 7
    assert figures["2026-02", "", "lines"] == 7
    assert figures["2026-02", "till", "net_revenue"] == Decimal("30.05")
    assert figures["2026-02", "web", "orders"] == 1
    assert figures["2026-02-14", "", "net_revenue"] == Decimal("-15.10")
    assert figures["2026-01", "", "net_revenue"] == 10


def test_books_that_agree_are_said_and_leave_no_reservation(kept):
    run, account = kept({"2026-02": {"net_revenue": "35.05", "orders": 3}, "2026-03": {"net_revenue": 1}})
    found = Study(run, account)
    assert [each.agrees for each in found.held] == [True, True]  # March is not over
    assert f"The books of the shop agree to the cent: 2 figures of Feb{NBSP}2026." in verdict(found, run)[1]
    assert not any("books" in said for said in verdict(found, run)[2:])
    (table,) = books_tables(found.held, run)
    assert "Net revenue | Feb 2026 | €35.05 | €35.05 | €0.00" in table.text


def test_a_difference_changes_the_verdict_and_reaches_the_manifest(kept):
    run, account = kept({"2026-02": {"net_revenue": "35.06", "orders": 3}})
    found = Study(run, account)
    sentence = f"Net revenue of Feb{NBSP}2026 is €0.01 below the books of the shop: €35.05, not €35.06."
    assert fitness(found, run) == "reservations"
    assert verdict(found, run)[2] == sentence
    prep.show_key_figures(found, run)
    assert sentence in read_cautions(run.run_dir / "cautions")
    (table,) = books_tables(found.held, run)
    assert table.text.splitlines()[2] == "Net revenue | Feb 2026 | €35.06 | €35.05 | −€0.01"
    assert sentence in table.html.replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("books", "why"),
    [
        ("30.05", "; exactly the money of web"),
        ("50.15", f"; exactly the money of 14{NBSP}Feb{NBSP}2026"),
        ("39.95", "; exactly the money of postage, fees and vouchers"),
        ("55.15", "; exactly the money of what was taken back"),
        ("35.00", ""),
    ],
)
def test_only_what_is_exactly_the_difference_is_named(kept, books, why):
    run, account = kept({"2026-02": {"net_revenue": books}})
    (sentence,) = difference_sentences(Study(run, account).held, run.say)
    assert sentence.endswith(f", not €{books}{why}.")


def test_books_of_a_month_without_a_line_differ_by_all_they_have(kept):
    run, account = kept({"2025-06": {"net_revenue": 100, "lines": 4}})
    assert [each.difference for each in Study(run, account).held] == [-100, -4]


def test_without_books_the_page_is_as_it_was(kept):
    run, account = kept({})
    assert books_tables(Study(run, account).held, run) == ()


def test_units_that_lines_do_not_say_cannot_be_held(shop):
    run, account = shop(**delivered("8,2026-02-03,A,,3.00"), more={"control": {"2026-02": {"units": 8}}})
    held = Study(run, account).held
    assert (held[0].report, held[0].difference, held[0].agrees) == (None, None, False)
    assert "cannot be held against the books of the shop" in difference_sentences(held, run.say)[0]


def test_a_source_that_is_not_there_is_refused_with_the_nearest(shop):
    with pytest.raises(ParameterError, match=r"control.2026-02.sources: no source .* 'tilt'. Did you mean till\?"):
        shop(**delivered(), more={"control": {"2026-02": {"sources": {"tilt": {"lines": 1}}}}})


def test_check_tells_the_same_and_asks_for_a_figure_where_there_is_none(kept, tmp_path):
    run, _account = kept({"2026-02": {"net_revenue": "35.06", "orders": 3}})
    file = run.params.root / "shop.yaml"
    lines = checked(run.params, tmp_path / "one")
    assert "  Feb 2026, net revenue: books €35.06, report €35.05, difference −€0.01" in [
        line.replace(NBSP, " ") for line in lines
    ]
    assert lines[-1].replace(NBSP, " ") == "  Feb 2026, orders: 3, agrees"
    nothing = load_parameters(file, {"control": {}})
    asked = checked(nothing, tmp_path / "two")
    assert asked[1].replace(NBSP, " ") == "  Feb 2026: the report has net revenue €35.05 of 3 orders"
    assert "control: {2026-02: {net_revenue: ..., orders: ...}}" in asked[2]
    later = load_parameters(file, {"control": {"2026-03": {"lines": 1}}})
    assert checked(later, tmp_path / "three") == ("no month or day under `control` is over at 2026-03-01",)


def test_words():
    say = Speaker(DisclosureRules(), "EUR")
    held = [Held("2026-02", "", "orders", Decimal(1), Decimal(1)), Held("2026-03-04", "", "lines", Decimal(1), None)]
    assert agreement(held[:1], say).startswith("The books of the shop agree to the cent: one figure of Feb")
    assert agreement(held[:1] * 2, say) == f"The books of the shop agree to the cent: 2 figures of Feb{NBSP}2026."
    assert difference_sentences(held[:1], say) == []
    apart = Held("2026-10", "", "orders", Decimal(12), Decimal(10))
    sentence = f"Orders of Oct{NBSP}2026 are 2 fewer than in the books of the shop: 10, not 12."
    assert difference_sentences([apart], say) == [sentence]
    labels = [period_label(period, say) for period in ("2026-10", "2026-10-03")]
    assert labels == [f"Oct{NBSP}2026", f"3{NBSP}Oct{NBSP}2026"]
    assert hold(None, {}, date(2026, 3, 1)) == []
