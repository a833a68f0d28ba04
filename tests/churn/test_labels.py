"""Who left, said only where the whole window was observed."""

from datetime import date

import pandas as pd
import pytest

from crmlib.churn.coverage import Coverage
from crmlib.churn.labels import UnobservedWindowError, churn_labels

OBSERVED = Coverage(date(2025, 1, 1), date(2025, 4, 1))


@pytest.fixture
def lines(as_lines):
    rows = [
        ("stays", "2025-01-05 10:00", 10.0, False),
        ("stays", "2025-02-01 00:00", 12.5, False),
        ("stays", "2025-02-01 09:00", 2.5, False),
        ("on_the_last_day", "2025-01-05", 10.0, False),
        ("on_the_last_day", "2025-03-02 23:59", 7.0, False),
        ("a_day_late", "2025-01-05", 10.0, False),
        ("a_day_late", "2025-03-03", 7.0, False),
        ("only_returns", "2025-01-05", 10.0, False),
        ("only_returns", "2025-02-03", -10.0, True),
        ("not_known_yet", "2025-02-02", 5.0, False),
        (None, "2025-02-02", 5.0, False),
    ]
    return as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount", "is_return"]))


def test_the_window_begins_at_the_cutoff_and_ends_before_its_last_day(lines):
    labels = churn_labels(lines, date(2025, 2, 1), 30, OBSERVED).to_pandas().set_index("customer_id").sort_index()
    assert labels["churned"].to_dict() == {
        "a_day_late": True,
        "on_the_last_day": False,
        "only_returns": True,
        "stays": False,
    }
    assert labels.loc["stays", "next_purchase_days"] == 1
    assert labels.loc["stays", "next_spend"] == 15.0
    assert labels.loc["a_day_late", "next_spend"] == 0.0


def test_a_window_beyond_what_was_observed_is_refused(lines):
    with pytest.raises(UnobservedWindowError, match="2025-03-03 to 2025-04-02"):
        churn_labels(lines, date(2025, 3, 3), 30, OBSERVED)


def test_a_window_with_a_hole_is_refused(lines):
    holed = Coverage(date(2025, 1, 1), date(2025, 4, 1), ((date(2025, 2, 10), date(2025, 3, 10)),))
    with pytest.raises(UnobservedWindowError, match="1 holes"):
        churn_labels(lines, date(2025, 2, 1), 30, holed)
