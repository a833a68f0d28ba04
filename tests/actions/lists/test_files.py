"""The lists as files: all for the head office, what each has to do for the stores."""

from types import SimpleNamespace

import pandas as pd
import pytest

from crmlib.actions.lists.files import file_name, show_lists, store_lists, written
from crmlib.actions.lists.plan import COLUMNS, FOR_THE_PAGE


def listed(*rows):
    """Give a list of customer, store, owner and arm."""
    told = pd.DataFrame(rows, columns=["customer_id", "store_id", "owner", "arm"])
    return told.assign(why="=1+1", value_at_stake=1.23456).reindex(columns=[*COLUMNS, *FOR_THE_PAGE])


ROWS = (("c1", "S1", "store", "contact"), ("c2", "S1", "store", "control"), ("c3", "S2", "head office", "contact"),
        ("c4", "s1", "store", "contact"), ("c5", None, "head office", "contact"))  # fmt: skip


def test_a_store_gets_what_it_has_to_do_and_nobody_who_is_left_alone():
    lists = store_lists(written(listed(*ROWS)))
    # two stores whose numbers differ in capitals alone are two files everywhere
    assert {name: part["customer_id"].tolist() for name, part in lists.items()} == {
        "store_S1": ["c1"],
        "store_s1~2": ["c4"],
    }


@pytest.mark.parametrize(
    ("store", "name"),
    [("S01", "S01"), ("../../etc", "etc"), ("上海 01", "上海-01"), ("a/b:c", "a-b-c"), ("??", "store")],
)
def test_a_file_name_holds_whatever_a_store_is_called(store, name):
    assert file_name(store) == name


def test_lists_are_written_for_a_spreadsheet_and_those_of_an_earlier_try_are_gone(run):
    folder = run.run_dir / "lists"
    show_lists(SimpleNamespace(listed=listed(("c9", "S9", "store", "contact"))), run)
    (folder / "store_S9.revealed.csv").write_text("kept")
    shown = show_lists(SimpleNamespace(listed=listed(*ROWS)), run)
    assert sorted(file.name for file in folder.glob("store_*")) == [
        "store_S1.csv",
        "store_S9.revealed.csv",
        "store_s1~2.csv",
    ]
    whole = pd.read_csv(folder / "contact_list.csv")
    assert tuple(whole.columns) == COLUMNS
    assert whole["customer_id"].tolist() == ["c1", "c2", "c3", "c4", "c5"]
    assert whole.loc[0, ["why", "value_at_stake"]].tolist() == ["'=1+1", 1.23]
    assert "2 for stores" in shown.text
    assert ".csv" not in shown.text


def test_an_empty_list_is_said(run):
    assert show_lists(SimpleNamespace(listed=listed()), run).text == "The list is empty this month."
