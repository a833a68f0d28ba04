"""Scales told from answers, and answers told from codes."""

import numpy as np
import pandas as pd
import pytest

from crmlib.surveys.scales import Scale, codes_of, read_answers, usual_scale


def _answers(**counts):
    values = [float(value.removeprefix("v").replace("m", "-")) for value, n in counts.items() for _ in range(n)]
    return read_answers(pd.Series(values))


@pytest.mark.parametrize(
    ("counts", "scale", "codes"),
    [
        ({"v1": 4, "v2": 9, "v3": 20, "v5": 8, "v99": 3}, "1 to 5", [99]),
        ({"v1": 4, "v2": 9, "v3": 20, "v88": 1, "v99": 3}, "1 to 5", [88, 99]),
        ({"v2": 4, "v3": 9, "v4": 20, "v5": 8, "v9": 7}, "1 to 5", [9]),
        ({"v2": 4, "v3": 9, "v4": 20, "v5": 8, "v8": 7, "v9": 5}, "1 to 5", [8, 9]),
        ({"v1": 4, "v2": 9, "v3": 20, "v4": 8, "vm1": 2}, "1 to 5", [-1]),
        ({"vm99": 2, "v1": 9, "v7": 20, "v6": 8}, "1 to 7", [-99]),
        ({"v0": 28, "v2": 17, "v3": 77, "v4": 122, "v5": 56}, "1 to 5", [0]),
        ({f"v{value}": 12 for value in range(12)}, "0 to 10", [11]),
        ({f"v{value}": 12 for value in range(11)} | {"v98": 2}, "0 to 10", [98]),
        ({"v0": 3, "v35": 9, "v80": 20, "v100": 8, "v999": 2}, "0 to 100", [999]),
    ],
)
def test_what_stands_apart_from_a_scale_is_a_code(counts, scale, codes):
    found = _answers(**counts)
    assert (str(found.scale), found.codes.index.tolist()) == (scale, codes)
    assert found.n == sum(counts.values()) - found.codes.sum()


@pytest.mark.parametrize(
    ("counts", "scale"),
    [
        ({"v0": 5, "v1": 9}, "0 to 1"),
        ({"vm2": 5, "vm1": 9, "v0": 9, "v1": 3, "v2": 8}, "-2 to 2"),
        ({"v0": 5, "v100": 9}, "0 to 100"),
        ({"v0": 3, "v25": 9, "v50": 2, "v75": 4, "v99": 2}, "0 to 100"),
        ({"v1": 90, "v2": 60, "v3": 40, "v4": 20, "v5": 9, "v6": 4, "v7": 2, "v9": 1}, "1 to 10"),
        ({"v7": 2, "v9": 3}, "1 to 10"),
        ({"v0.5": 2, "v4.5": 3, "v5": 9}, "0 to 5"),
        ({"v0": 1, "v1": 30, "v2": 80, "v3": 80, "v5": 30}, "0 to 5"),
        ({"v0": 1, "v7": 9, "v8": 20, "v10": 9}, "0 to 10"),
        ({"v4": 1}, "1 to 5"),
    ],
)
def test_answers_of_a_scale_are_no_codes(counts, scale):
    found = _answers(**counts)
    assert (str(found.scale), len(found.codes)) == (scale, 0)


def test_nothing_answered_has_no_scale():
    found = read_answers(pd.Series([np.nan, np.inf, None]))
    assert (found.scale, found.n, found.is_constant) == (None, 0, False)


def test_words_are_no_answers():
    assert read_answers(pd.Series(["very satisfied", "4", "5"])).n == 2


@pytest.mark.parametrize(
    ("seen", "scale"),
    [
        ([2, 4], "1 to 5"), ([1, 6], "1 to 6"), ([0, 1], "0 to 1"), ([-2, 1], "-2 to 2"), ([3, 8], "1 to 10"),
        ([20, 80], "0 to 100"),
    ],
)  # fmt: skip
def test_the_smallest_usual_scale_holds_the_answers(seen, scale):
    assert str(usual_scale(np.array(seen, dtype=float))) == scale


def test_codes_lie_below_a_scale_or_beyond_a_gap_and_a_part_of_a_scale_is_counted_from_its_low_end():
    assert list(codes_of(pd.Series({-1.0: 3, 1.0: 9, 2.0: 20, 3.0: 30, 4.0: 8, 9.0: 7}))) == [-1.0, 9.0]
    assert list(codes_of(pd.Series({0.0: 20, 25.0: 9, 50.0: 4, 75.0: 12, 100.0: 30}))) == []
    assert (Scale(1, 5).upto(0.25), Scale(0, 100).upto(0.25)) == (2.0, 25.0)
