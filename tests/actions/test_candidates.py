import pandas as pd
import pytest

from crmlib.actions.candidates import likely_enough, reason_words

CUSTOMERS = pd.DataFrame({"customer_id": ["a", "b", "c"], "churn_probability": [0.02, 0.7, None]})


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("valuable_at_risk", ["b", "c", "new"]),
        ("likely_to_leave", ["b", "c", "new"]),
        ("second_purchase", ["a", "b", "c", "new"]),
    ],
)
def test_only_reasons_that_say_likely_ask_for_risk_and_only_where_it_is_known(reason, kept):
    put_forward = pd.DataFrame({"customer_id": ["a", "b", "c", "new"], "reason": reason, "score": 1.0})
    assert likely_enough(put_forward, CUSTOMERS, 0.5)["customer_id"].tolist() == kept


def test_nothing_put_forward_stays_nothing():
    nobody = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "reason": pd.Series(dtype="str"), "score": []})
    assert likely_enough(nobody, CUSTOMERS, 0.5).empty


def test_a_reason_has_words_and_one_of_ones_own_its_code():
    assert (reason_words("open_complaint"), reason_words("own_rule")) == ("a complaint is open", "own rule")
