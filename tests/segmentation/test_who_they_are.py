"""The parts on who the customers are: each shows only what has passed the gate, and says what is missing."""

import re
from datetime import date

import pytest

from crmlib import segmentation
from crmlib.reporting import Gated

PARTS = (
    segmentation.show_found_segments,
    segmentation.show_personas,
    segmentation.show_tags,
    segmentation.show_promotion,
    segmentation.show_elasticity,
)
PSEUDONYM = re.compile(r"\b(k\d{5}|c[0-9a-f]{16})\b")


@pytest.fixture(scope="module")
def found(tmp_path_factory, simulated_lines, run_in):
    """Open the findings on simulated customers, of whom every third line is sold at a discount."""
    import ibis

    lines, as_of = simulated_lines
    bargain = ibis.ifelse(lines.line_id.cast("int64") % 3 == 0, 1, 0).cast("decimal(18, 4)")
    return segmentation.study(run_in(tmp_path_factory.mktemp("simulated"), lines.mutate(discount=bargain), as_of))


@pytest.mark.parametrize("show", PARTS)
def test_each_part_shows_gated_frames_only(found, show):
    shown = show(found, found.run)
    assert shown.text.strip()
    assert all(isinstance(frame, Gated) for frame in shown.data.values())
    assert not PSEUDONYM.search(shown.html)
    assert "NaN" not in shown.html
    assert show(found, found.run).html == shown.html


@pytest.mark.parametrize("show", PARTS)
def test_three_customers_are_not_shown(run_of, shop, show):
    run = run_of(shop, date(2026, 4, 1))
    shown = show(segmentation.study(run), run)
    assert shown.kind in {"insufficient", "group"}
    assert not shown.data
    assert "Needed: " in shown.text


def test_a_share_in_the_sentence_is_the_one_in_the_table(found):
    text = segmentation.show_tags(found, found.run).text.replace("\u00a0", " ")
    said = re.search(r"“(.+?)” moved most .* to (\S+ %) of customers", text)
    row = next(line for line in text.splitlines() if line.startswith(f"{said[1]} | "))
    assert f" | {said[2]} (" in row
