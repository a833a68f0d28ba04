"""The drawings that chapters share."""

import pandas as pd
import pytest
from matplotlib import rc_context
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from crmlib.reporting import palette
from crmlib.reporting.figures import bars, calendar, calibration, dots, heatmap, label_ends, lines
from crmlib.reporting.style import settings
from crmlib.reporting.ticks import tick
from crmlib.words import formats

SEGMENTS = pd.DataFrame(
    {"segment": ["Loyal", "New", "Lost"], "rate": [0.6, 0.3, None], "low": [0.5, 0.2, None], "high": [0.7, 0.4, None]}
)


@pytest.fixture
def axes():
    with rc_context(settings()):
        yield Figure(layout="constrained").subplots()


def words(axes):
    return [text.get_text() for text in axes.texts]


def test_bars_stand_in_the_order_of_the_rows_with_their_values(axes):
    bars(axes, SEGMENTS, label="segment", value="rate", low="low", high="high", unit="Rate", kind="share",
         colour=palette.colours(SEGMENTS.segment), written=formats.share)  # fmt: skip
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Loyal", "New", "Lost"]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert words(axes) == ["not shown", "60.0\u00a0%", "30.0\u00a0%"]
    assert to_hex(axes.patches[0].get_facecolor()) == palette.GREEN


def test_bars_of_negative_numbers_are_labelled_at_zero(axes):
    bars(axes, pd.DataFrame({"a": ["x"], "v": [-2.0]}), label="a", value="v", unit="Change", written=formats.number)
    assert axes.texts[0].xy == (0.0, 0)


def test_dots_leave_a_gap_where_nothing_is_known_and_mark_the_reference(axes):
    dots(axes, SEGMENTS, label="segment", value="rate", low="low", high="high", unit="Rate", reference=0.4)
    assert words(axes) == ["not shown"]
    assert axes.lines[0].get_xdata() == [0.4, 0.4]


def test_lines_are_named_at_their_ends_in_their_colour(axes):
    months = pd.date_range("2026-01-01", periods=3, freq="MS")
    frame = pd.DataFrame(
        {"m": [*months, *months], "s": ["Loyal"] * 3 + ["At risk"] * 3, "v": [0.2, 0.3, 0.4, 0.6, 0.5, None]}
    )
    lines(axes, frame, x="m", y="v", series="s", unit="Rate", kind="share", context=["Loyal"])
    assert words(axes) == ["Loyal", "At risk"]
    assert [to_hex(line.get_color()) for line in axes.lines] == [palette.CONTEXT, palette.RED]
    assert axes.texts[1].xy[0] == months[1]  # the last known point, not the last period


def test_names_that_would_touch_move_apart(axes):
    axes.set_ylim(0, 1)
    label_ends(axes, [(1, 0.5, "one", palette.BLUE), (1, 0.5, "two", palette.RED)])
    low, high = (text.xy[1] for text in axes.texts)
    assert high - low > 0.02


def test_a_seventh_line_is_refused(axes):
    frame = pd.DataFrame({"x": 1, "y": 2, "s": list("abcdefg")})
    with pytest.raises(ValueError, match="6 at most"):
        lines(axes, frame, x="x", y="y", series="s", unit="y")


def test_numbers_are_no_dates(axes):
    before = axes.xaxis.get_major_formatter()
    calendar(axes, pd.Series([1.0, 2.0]))
    assert axes.xaxis.get_major_formatter() is before


def test_a_heat_map_leaves_blank_what_is_not_observed_and_hatches_what_is_partial(axes):
    grid = pd.DataFrame({"1": [0.4, 0.3], "2": [0.2, None]}, index=["Jan", "Feb"])
    partial = pd.DataFrame({"1": [False, True], "2": [True, False]}, index=["Jan", "Feb"])
    heatmap(axes, grid, unit="Share (%)", partial=partial)
    assert words(axes) == ["40", "20", "30"]
    assert [patch.get_xy() for patch in axes.patches] == [(1, 0), (0, 1)]
    assert axes.texts[0].get_color() == palette.ON_DARK_CELL
    assert axes.texts[1].get_color() == palette.ON_LIGHT_CELL


def test_a_heat_map_around_what_is_expected(axes):
    heatmap(axes, pd.DataFrame({"a": [50.0, 150.0]}), unit="Index", middle=100, written=lambda x: f"{x:.0f}")
    assert words(axes) == ["50", "150"]
    assert axes.collections[0].get_clim() == (50, 150)


def test_a_heat_map_of_nothing_is_blank(axes):
    heatmap(axes, pd.DataFrame({"a": [None, None]}), unit="Share (%)")
    assert words(axes) == []


def test_calibration_stands_against_the_diagonal(axes):
    frame = pd.DataFrame({"p": [0.2, 0.5], "y": [0.25, 0.5], "low": [0.2, 0.4], "high": [0.3, 0.6]})
    calibration(axes, frame, predicted="p", observed="y", low="low", high="high")
    assert list(axes.lines[0].get_xdata()) == list(axes.lines[0].get_ydata())


@pytest.mark.parametrize(
    ("x", "kind", "currency", "written"),
    [
        (0.1, "share", None, "10\u00a0%"),
        (1_200_000, "money", "EUR", "€1.2\u00a0M"),
        (12_500, "money", "CNY", "¥12.5k"),
        (400, "money", "CHF", "CHF\u00a0400"),
        (-0.0, "number", None, "0"),
        (0.25, "number", None, "0.25"),
    ],
)
def test_numbers_along_an_axis_are_short(x, kind, currency, written):
    assert tick(x, kind, currency) == written


def test_a_grid_without_a_row_is_refused(axes):
    with pytest.raises(ValueError, match="a grid of 0 rows and 2 columns has nothing to draw"):
        heatmap(axes, pd.DataFrame({"1": [], "2": []}), unit="Share")


def test_values_beside_bars_are_written_in_a_kind_or_by_a_function():
    frame = pd.DataFrame({"a": ["x"], "v": [0.25]})
    for written in ("share0", lambda value: f"{value:.0%}".replace("%", "\u00a0%")):
        axes = Figure().subplots()
        bars(axes, frame, label="a", value="v", unit="Share", written=written)
        assert [text.get_text() for text in axes.texts] == ["25\u00a0%"]
