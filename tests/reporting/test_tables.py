"""Tables: words instead of raw values, captions, folding, and nothing of the data becomes HTML."""

from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.privacy.rules import DisclosureRules
from crmlib.reporting import exact, gate, label, people
from crmlib.reporting.tables import table

RUN = SimpleNamespace(params=SimpleNamespace(currency="GBP"), rules=DisclosureRules())


def stores(n=3, **columns):
    return pd.DataFrame({"store": [f"store {i}" for i in range(n)], "lines": range(n), **columns})


def gated(frame, *columns):
    declared = {each.name for each in columns}
    return gate(frame, RUN, *columns, *(exact(name) for name in frame.columns if name not in declared))


def shown(frame, *columns, **settings):
    return gated(frame, *columns).table("Stores", **settings)


STORE = label("store", "Store")
LINES = (STORE, exact("lines", "Lines"))


def test_what_a_table_says_in_a_terminal():
    assert shown(stores(2), *LINES).text == "Stores\nStore | Lines\nstore 0 | 0\nstore 1 | 1"


def test_a_table_is_captioned_and_its_cells_have_heads():
    html = shown(stores(1), *LINES).html
    assert "<caption><span>Stores</span></caption>" in html
    assert '<th scope="col">Store</th><th scope="col" class="n">Lines</th>' in html
    assert '<th scope="row">store 0</th><td class="n">0</td>' in html


def test_money_lines_up_in_a_column_and_keeps_its_digits_for_those_who_hover():
    frame = stores(2, spend=[Decimal("8911407.90"), Decimal("12.34")])
    made = shown(frame, STORE, exact("spend", "Spend", "money"))
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
    made = shown(stores(2, x=values), STORE, exact("x", "X", kind))
    assert [row.split(" | ")[1] for row in made.text.splitlines()[2:]] == written


def test_intervals_stand_beside_their_value():
    frame = stores(1, rate=[0.31], low=[0.28], high=[0.34])
    made = shown(frame, STORE, exact("rate", "Rate", "share", low="low", high="high"))
    assert made.text.splitlines()[-1] == "store 0 | 31.0 % (28.0 % to 34.0 %)"
    assert "Ranges are 95\u00a0% intervals." in made.html


def test_ranges_of_another_kind_are_left_to_the_caption():
    frame = stores(1, rate=[0.31], low=[0.28], high=[0.34])
    rate = exact("rate", "Rate", "share", low="low", high="high")
    assert "Ranges" not in shown(frame, STORE, rate, confidence=None).html


def test_each_row_may_have_a_unit_of_its_own():
    frame = stores(
        3, x=[1234.5, 0.25, 7.0], unit=["money", "share", "count"], low=[1e3, None, None], high=[2e3, None, None]
    )
    made = shown(frame, STORE, exact("x", "Value", kind_from="unit", low="low", high="high", currency="EUR"))
    assert [row.split(" | ")[1] for row in made.text.splitlines()[2:]] == ["€1,234 (€1,000 to €2,000)", "25.0 %", "7"]
    assert '<td class="n"' in made.html


def test_cells_lead_to_pages_of_the_report_only():
    frame = stores(1, page=["03_churn.html"])
    chapter = label("store", "Chapter", link="page")
    assert '<a href="03_churn.html">store 0</a>' in shown(frame, chapter).html
    with pytest.raises(ValueError, match="a page of this report"):
        shown(stores(1, page=["https://example.org"]), chapter)


def test_the_digits_of_a_share_do_not_give_the_people_behind_it_away():
    frame = stores(1, rate=[127 / 308])
    assert 'title="' not in shown(frame, STORE, exact("rate", "Rate", "share")).html


def test_hidden_cells_and_rounding_are_explained():
    frame = pd.DataFrame({"store": ["a", "b"], "customers": [43, 4]})
    made = shown(frame, STORE, people("customers", "Customers"))
    assert made.text.splitlines()[2:] == ["a | 45", "b | hidden"]
    assert "rounded to 5" in made.html
    assert "fewer than 10 people" in made.html
    assert ">4<" not in made.html


def test_other_words_for_what_was_not_observed():
    made = shown(stores(1, x=[None]), STORE, exact("x", "X", "number", missing="no survey"))
    assert "no survey" in made.html


@pytest.mark.parametrize(("rows", "folds"), [(10, False), (11, True)])
def test_a_table_folds_after_ten_rows(rows, folds):
    html = shown(stores(rows), *LINES).html
    assert ("Show all 11 rows" in html) is folds
    assert html.count("<tr>") == rows + 1  # folded rows are there for search and print


def test_a_table_folds_after_seven_columns():
    extra = {f"x{i}": [1] for i in range(7)}
    columns = [exact(name, name.upper()) for name in extra]
    assert "Show all 8 columns" in shown(stores(1, **extra), STORE, *columns).html


def test_names_show_the_colour_they_have_in_figures():
    made = shown(stores(1), label("store", "Store", swatch=True))
    assert '<i style="background:var(--' in made.html


def test_a_raw_frame_is_refused():
    with pytest.raises(TypeError, match="gate"):
        table(stores(), "Stores")


@pytest.mark.parametrize(
    ("caption", "columns", "message"),
    [
        (" ", LINES, "caption"),
        ("Stores", [label("shop", "Shop")], "not in the frame: shop; it has store, lines"),
        ("Stores", [label("store")], "columns with a heading"),
        ("Stores", [STORE, exact("lines", "Lines", "furlongs")], "no unit"),
    ],
)
def test_tables_that_cannot_be_read_are_refused(caption, columns, message):
    with pytest.raises(ValueError, match=message):
        gated(stores(), *columns).table(caption)


def test_a_file_is_not_a_table():
    with pytest.raises(ValueError, match="500 at most"):
        shown(stores(501), *LINES)


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


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=40))
def test_text_of_the_data_never_becomes_html(text):
    frame = pd.DataFrame({"store": [text], "lines": [1]})
    html = gated(frame, label("store", text)).table(text + "x").html
    reader = Texts()
    reader.feed(html)
    reader.close()
    assert reader.tags <= {"div", "table", "caption", "span", "thead", "tbody", "tr", "th"}
    assert unescape(text) in unescape("".join(reader.texts)) or text in "".join(reader.texts)
