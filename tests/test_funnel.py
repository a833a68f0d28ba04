"""The report's funnel."""

from datetime import date

import ibis
import pandas as pd

from crmlib.funnel import count_funnel

AS_OF = date(2026, 11, 1)


def days(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "day"]).assign(amount=1.0, gap=1)
    return ibis.memtable(frame.assign(day=pd.to_datetime(frame["day"]).dt.date))


BOUGHT = days(
    ("old", "2025-10-31"), ("year", "2025-11-01"), ("edge", "2026-05-05"), ("active", "2026-05-04"),
    ("now", "2025-01-01"), ("now", "2026-10-01"), ("late", "2026-11-01"),
)  # fmt: skip


def members(*joined):
    frame = pd.DataFrame({"customer_id": ["old", "waiting", "later", "unknown"], "joined_at": pd.to_datetime(joined)})
    return ibis.memtable(frame.assign(joined_at=[day.date() if pd.notna(day) else None for day in frame["joined_at"]]),
                         schema={"customer_id": "string", "joined_at": "date"})  # fmt: skip


def test_every_step_counts_its_people_once():
    joined = members("2024-01-01", "2026-10-31", "2026-11-01", None)
    found = count_funnel(BOUGHT, AS_OF, 181, members=joined, likely=1)
    assert found.set_index("step")["people"].to_dict() == {
        "files": 6, "buyers": 5, "year": 4, "active": 3, "period": 1, "likely": 1,
    }  # fmt: skip
    assert found["part_of"].tolist() == ["", "files", "buyers", "year", "active", "active"]
    assert (found["people"] <= found["whole"].fillna(6)).all()


def test_data_that_stop_early_move_the_active_as_the_scores_do():
    late = count_funnel(BOUGHT, AS_OF, 179).set_index("step")["people"]
    early = count_funnel(BOUGHT, AS_OF, 179, seen_until=date(2026, 10, 30)).set_index("step")["people"]
    assert (late["active"], early["active"]) == (1, 3)


def test_what_is_not_known_is_left_out():
    undated = members(None, None, None, None)
    assert count_funnel(BOUGHT, AS_OF, 400, members=undated)["step"].tolist() == ["buyers", "active", "period"]


def test_a_short_active_window_does_not_hold_the_period():
    found = count_funnel(BOUGHT, AS_OF, 10).set_index("step")
    assert found.loc["period", "part_of"] == "year"
    assert found.loc["period", "people"] > found.loc["active", "people"]
