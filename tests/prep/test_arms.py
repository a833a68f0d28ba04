"""The arm of a campaign is read in the words of the source; an arm of its own keeps its name."""

import ibis
import pandas as pd
import pytest

from crmlib.prep.parsing import to_arm
from crmlib.prep.parsing.arms import CONTROL, TREATMENT


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Treatment", "treatment"), ("实验组", "treatment"), ("Test group", "treatment"), ("CONTROL", "control"),
        ("对照组", "control"), ("Kontrollgruppe", "control"), ("Ｃｏｎｔｒｏｌ", "control"), ("Offer B", "Offer B"),
        ("uncontrolled", "uncontrolled"), (None, None),
    ],
)  # fmt: skip
def test_an_arm_is_read_whatever_its_words(written, read):
    rows = ibis.memtable(pd.DataFrame({"arm": pd.Series([written], dtype="str")}))
    told = rows.select(arm=to_arm(rows.arm)).to_pandas()["arm"].iloc[0]
    assert told == read if read else pd.isna(told)


def test_no_word_is_of_both_arms():
    assert not {*TREATMENT.split("|")} & {*CONTROL.split("|")}
