"""Tables: words instead of raw values, captions, folding, and nothing of the data becomes HTML."""

from decimal import Decimal
from html import unescape
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shows, table


def stores(n=3, **columns):
    return pd.DataFrame({"store": [f"store {i}" for i in range(n)], "lines": range(n), **columns})


def shown(frame, columns, *, exact=("lines",), **settings):
    return table(disclose(frame, labels=["store"], exact=list(exact)), "Stores", columns, **settings)


STORE = {"store": Shows("Store")}
LINES = STORE | {"lines": Shows("Lines", "count")}


def test_what_a_table_says_in_a_terminal():
    assert shown(stores(2), LINES).text == "Stores\nStore | Lines\nstore 0 | 0\nstore 1 | 1"


def test_a_table_is_captioned_and_its_cells_have_heads():
    html = shown(stores(1), LINES).html
    assert "<caption><span>Stores</span></caption>" in html
    assert '<th scope="col">Store</th><th scope="col" class="n">Lines</th>' in html
    assert '<th scope="row">store 0</th><td class="n">0</td>' in html


def test_money_lines_up_in_a_column_and_keeps_its_digits_for_those_who_hover():
    frame = stores(2, spend=[Decimal("8911407.90"), Decimal("12.34")])
    made = shown(frame, STORE | {"spend": Shows("Spend", "money")}, exact=("lines", "spend"), currency="GBP")
    assert "£8,911,408" in made.html
    assert 'title="8,911,407.9"' in made.html
    assert made.text.endswith("store 1 | £12")


@pytest.mark.parametrize(
    ("values", "kind", "written"),
    [
        ([1.5, 20.25], "number", ["1.5", "20.2"]),
        ([0.1234, 0.5], "number", ["0.123", "0.500"]),
        ([3.0, 4.0], "number", ["3", "4"]),
        ([0.1, 0.256], "share", ["10.0 %", "25.6 %"]),
        ([12.0, 150.0], "days", ["12", "150"]),
        ([None, 5.0], "number", ["not observed", "5"]),
        ([pd.Timestamp("2026-10-02"), pd.NaT], "day", ["2 Oct 2026", "not observed"]),
        ([True, False], "text", ["yes", "no"]),
    ],
)
def test_cells_of_a_column_are_written_alike(values, kind, written):
    made = shown(stores(2, x=values), STORE | {"x": Shows("X", kind)}, exact=("lines", "x"))
    assert [row.split(" | ")[1] for row in made.text.splitlines()[2:]] == written


def test_intervals_stand_beside_their_value():
    frame = stores(1, rate=[0.31], low=[0.28], high=[0.34])
    made = shown(
        frame, STORE | {"rate": Shows("Rate", "share", low="low", high="high")}, exact=("lines", "rate", "low", "high")
    )
    assert made.text.splitlines()[-1] == "store 0 | 31.0 % (28.0 % to 34.0 %)"
    assert "Ranges are 95\u00a0% intervals." in made.html


def test_ranges_of_another_kind_are_left_to_the_caption():
    frame = stores(1, rate=[0.31], low=[0.28], high=[0.34])
    columns = STORE | {"rate": Shows("Rate", "share", low="low", high="high")}
    assert "Ranges" not in shown(frame, columns, exact=("lines", "rate", "low", "high"), confidence=None).html


def test_each_row_may_have_a_unit_of_its_own():
    frame = stores(
        3, x=[1234.5, 0.25, 7.0], unit=["money", "share", "count"], low=[1e3, None, None], high=[2e3, None, None]
    )
    columns = STORE | {"x": Shows("Value", kind_from="unit", low="low", high="high")}
    made = shown(frame, columns, exact=("lines", "x", "unit", "low", "high"), currency="EUR")
    assert [row.split(" | ")[1] for row in made.text.splitlines()[2:]] == ["€1,234 (€1,000 to €2,000)", "25.0 %", "7"]
    assert '<td class="n"' in made.html


