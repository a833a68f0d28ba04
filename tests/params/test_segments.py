"""Segments of a series' own: every customer in one, every one with somebody in it, near misses told."""

import pytest

from crmlib.params import load_parameters
from crmlib.params.errors import ParameterError
from crmlib.params.segments import DEFAULT_SEGMENTS

HEAD = """series: shop
title: A shop
sources: {transactions: {path: lines.csv, columns: {ordered_at: at, amount: money}}}
segmentation:
  segments:
"""
BEST = "    best: {meaning: bought lately, role: best, seen: [recent, lately]}\n"
REST = "    rest: {meaning: all others}\n"


def read(folder, segments):
    file = folder / "shop.yaml"
    file.write_text(HEAD + segments)
    return load_parameters(file).segmentation.segments


def test_a_series_has_its_own_segments_in_its_own_order(tmp_path):
    found = read(tmp_path, BEST + "    whales: {meaning: spend much, all: [{field: spend, value: 5000}]}\n" + REST)
    assert list(found) == ["best", "whales", "rest"]
    assert found["whales"].all[0].operator == "at_least"
    assert next(iter(DEFAULT_SEGMENTS)) == "champions"


@pytest.mark.parametrize(
    ("segments", "message"),
    [
        (BEST, "none holds who is seen: away, worth: high, new: false"),
        (BEST + "    whales: {meaning: much, all: [{field: spend, value: 5}]}\n", "none holds who is seen: away"),
        (BEST + REST + "    more: {meaning: none left}\n", "nobody is ever in more"),
        (REST, "none has the role best"),
        (BEST + "    not_yet: {meaning: all others}\n", "not_yet is the name of"),
        (BEST + "    rest: {meaning: all, seen: [awya]}\n", r"shop.yaml:7.*found 'awya'\. Did you mean away\?"),
        (BEST + "    rest: {meaning: all, role: mised}\n", r"found 'mised'\. Did you mean missed\?"),
        (BEST + "    rest: {meaning: all, worht: [low]}\n", r"unknown key .*worht'\. Did you mean worth\?"),
        (BEST + "    rest: {seen: [away]}\n", "meaning' is missing"),
        (BEST + "    rest: {meaning: all, all: [{field: spent, value: 5}]}\n", r"Did you mean spend\?"),
    ],
)
def test_what_leaves_somebody_out_or_is_unknown_is_refused(tmp_path, segments, message):
    with pytest.raises(ParameterError, match=message):
        read(tmp_path, segments)
