"""A page as a chapter makes it, without running a notebook: every kind of shown object, and names in two scripts."""

from datetime import date
from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat import v4

from crmlib.measures import Measure
from crmlib.privacy.rules import DisclosureRules
from crmlib.reporting import (
    Shown,
    answer,
    estimate,
    exact,
    figure,
    gate,
    insufficient,
    label,
    note,
    palette,
    part,
    people,
    strip,
)
from crmlib.reporting.figures import bars, dots, heatmap, lines
from crmlib.reporting.page import PageContext, render_page
from crmlib.stats import Estimate
from crmlib.words import formats

SOURCE = "Transactions of the demo chain, Nov 2025 to Oct 2026, 118,204 order lines."
SEGMENTS = ("Champions", "Loyal", "Potential loyalists", "New", "At risk", "Hibernating")


RUN = SimpleNamespace(params=SimpleNamespace(currency="CNY"), rules=DisclosureRules(), as_of=date(2026, 11, 1))


@pytest.fixture(scope="session")
def run():
    """Stand in for a run: what the gate and the strip read of one."""
    return RUN


@pytest.fixture(scope="session")
def context():
    return PageContext(
        series_title="Demo chain, customer report",
        period="October 2026",
        data_as_of=date(2026, 11, 1),
        run_id="7f3c91d2",
        page="03_churn.html",
        notebook="03_churn",
    )


def cell(shown: Shown, source: str = "show()", identity: str = "c"):
    """Make an executed code cell that shows something."""
    data, metadata = shown._repr_mimebundle_()
    output = v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)
    made = v4.new_code_cell(source, outputs=[output], execution_count=1)
    made["id"] = identity
    return made


@pytest.fixture(scope="session")
def notebook(run):
    """Give an executed notebook with every kind of shown object."""
    made = v4.new_notebook(
        cells=[
            v4.new_markdown_cell(
                "# Who is about to leave?\n\nRetail customers do not cancel; they stay away. This chapter gives each "
                "customer the probability of **no purchase within 60 days** and says how far it can be trusted."
            ),
            v4.new_code_cell('params_file = "../params/demo.yaml"', metadata={"tags": ["parameters"]}),
            v4.new_code_cell(
                "from crmlib.churn import score\nfrom crmlib.workspace import open_run\n\nrun = open_run()"
            ),
            cell(_answer(), "answer(*sentences(run))", "a1"),
            cell(_strip(run), "strip(indicators(run), run)", "a2"),
            cell(_segments_figure(run), FIGURE_CODE, "a3"),
            v4.new_markdown_cell(
                "## Which customers are leaving?\n\nThe score rises with the days since the last visit."
            ),
            cell(_segments_table(run), "table(segments, …)", "a4"),
            v4.new_markdown_cell("## How has it moved?"),
            cell(_months_figure(run), "figure(draw_months, months, …)", "a5"),
            cell(
                note("Season cannot be learned from one year; the autumn rise may be the calendar's."), "note(…)", "a6"
            ),
            v4.new_markdown_cell("## When do new customers come back?"),
            cell(_cohorts_figure(run), "figure(draw_cohorts, cohorts, …)", "a7"),
            v4.new_markdown_cell("## Which stores lose the most?\n\n### By store\n\nStores keep their own names."),
            cell(_stores_figure(run), "figure(draw_stores, stores, …)", "a8"),
            cell(_stores_table(run), "table(stores, …)", "a9"),
            v4.new_markdown_cell("## Would an offer keep them?"),
            cell(_insufficient(), "insufficient(…)", "b1"),
        ]
    )
    return nbformat.from_dict(made)


FIGURE_CODE = """segments = gate(by_segment, run, label("segment"), people("customers"),
                estimate("rate", of="customers"))  # 95 % intervals
figure(draw_segments, segments, title=finding(segments), alt=alt_text(segments), size=(7.2, 3.2))"""


@pytest.fixture(scope="session")
def page(notebook, context):
    return render_page(notebook, context)


def _answer():
    return answer(
        "Of 2,840 active customers, 41.2 % will probably not buy within the next 60 days; at the end of September it "
        "was 39.8 %.",
        "They spent ¥1.24 M in the last year, and 620 of them are among the best two segments.",
        "The score orders customers well (AUC 0.78), but not better than days since the last visit alone.",
    )


def headline(title, value, unit, *, definition="", **known):
    return Measure(code="x", title=title, unit=unit, meaning=definition).headline(value, **known)


def _strip(run):
    rate = Estimate(0.412, 0.394, 0.431, n=2_841)
    history = [0.44, 0.43, 0.41, 0.38, 0.36, 0.37, 0.39, 0.4, 0.41, None, 0.4, 0.398, 0.412]
    return strip(
        [
            headline("Will not buy in 60 days", rate, "share", previous=0.398, history=history,
                      definition="Mean probability of no purchase within 60 days, of customers active last year."),
            headline("Active customers", 2_841, "people", previous=2_790, history=list(range(2_500, 2_841, 27)),
                      definition="Customers with a purchase in the last 365 days."),
            headline("Spend at risk", 1_243_551.2, "money", previous=1_301_882, history=[1.4, 1.35, 1.2, 1.3, 1.24],
                      people=1_170, definition="Last year's spend of customers with a probability above one half."),
            headline("Ranking (AUC)", Estimate(0.781, 0.764, 0.797, n=2_790), "number", previous=0.779,
                      definition="Probability that one who left is ranked above one who stayed, on a later period."),
            headline("VIP tier leaving", Estimate(0.31, 0.1, 0.6, n=8), "share"),
        ],
        run,
    )  # fmt: skip


