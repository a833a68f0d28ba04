"""What became of those who stood somewhere, and that what is said of it is what the table shows."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib.privacy.rules import DisclosureRules
from crmlib.reporting import gate, label, people, rate
from crmlib.segmentation.customers.stages import (
    bought_since,
    contrast,
    differ,
    lost_come_back,
    outcomes,
    overdue_rank,
)
from crmlib.words.saying import Speaker

RULES = DisclosureRules()
RUN = SimpleNamespace(
    params=SimpleNamespace(churn=SimpleNamespace(horizon_days=60), currency="EUR"), rules=RULES,
    say=lambda sentence, **values: Speaker(RULES, "EUR").say(sentence, values),
)  # fmt: skip


def test_who_has_bought_since_is_told_by_the_days_of_silence():
    then = pd.DataFrame({"customer_id": ["a", "b", "c"], "segment": pd.Categorical(["new", "new", "lost"]),
                         "lifecycle": pd.Categorical(["new", "new", "lost"])})  # fmt: skip
    # b's last purchase was the day before the span of 90 days began; d came after it began
    now = pd.DataFrame({"customer_id": ["d", "c", "b", "a"], "days_since_last": [3, 0, 90, 89]})
    assert outcomes(then, now, 90)["bought"].tolist() == [True, False, True]


def test_shares_have_wilson_limits_and_empty_groups_none():
    standing = pd.DataFrame({"segment": pd.Categorical(["new"] * 10, categories=["new", "lost"]),
                             "bought": [True] * 3 + [False] * 7})  # fmt: skip
    shares = bought_since(standing, "segment")
    assert shares.loc["new", "since"] == 0.3
    assert 0.1 < shares.loc["new", "since_low"] < 0.11
    assert shares.loc["lost", "were"] == 0
    assert np.isnan(shares.loc["lost", "since"])


def test_groups_without_a_difference_are_not_told_apart():
    rng = np.random.default_rng(2)
    standing = pd.DataFrame({"segment": np.repeat(["one", "other"], 500), "bought": rng.random(1000) < 0.4})
    assert differ(standing, "segment") > 0.05
    assert np.isnan(differ(standing.assign(bought=True), "segment"))


def shown(**stages):
    rows = [(name.replace("_", " "), were, again) for name, (were, again) in stages.items()]
    frame = pd.DataFrame(rows, columns=["name", "were", "again"])
    return gate(frame, RUN, label("name"), people("were"), people("again"), rate("since", per=("again", "were")))


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ({"Slipping": (300, 120), "Dormant": (200, 50), "Lost": (100, 10)}, ""),
        (
            {"Slipping": (300, 90), "Dormant": (200, 80), "Lost": (100, 10)},
            "In these 60 days the overdue stages did not rank: Dormant came back no less (40 %) than Slipping (30 %).",
        ),
        ({"Slipping": (300, 90), "Dormant": (200, 2), "Lost": (100, 10)}, ""),  # what is hidden is not compared
    ],
)
def test_stages_that_do_not_rank_are_said_to(stages, words):
    assert overdue_rank(shown(**stages), RUN).replace("\u00a0", " ") == words


def test_the_worst_that_can_be_shown_is_not_called_the_worst():
    whole = contrast(shown(Champions=(300, 240), New=(100, 30)), 0.001, RUN)
    assert whole.replace("\u00a0", " ").endswith("80 % of Champions have bought in the 60 days since, 30 % of New.")
    some = contrast(shown(Champions=(300, 240), New=(100, 30), Lost=(90, 3)), 0.001, RUN)
    assert "of those that can be shown" in some
    assert "does not hang on" in contrast(shown(Champions=(300, 240), New=(100, 30)), 0.2, RUN)


def test_the_lost_who_come_back_are_told():
    assert lost_come_back(shown(Lost=(400, 20)), RUN) == ""
    assert lost_come_back(shown(Lost=(400, 120)), RUN).replace("\u00a0", " ").startswith("30 % of the lost have come")


def test_a_clear_contrast_is_found():
    standing = pd.DataFrame({"segment": ["new"] * 40 + ["lost"] * 40, "bought": [True] * 30 + [False] * 50})
    assert differ(standing, "segment") < 0.001


def test_a_chance_pattern_of_small_groups_is_rarely_called_a_difference():
    rng = np.random.default_rng(7)
    sizes = [400, 300, 120, 40, 12, 6, 4]
    found = []
    for _round in range(150):
        standing = pd.DataFrame({"segment": np.repeat([f"s{n}" for n in range(7)], sizes)})
        found.append(differ(standing.assign(bought=rng.random(len(standing)) < 0.06), "segment") < 0.05)
    # 5 % of 150 is 7.5, its standard error 2.7
    assert np.mean(found) < 0.1
