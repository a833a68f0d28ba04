"""What cells show reads well at the desk: in JupyterLab's own styles, light and dark, as a browser lays it out."""

import pandas as pd
import pytest
from nbformat import v4

from crmlib.measures import Measure
from crmlib.reporting import desk, estimate, exact, figure, gate, label, people, show_all, strip
from crmlib.reporting.blocks import shown_outputs
from crmlib.reporting.figures import bars
from crmlib.stats.intervals import proportion
from crmlib.workspace.catalogue import columns_of

RATE = Measure(code="rate", title="A rate with a label that is rather long", unit="share", meaning="What it is.")


@pytest.fixture(scope="module")
def shown(run):
    rows = pd.DataFrame({"n": [f"row {i}" for i in range(17)], "c": 100, "r": 0.5, "r_low": 0.4, "r_high": 0.6})
    gated = gate(rows, run, label("n", "Name"), people("c", "People"), estimate("r", "Rate", of="c"))
    picture = figure(
        lambda axes, f: bars(axes, f, label="n", value="v", unit="Value"),
        gate(pd.DataFrame({"n": ["a", "b"], "v": [1.0, 2.0]}), run, label("n"), exact("v")),
        title="A finding", alt="Bars.", read="Read.", limits="Limits.", source="Source.",
    )  # fmt: skip
    tiles = strip([RATE.headline(proportion(50, 100), previous=0.4)] * 4, run)
    return show_all(tiles, gated.table("A long table"), picture)


def cell_of(shown):
    data, metadata = shown._repr_mimebundle_()
    output = v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)
    return v4.new_code_cell("show()", outputs=[output], execution_count=1)


@pytest.fixture(scope="module", params=["light", "dark"])
def tab(request, shown, browser, tmp_path_factory):
    from nbconvert import HTMLExporter

    notebook = v4.new_notebook(cells=[cell_of(desk()), cell_of(shown)])
    html, _more = HTMLExporter(template_name="lab", theme=request.param).from_notebook_node(notebook)
    file = tmp_path_factory.mktemp("desk") / "lab.html"
    file.write_text(html, encoding="utf-8")
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    opened = context.new_page()
    opened.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    opened.goto(file.as_uri(), wait_until="domcontentloaded")
    opened.theme = request.param
    yield opened
    context.close()


def boxes(tab, selector):
    return tab.eval_on_selector_all(selector, "all => all.map(e => e.getBoundingClientRect().toJSON())")


@pytest.mark.browser
def test_labels_stand_over_their_values(tab):
    labels, values = boxes(tab, ".crm-strip dt"), boxes(tab, ".crm-strip dd.v")
    assert len(labels) == len(values) == 4
    assert all(label["bottom"] <= value["top"] + 1 for label, value in zip(labels, values, strict=True))


@pytest.mark.browser
def test_a_value_and_its_interval_stand_apart_and_a_long_table_is_folded(tab):
    cell = ".crm-table tbody tr:first-child td:last-child"
    assert tab.eval_on_selector(f"{cell} .i", "e => parseFloat(getComputedStyle(e).marginLeft)") > 4
    assert len([box for box in boxes(tab, ".crm-table tbody tr") if box["height"] > 0]) == 10
    tab.click(".crm-table .more summary")
    assert len([box for box in boxes(tab, ".crm-table tbody tr") if box["height"] > 0]) == 17


def luminance(colour):
    red, green, blue = (int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.browser
@pytest.mark.parametrize(
    "selector", [".crm-strip .v", ".crm-table td", ".crm-figure figcaption", ".crm-figure svg text"]
)
def test_words_stand_out_from_the_theme(tab, selector):
    prop = "fill" if selector.endswith("text") else "color"
    colour = tab.eval_on_selector(selector, f"e => getComputedStyle(e).{prop}")
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert abs(luminance(colour) - luminance(ground)) > 0.3, (tab.theme, colour, ground)


@pytest.mark.browser
def test_bars_and_gridlines_fit_the_theme(tab):
    ground = luminance(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
    roles = {
        name: tab.evaluate(f"getComputedStyle(document.body).getPropertyValue('--{name}')") for name in ("blue", "line")
    }
    shade = {name: sum(int(code.strip()[i : i + 2], 16) for i in (1, 3, 5)) / 765 for name, code in roles.items()}
    assert abs(shade["blue"] - ground) > 0.25
    assert abs(shade["line"] - ground) < 0.25


def test_a_page_leaves_the_style_out():
    assert shown_outputs(cell_of(desk()), 1, "03") == []


def test_frames_have_room_for_what_a_column_means():
    with pd.option_context("display.max_colwidth", 50):
        desk()
        meaning = columns_of("transactions").set_index("column").loc[["currency"], ["meaning"]]
        assert "its money is in the report's, converted" in meaning.to_html()
