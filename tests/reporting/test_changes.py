"""How a figure moved."""

import pytest

from crmlib.reporting import changes


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ((0.31, 0.295, "share"), "1.5 points"),
        ((90, 120, "people"), "25.0 %"),
        ((50.0, -10.0, "money"), "£60.00"),
        ((0.708, 0.667, "share", 0.06), ""),
        ((0.5, 0.4, "share", 0.004), "10 points"),
        ((0.5, 0.4, "share", 0.03), "7.0 to 13.0 points"),
    ],
)
def test_a_change_is_told_as_far_as_it_is_sure(moved, said):
    now, before, unit, *unsure = moved
    assert changes.size(now, before, unit, "GBP", *unsure).replace("\u00a0", " ") == said


@pytest.mark.parametrize(("unsure", "said"), [(0.0, "−10.0 points"), (0.03, "down 7.0 to 13.0 points")])
def test_a_change_has_its_sign_or_its_way_in_words(unsure, said):
    assert changes.signed(0.4, 0.5, "share", "GBP", unsure).replace("\u00a0", " ") == said
