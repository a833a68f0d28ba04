"""What is said of who has bought since is what the table shows."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib.privacy.disclosure import DisclosureRules, disclose
from crmlib.segmentation.customers.since import differ
from crmlib.segmentation.customers.since_sentences import lost_come_back, overdue_rank, told_apart

RUN = SimpleNamespace(params=SimpleNamespace(churn=SimpleNamespace(horizon_days=60)), rules=DisclosureRules())
SHARES = {"since": ("again", "were")}


def shown(**stages):
    rows = [(name.replace("_", " "), were, again) for name, (were, again) in stages.items()]
    frame = pd.DataFrame(rows, columns=["name", "were", "again"])
    return disclose(frame, labels=["name"], counts=["were", "again"], shares=SHARES, ranges=["since"])


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ({"At_risk": (300, 120), "Dormant": (200, 50), "Lost": (100, 10)}, ""),
        (
            {"At_risk": (300, 90), "Dormant": (200, 80), "Lost": (100, 10)},
            "In these 60 days the overdue stages did not rank: Dormant came back no less (40 %) than At risk (30 %).",
        ),
        ({"At_risk": (300, 90), "Dormant": (200, 2), "Lost": (100, 10)}, ""),  # what is hidden is not compared
    ],
)
def test_stages_that_do_not_rank_are_said_to(stages, words):
    assert overdue_rank(shown(**stages), RUN).replace("\u00a0", " ") == words


def test_the_worst_that_can_be_shown_is_not_called_the_worst():
    whole = told_apart(shown(Champions=(300, 240), New=(100, 30)), 0.001, RUN)
    assert whole.replace("\u00a0", " ").endswith("80 % of Champions have bought in the 60 days since, 30 % of New.")
    some = told_apart(shown(Champions=(300, 240), New=(100, 30), Lost=(90, 3)), 0.001, RUN)
    assert "of those that can be shown" in some
    assert "does not hang on" in told_apart(shown(Champions=(300, 240), New=(100, 30)), 0.2, RUN)


def test_the_lost_who_come_back_are_told():
    assert lost_come_back(shown(Lost=(400, 20)), RUN) == ""
    assert lost_come_back(shown(Lost=(400, 120)), RUN).replace("\u00a0", " ").startswith("30 % of the lost have come")


def test_a_chance_pattern_of_small_groups_is_rarely_called_a_difference():
    rng = np.random.default_rng(7)
    sizes = [400, 300, 120, 40, 12, 6, 4]
    found = []
    for _round in range(150):
        standing = pd.DataFrame({"segment": np.repeat([f"s{n}" for n in range(7)], sizes)})
        found.append(differ(standing.assign(bought=rng.random(len(standing)) < 0.06), "segment") < 0.05)
    # 5 % of 150 is 7.5, its standard error 2.7
    assert np.mean(found) < 0.1
