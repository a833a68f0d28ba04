"""BG/BB on the donations of Fader, Hardie & Shang (Marketing Science 29(6), 2010), whose Table 2 is the data."""

import pandas as pd
import pytest

from crmlib.btyd import BetaGeoBetaBernoulli

# (frequency, recency): donors, over six yearly occasions.
DONORS = {
    (0, 0): 3464, (1, 1): 1091, (1, 2): 277, (1, 3): 129, (1, 4): 78, (1, 5): 119, (1, 6): 129, (2, 2): 613,
    (2, 3): 255, (2, 4): 155, (2, 5): 173, (2, 6): 234, (3, 3): 322, (3, 4): 181, (3, 5): 225, (3, 6): 357,
    (4, 4): 240, (4, 5): 284, (4, 6): 512, (5, 5): 335, (5, 6): 728, (6, 6): 1203,
}  # fmt: skip


@pytest.fixture(scope="module")
def donors():
    rows = [(x, t, 6) for (x, t), donors in DONORS.items() for _ in range(donors)]
    return pd.DataFrame(rows, columns=["frequency", "recency", "T"])


def test_bg_bb(donors):
    assert len(donors) == 11_104
    model = BetaGeoBetaBernoulli.fit(donors)
    assert model.log_likelihood == pytest.approx(-33225.6, abs=5e-2)
    published = {"alpha": 1.204, "beta": 0.750, "gamma": 0.657, "delta": 2.783}
    # Half a unit of the last digit printed.
    assert model.params == pytest.approx(published, abs=5.1e-4)


def test_bg_bb_expected_donations_of_the_next_five_years():
    # Table 4 of the paper: donors of every year, and of none.
    model = BetaGeoBetaBernoulli(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)
    customers = pd.DataFrame({"frequency": [6, 0], "recency": [6, 0], "T": [6, 6]})
    assert model.expected_purchases(customers, 5).tolist() == pytest.approx([3.75, 0.07], abs=5e-3)