def test_cells_lead_to_pages_of_the_report_only():
    frame = stores(1, page=["03_churn.html"])
    assert (
        '<a href="03_churn.html">store 0</a>'
        in shown(frame, {"store": Shows("Chapter", link="page")}, exact=("lines", "page")).html
    )
    with pytest.raises(ValueError, match="a page of this report"):
        shown(
            stores(1, page=["https://example.org"]), {"store": Shows("Chapter", link="page")}, exact=("lines", "page")
        )


def test_the_digits_of_a_share_do_not_give_the_people_behind_it_away():
    frame = stores(1, rate=[127 / 308])
    assert 'title="' not in shown(frame, STORE | {"rate": Shows("Rate", "share")}, exact=("lines", "rate")).html


def test_hidden_cells_and_rounding_are_explained():
    frame = pd.DataFrame({"store": ["a", "b"], "customers": [43, 4]})
    made = table(
        disclose(frame, labels=["store"], counts=["customers"]),
        "Stores",
        STORE | {"customers": Shows("Customers", "people")},
    )
    assert made.text.splitlines()[2:] == ["a | 45", "b | hidden"]
    assert "rounded to 5" in made.html
    assert "fewer than 10 people" in made.html
    assert ">4<" not in made.html


def test_other_words_for_what_was_not_observed():
    made = shown(stores(1, x=[None]), STORE | {"x": Shows("X", "number", missing="no survey")}, exact=("lines", "x"))
    assert "no survey" in made.html


@pytest.mark.parametrize(("rows", "folds"), [(10, False), (11, True)])
def test_a_table_folds_after_ten_rows(rows, folds):
    html = shown(stores(rows), LINES).html
    assert ("Show all 11 rows" in html) is folds
    assert html.count("<tr>") == rows + 1  # folded rows are there for search and print


def test_a_table_folds_after_seven_columns():
    extra = {f"x{i}": [1] for i in range(7)}
    columns = STORE | {name: Shows(name.upper(), "count") for name in extra}
    assert "Show all 8 columns" in shown(stores(1, **extra), columns, exact=("lines", *extra)).html


def test_names_show_the_colour_they_have_in_figures():
    made = shown(stores(1), {"store": Shows("Store", swatch=True)})
    assert '<i style="background:var(--' in made.html


def test_a_raw_frame_is_refused():
    with pytest.raises(TypeError, match="gate"):
        table(stores(), "Stores", LINES)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"caption": " ", "columns": LINES}, "caption"),
        ({"caption": "Stores", "columns": {"shop": Shows("Shop")}}, "not in the frame: shop; it has store, lines"),
        ({"caption": "Stores", "columns": {}}, "not in the frame"),
        ({"caption": "Stores", "columns": {"lines": Shows("Spend", "money")}}, "currency"),
        ({"caption": "Stores", "columns": {"lines": Shows("Lines", "furlongs")}}, "no unit"),
    ],
)
def test_tables_that_cannot_be_read_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        table(disclose(stores(), labels=["store"], exact=["lines"]), **settings)


def test_a_file_is_not_a_table():
    with pytest.raises(ValueError, match="500 at most"):
        shown(stores(501), LINES)


class Texts(HTMLParser):
    """Collect elements and text."""

    def __init__(self):
        super().__init__()
        self.tags, self.texts = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not [name for name, _value in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.texts.append(data)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=40))
def test_text_of_the_data_never_becomes_html(text):
    frame = pd.DataFrame({"store": [text], "lines": [1]})
    html = table(disclose(frame, labels=["store"], exact=["lines"]), text + "x", {"store": Shows(text or "x")}).html
    reader = Texts()
    reader.feed(html)
    reader.close()
    assert reader.tags <= {"div", "table", "caption", "span", "thead", "tbody", "tr", "th"}
    assert unescape(text) in unescape("".join(reader.texts)) or text in "".join(reader.texts)
