"""What the series keeps: whole, never from the future, and a broken file says what to do."""

from dataclasses import dataclass
from datetime import date

import pytest

from crmlib.segmentation.customers.lifecycle import LifecycleLimits
from crmlib.segmentation.customers.segments import CutPoints
from crmlib.segmentation.found.finding import FILE, read_segments
from crmlib.segmentation.series_state import UnreadableStateError, kept_or_set


@dataclass(frozen=True)
class Thing:
    reference: str
    size: int = 1


def take(file, day, size=1, **further):
    def make():
        return Thing(day, size)

    return kept_or_set(file, date.fromisoformat(day), lambda said: Thing(**said), make, **further)


def test_what_is_kept_is_used_from_then_on_and_not_before(tmp_path):
    file = tmp_path / "thing.json"
    assert take(file, "2026-03-01", 3) == Thing("2026-03-01", 3)
    assert take(file, "2026-05-01", 5) == Thing("2026-03-01", 3)
    # a month before has its own, and leaves the kept one alone
    assert take(file, "2026-02-01", 2) == Thing("2026-02-01", 2)
    assert take(file, "2026-05-01", 5) == Thing("2026-03-01", 3)


def test_what_shall_not_last_is_not_kept(tmp_path):
    take(tmp_path / "thing.json", "2026-03-01", lasting=lambda thing: thing.size > 1)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"reference": "2026-01-01", "extra": 1}', "null"])
def test_a_broken_file_is_named_with_what_to_do(tmp_path, text):
    file = tmp_path / "thing.json"
    file.write_text(text)
    with pytest.raises(UnreadableStateError, match=r"thing\.json cannot be read .* delete it"):
        take(file, "2026-03-01")


@pytest.mark.parametrize("text", ["", "{}", '{"recipe": 1}'])
def test_broken_found_segments_say_the_same(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(UnreadableStateError, match=rf"{FILE} cannot be read .* delete it"):
        read_segments(tmp_path / FILE)


@pytest.mark.parametrize("kept", [
    {"reference": "2026-01-01", "days_since_last": [1, 2], "orders": [1], "spend": [1, 2]},
    {"reference": "2026-01-01", "days_since_last": [2, 1], "orders": [1, 2], "spend": [1, 2]},
    {"reference": "2026-01-01", "days_since_last": [1, None], "orders": [1, 2], "spend": [1, 2]},
])  # fmt: skip
def test_cut_points_that_are_none_are_refused(kept):
    with pytest.raises((ValueError, TypeError)):
        CutPoints.of(kept)


def test_limits_without_a_kind_of_rhythm_are_refused():
    with pytest.raises(KeyError, match="few"):
        LifecycleLimits.of(
            {"reference": "2026-01-01", "typical": 9, "multiples": {"newcomer": [1, 2, 3]}, "observed": 9}
        )