def _segments(run):
    rates = np.array([0.08, 0.17, 0.29, 0.46, 0.61, 0.87])
    frame = pd.DataFrame(
        {
            "segment": SEGMENTS,
            "customers": [241, 502, 388, 431, 377, 902],
            "spend": [812_422.1, 903_111.0, 288_120.5, 121_408.0, 402_220.9, 90_118.2],
            "rate": rates,
            "rate_low": rates - 0.03,
            "rate_high": rates + 0.03,
        }
    )
    return gate(
        frame, run,
        label("segment", "Segment", swatch=True), people("customers", "Customers"),
        part("share", "Share", of="customers"),
        exact("spend", "Spend, last year", "money", of="customers", exempt="made up"),
        estimate("rate", "Will not buy in 60 days", of="customers"), totals=True,
    )  # fmt: skip


def _segments_figure(run):
    def draw(axes, frame):
        shades = palette.colours(frame.segment)
        bars(axes, frame, label="segment", value="rate", low="rate_low", high="rate_high", kind="share",
             unit="Will not buy in 60 days (share of customers)", colour=shades, written=formats.share)  # fmt: skip

    return figure(
        draw,
        _segments(run),
        title="Customers at risk are seven times as likely to stay away as champions",
        alt="Bars by segment: champions 8 %, loyal 17 %, new 46 %, at risk 61 %, hibernating 87 %.",
        read="Each bar is the mean probability of no purchase within 60 days; the thin line is its 95 % interval.",
        limits="Risk is not response: who is likely to leave is not who an offer would keep.",
        source=SOURCE,
        size=(7.2, 3.2),
    )


def _segments_table(run):
    return _segments(run).table("Segments and their risk at the end of October 2026")


def _months_figure(run):
    months = pd.date_range("2025-10-01", periods=13, freq="MS")
    rng = np.random.default_rng(4)
    parts = []
    for level, name in zip([0.1, 0.2, 0.62], ["Champions", "Loyal", "At risk"], strict=True):
        value = level + np.cumsum(rng.normal(0, 0.012, 13))
        parts.append(pd.DataFrame({"month": months, "segment": name, "rate": value, "n": 300}))
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.assign(low=frame.rate - 0.03, high=frame.rate + 0.03)
    return figure(
        lambda axes, f: lines(axes, f, x="month", y="rate", low="low", high="high", series="segment", kind="share",
                              unit="Will not buy in 60 days"),
        gate(frame, run, label("month"), label("segment"), estimate("rate", of="n", low="low", high="high")),
        title="The risk of those at risk has risen since summer, the champions' has not",
        alt="Three lines over thirteen months: at risk near 60 %, loyal near 20 %, champions near 10 %.",
        read="A line is the mean probability in a segment at the end of each month, its band the 95 % interval.",
        limits="Segments are those of each month, so customers move between the lines.",
        source=SOURCE,
    )  # fmt: skip


def _cohorts_figure(run):
    rng = np.random.default_rng(2)
    cohorts = [f"{name} 2026" for name in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")]
    rows = [
        {
            "cohort": cohort,
            "month": month,
            "rate": max(0.04, 0.42 * 0.8**month + rng.normal(0, 0.02)),
            "n": 150 - 15 * month,
        }
        for place, cohort in enumerate(cohorts)
        for month in range(1, 10 - place)
    ]

    def draw(axes, frame):
        grid = frame.pivot_table(index="cohort", columns="month", values="rate", sort=False)
        partial = grid.isna() & False
        for place in range(len(partial)):
            partial.iloc[place, len(partial) - 1 - place] = True
        heatmap(
            axes, grid, unit="Share of the cohort that bought in the n-th month after the first (%)", partial=partial
        )

    return figure(
        draw,
        gate(pd.DataFrame(rows), run, label("cohort"), label("month"), estimate("rate", of="n")),
        title="About one in three new customers is back in the second month",
        alt="A grid of cohorts by month after the first purchase; shares fall from 34 % to 8 %.",
        read="A row is a cohort; blank cells are not observed yet or rest on fewer than ten people.",
        limits="The hatched cells end with the report's period and are partial.",
        source=SOURCE,
        size=(7.2, 3.8),
    )


STORES = ("南京东路旗舰店", "淮海中路店", "徐家汇店", "Pudong Airport", "陆家嘴店", "Hongqiao Station", "小程序商城",
          "五角场店", "Online shop", "静安寺店", "豫园店", "Xintiandi")  # fmt: skip


def _stores(run):
    values = np.linspace(48, 18, len(STORES))
    frame = pd.DataFrame({"store": STORES, "customers": [*range(420, 90, -30), 6], "rate": values / 100})
    frame = frame.assign(low=frame.rate - 0.05, high=frame.rate + 0.05)
    return gate(
        frame, run, label("store", "Store"), people("customers", "Customers"),
        estimate("rate", "Will not buy in 60 days", of="customers", low="low", high="high"),
    )  # fmt: skip


def _stores_figure(run):
    return figure(
        lambda axes, f: dots(axes, f, label="store", value="rate", low="low", high="high", kind="share",
                             unit="Will not buy in 60 days", reference=0.412),
        _stores(run),
        title="南京东路旗舰店 loses more than the chain does, 静安寺店 less",
        alt="Dots with intervals for twelve stores around the chain's 41.2 %.",
        read="A dot is a store's mean probability, its line the 95 % interval; the grey line is the chain.",
        limits="Stores with different customers differ for that reason alone.",
        source=SOURCE,
        size=(7.2, 4.2),
    )  # fmt: skip


def _stores_table(run):
    return _stores(run).table("Stores, by the share that will probably not return")


def _insufficient():
    return insufficient(
        needed="a campaign with a randomised control group in the last year",
        found="two campaigns, none with a control group",
        therefore="What an offer changes is not reported.",
    )
