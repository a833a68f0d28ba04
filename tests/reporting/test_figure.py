"""Figures: real text, own ids, the page's colours, the same bytes again, and never without their words."""

import re
import subprocess
import sys
import warnings
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib.privacy.rules import DisclosureRules
from crmlib.reporting import exact, figure, gate, label, palette
from crmlib.reporting.style import settings
from crmlib.reporting.svg import Described, page_svg

WORDS = {
    "title": "Loyal customers bring most",
    "alt": "Bars: loyal 900, lost 100.",
    "read": "Each bar is a segment.",
    "limits": "One month.",
    "source": "Transactions, Oct 2026, n = 1,000.",
}


RUN = SimpleNamespace(params=SimpleNamespace(currency="CNY"), rules=DisclosureRules())


def data(n=3):
    frame = pd.DataFrame({"name": [f"店 {i} $5-$10" for i in range(n)], "value": np.arange(n, dtype=float)})
    return gate(frame, RUN, label("name"), exact("value"))


def draw_bars(axes, frame):
    axes.barh(frame.name, frame.value, color=palette.BLUE)


def test_the_words_of_a_figure_are_words():
    html = figure(draw_bars, data(), **WORDS).html
    assert ">店 1 $5-$10<" in html
    assert "<figcaption>Loyal customers bring most</figcaption>" in html
    assert "Source: Transactions, Oct 2026, n = 1,000." in html


def test_a_figure_is_named_for_those_who_cannot_see_it():
    html = figure(draw_bars, data(), **WORDS).html
    assert 'role="img"' in html
    assert 'aria-label="Bars: loyal 900, lost 100."' in html
    assert "<desc>Bars: loyal 900, lost 100.</desc>" in html


@pytest.mark.parametrize("missing", WORDS)
@pytest.mark.parametrize("nothing", ["", "  ", None])
def test_a_figure_without_its_words_is_refused(missing, nothing):
    with pytest.raises(ValueError, match=missing):
        figure(draw_bars, data(), **WORDS | {missing: nothing})


@pytest.mark.parametrize("raw", [pd.DataFrame({"a": [1]}), {"a": pd.DataFrame()}, None])
def test_a_figure_of_raw_data_is_refused(raw):
    with pytest.raises(TypeError, match="gate"):
        figure(draw_bars, raw, **WORDS)


def test_draw_is_given_frames_with_money_as_floats_and_not_the_callers():
    given = gate(pd.DataFrame({"name": ["a"], "spend": [Decimal("1.50")]}), RUN, label("name"), exact("spend"))
    seen = {}

    def draw(_axes, frames):
        seen.update(frames)
        frames["one"].loc[0, "spend"] = 9.0

    figure(draw, {"one": given, "two": given}, **WORDS)
    assert seen["two"].spend.dtype == np.float64
    assert given.frame.spend.tolist() == [Decimal("1.50")]


def test_panels_give_draw_an_array_of_axes():
    shapes = []
    figure(lambda axes, _frame: shapes.append(axes.shape), data(), panels=(1, 2), **WORDS)
    assert shapes == [(2,)]


def test_the_same_figure_has_the_same_bytes():
    assert figure(draw_bars, data(), **WORDS).html == figure(draw_bars, data(), **WORDS).html


PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
import test_figure as t
sys.stdout.buffer.write(t.cloud(2_000).encode())
"""


def test_another_process_gives_the_same_bytes(request):
    program = PROGRAM.format(folder=str(request.path.parent))
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert other == cloud(2_000).encode()


def test_two_figures_share_no_ids():
    one = figure(draw_bars, data(3), **WORDS).html
    two = figure(draw_bars, data(4), **WORDS).html
    assert not set(re.findall(r'id="([^"]+)"', one)) & set(re.findall(r'id="([^"]+)"', two))


def test_what_points_inside_a_figure_finds_its_mark():
    html = figure(draw_bars, data(), **WORDS).html
    ids = set(re.findall(r'id="([^"]+)"', html))
    pointed = set(re.findall(r'href="#([^"]+)"', html)) | set(re.findall(r"url\(#([^)]+)\)", html))
    assert pointed
    assert pointed <= ids


def test_colours_follow_the_page_and_no_style_sheet_is_left():
    html = figure(draw_bars, data(), **WORDS).html
    assert "<style" not in html
    assert f"fill:var(--blue,{palette.BLUE})" in html
    assert "DejaVu" not in html
    assert "metadata" not in html


def test_colours_of_nobody_stay():
    raw = b'<svg xmlns="http://www.w3.org/2000/svg"><path style="fill: #123456; stroke: none"/></svg>'
    assert 'style="fill:#123456;stroke:none"' in page_svg(raw, Described("t", "a"), (1, 1))


def cloud(n):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"x": rng.normal(size=n), "y": rng.normal(size=n)})
    return figure(lambda axes, f: axes.scatter(f.x, f.y), gate(frame, RUN, exact("x"), exact("y")), **WORDS).html


def test_many_marks_become_a_picture_and_their_axes_stay_text():
    few, many = cloud(900), cloud(4_000)
    assert "data:image/png" not in few
    assert many.count("<image") == 1
    assert 'href="data:image/png;base64,' in many
    assert "<text" in many
    assert len(many) < 400_000


def test_a_product_called_five_to_ten_dollars_is_no_formula():
    assert settings()["text.parse_math"] is False


def test_letters_that_no_font_has_warn_nobody():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = pd.DataFrame({"name": ["\U00013000 ꙮ"], "value": [1.0]})
        figure(draw_bars, gate(frame, RUN, label("name"), exact("value")), **WORDS)


def test_settings_of_others_are_left_alone():
    import matplotlib as mpl

    before = mpl.rcParams["svg.fonttype"]
    figure(draw_bars, data(), **WORDS)
    assert mpl.rcParams["svg.fonttype"] == before


def test_an_empty_frame_with_dates_can_be_drawn():
    gaps = pd.DataFrame({"start": pd.to_datetime([]), "days": pd.Series([], dtype="int64")})
    shown = figure(
        lambda axes, frame: axes.plot([0, 1], [len(frame), 1]),
        gate(gaps, RUN, label("start"), exact("days")),
        title="No gaps",
        alt="A line.",
        read="Read.",
        limits="None.",
        source="Made up.",
    )
    assert shown.kind == "figure"
