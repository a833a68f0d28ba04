"""Who answers."""

from datetime import date

import pandas as pd
import pytest

from crmlib.params.sections import SatisfactionSection
from crmlib.satisfaction.answers.response import response_by, response_rate
from crmlib.satisfaction.answers.survey import make_survey


def _survey(rows):
    frame = pd.DataFrame(rows, columns=["invited_at", "answered_at", "touchpoint"])
    frame = frame.assign(response_id=[str(i) for i in range(len(frame))], score_recommend=8.0)
    return make_survey(frame, date(2026, 3, 1), SatisfactionSection(overall="none"))


def test_young_invitations_and_late_answers_do_not_count():
    rows = [
        ("2026-01-01", "2026-01-05", "store"),
        ("2026-01-01", "2026-02-20", "store"),  # answered, but too late
        ("2026-01-01", None, "web"),
        ("2026-02-25", None, "web"),  # too young to tell
    ]
    rate = response_rate(_survey(rows), answer_days=14)
    assert (rate.value, rate.n) == (pytest.approx(1 / 3), 3)
    by = response_by(_survey(rows), "touchpoint", answer_days=14).set_index("touchpoint")
    assert by.loc["store", ["invited", "answered"]].tolist() == [2, 1]
    assert by.loc["web", ["invited", "answered"]].tolist() == [1, 0]


def test_only_answers_delivered_give_no_rate():
    rate = response_rate(_survey([("2026-01-01", "2026-01-05", "store")] * 5), answer_days=14)
    assert not rate.is_known


def test_the_simulated_rates_are_found(survey):
    # invitations are answered by tier 20 to 50 %, 6 points more in the mini-programme, 5 fewer on the web
    found = response_by(survey, "touchpoint", 14).set_index("touchpoint")
    by = found["answered"] / found["invited"]
    assert by.idxmax().startswith("mini")
    assert by.idxmin().startswith("web")
