"""The page says who is left out, what counts as consent and where personal data were found; few people stay hidden."""

import pandas as pd

from crmlib.prep import Study, show_persons
from crmlib.prep.persons.account import links_by_channel


def said(run, account):
    return show_persons(Study(run, account), run)._repr_mimebundle_()[0]["text/plain"]


def test_the_page_says_what_was_found_without_small_numbers(club):
    members = [f"{n},Name {n},144000000{n:02},,{'yes' if n < 30 else 'no' if n < 45 else ''}" for n in range(10, 60)]
    sales = [f"{n},2026-02-01,call 14411111111,1,1,{n}" for n in range(10, 60)]
    text = said(*club(sales, members))
    assert "15 did not agree to analysis" in text
    assert "15 never said whether they agree, and count as not refused" in text
    assert "14411111111" not in text
    text = said(*club(sales[:8], members[18:26]))
    assert "fewer than 10 did not agree" in text


def test_columns_with_personal_data_are_named(shop):
    rows = "no,at,sku,qty,price,who\n" + "".join(f"{n},2026-02-01,{n}@example.com,1,1,7\n" for n in range(3))
    text = said(*shop({"a.csv": rows}))
    assert "were masked: transactions: product id (e-mail addresses)" in text
    assert "@example" not in text


def test_links_are_counted_by_key_and_channels():
    found = pd.DataFrame({"left": ["1", "web:a"], "right": ["mini:x", "1"], "key": ["phone", "phone"]})
    assert links_by_channel(found).values.tolist() == [["phone", "mini", "shared", 1], ["phone", "shared", "web", 1]]
