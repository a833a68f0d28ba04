"""Colours: told apart in grey and by colour-blind readers, the same for the same name."""

from itertools import combinations

import numpy as np
import pytest

from crmlib.reporting import palette

# Machado, Oliveira & Fernandes (2009), full deficiency, on linear RGB
SEEN_BY = {
    "all": np.eye(3),
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)


def linear(colour):
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    x, y, z = (
        np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116
        for v in TO_XYZ @ np.clip(rgb, 0, 1) / [0.95047, 1, 1.08883]
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one, other):
    light, dark = sorted((float(TO_XYZ[1] @ linear(c)) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_grey_print_keeps_the_series_apart():
    lightness = sorted(lab(linear(c))[0] for c in palette.SERIES)
    assert min(np.diff(lightness)) > 6  # a step of about 2 is just noticeable side by side


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_colour_blind_readers_tell_the_series_apart(eyes):
    seen = [lab(np.array(SEEN_BY[eyes]) @ linear(c)) for c in palette.SERIES]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 15  # CIE76; 2.3 is just noticeable


@pytest.mark.parametrize("role", ["ink", "muted", "blue", "caution", "alert"])
@pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])
def test_text_has_enough_contrast_on_light_and_dark_pages(role, page):
    assert contrast(palette.ROLES[role][page], palette.ROLES["surface"][page]) >= 4.5  # WCAG 2.2, AA


@pytest.mark.parametrize("background", [*palette.LOW_TO_HIGH, *palette.BELOW_TO_ABOVE])
def test_numbers_on_coloured_cells_can_be_read(background):
    assert contrast(palette.on(background), background) >= 3.6  # bold-size text needs 3


@pytest.mark.parametrize("alias", ["champions", "CHAMPIONS", " Champions ", "Ｃhampions"])
def test_the_same_name_has_the_same_colour(alias):
    assert palette.colour(alias) == palette.colour("Champions")


def test_any_other_name_has_a_colour_that_does_not_depend_on_the_process():
    # SHA-256 of the name modulo six, computed apart
    assert [palette.SERIES.index(palette.colour(name)) for name in ("南京路店", "Pudong", "web")] == [1, 0, 4]


def test_colours_give_one_for_each_name():
    assert palette.colours(["Loyal", "At risk"]) == {"Loyal": palette.GREEN, "At risk": palette.RED}
