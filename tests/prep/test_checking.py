"""The check counts as the run does, line for line, and shows shapes only."""

import pandas as pd
import pytest

from crmlib.params import load_parameters
from crmlib.prep.checking import check_sources
from crmlib.prep.problems import shape

DIRT = (
    "no,at,sku,qty,price,who\n"
    "1,2026-01-05 10:00,A1,2,1.50,c1\n"
    "1,2026-01-05 10:00,A2,1,9.00,c1\n"
    "2,never,A1,1,1.50,c2\n"
    "3,2026-01-06 11:00,A1,one,1.50,c2\n"
    "4,2026-01-07 12:00,A3,1,0,\n"
    "5,1970-01-01 00:00,A1,1,1.50,c3\n"
    "too,few\n"
)
AGAIN = "no,at,sku,qty,price,who\n1,2026-01-05 10:00,A2,1,9.00,c1\n6,2026-02-01 09:00,A1,1,1.50,c3\n"


@pytest.fixture
def checked(shop, tmp_path):
    """Prepare a dirty shop, check it too, and give both accounts."""
    _run, account = shop({"a.csv": DIRT, "b.csv": AGAIN})
    folder = tmp_path / "landed"
    folder.mkdir()
    return account, check_sources(load_parameters(tmp_path / "params" / "shop.yaml"), folder)


def test_the_check_counts_what_the_run_counts(checked):
    account, check = checked
    (source,) = check.sources
    right = account.reconciliation.iloc[0]
    assert (source.lines, source.clean, source.set_aside, source.merged) == (9, 4, 4, 1)
    assert [source.lines, source.clean, source.set_aside, source.merged] == [
        int(right[name]) for name in ("lines_in", "clean", "quarantined", "merged")
    ]
    assert {(each.rule, each.lines) for each in check.problems} == set(
        account.rules[["rule", "lines"]].itertuples(index=False, name=None)
    )


def test_days_and_customers_are_of_clean_lines(checked):
    _account, check = checked
    (source,) = check.sources
    assert (f"{source.first:%Y-%m-%d}", f"{source.last:%Y-%m-%d}") == ("2026-01-05", "2026-02-01")
    assert source.customers == pytest.approx(3 / 4)
    assert source.files == 2


def test_problems_come_the_severest_first_with_their_first_line_and_remedy(checked):
    _account, check = checked
    ranks = ["stop", "quarantine", "merge", "warn"]
    assert [each.severity for each in check.problems] == sorted((e.severity for e in check.problems), key=ranks.index)
    found = {each.rule: each for each in check.problems}
    assert [(e.file, e.line, e.shape) for e in found["unreadable_ordered_at"].examples] == [
        ("a.csv", 4, "9,aaaaa,A9,9,9.99,a9")
    ]
    assert [(e.file, e.line, e.shape) for e in found["broken_line"].examples] == [("a.csv", 8, "aaa,aaa")]
    assert [(e.file, e.line) for e in found["delivered_twice"].examples] == [("b.csv", 2)]
    assert found["unreadable_quantity"].remedy.startswith("give `decimal`")
    assert found["too_early"].remedy == "look at `date_format`, or move `cleaning.earliest`"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("张伟,13812345678", "字字,99999999999"),
        ("Zoë O'Neil\t£1,2", "Aaa A'Aaaa £9,9"),
        ("１２ａ", "99a"),
        ("a\x00b\u2028c", "a a a"),
        ("", ""),
    ],
)
def test_a_shape_says_nothing(text, seen):
    assert shape(text) == seen


@pytest.mark.parametrize(("gone", "said"), [(range(0), 0), (range(60, 100), 1)])
def test_a_hole_is_said_before_the_run(shop, tmp_path, gone, said):
    days = pd.date_range("2025-09-01", periods=150)
    lines = [f"{n}-{k},{day:%Y-%m-%d},A,1,1.50,c{k}" for n, day in enumerate(days) if n not in gone for k in range(5)]
    run, _account = shop({"a.csv": "\n".join(["no,at,sku,qty,price,who", *lines, ""])})
    holes = check_sources(run.params, tmp_path).holes
    assert len(holes) == said
    assert all(each.startswith("On 40 days from 31\xa0Oct\xa02025 to 9\xa0Dec\xa02025") for each in holes)
