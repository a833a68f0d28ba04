import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import spend_independence


@pytest.fixture
def buyers():
    rng = np.random.default_rng(51)
    return pd.DataFrame({"frequency": rng.integers(0, 9, 800), "monetary_value": rng.gamma(3, 10, 800)})


def test_independent_spend_is_found_independent_and_dependent_is_not(buyers):
    assert not spend_independence(buyers).excludes(0)
    dependent = buyers.assign(monetary_value=buyers["monetary_value"] + 5 * buyers["frequency"])
    for ranks in (False, True):
        assert spend_independence(dependent, ranks=ranks).low > 0


def test_ranks_do_not_hang_on_one_large_customer(buyers):
    whale = pd.concat([buyers, pd.DataFrame({"frequency": [500], "monetary_value": [1e6]})], ignore_index=True)
    assert spend_independence(whale).value > 0.9
    assert spend_independence(whale, ranks=True).value < 0.2


def test_one_time_buyers_are_left_out(buyers):
    assert spend_independence(buyers).n == (buyers["frequency"] > 0).sum()


def test_without_variation_nothing_is_known(buyers):
    assert not spend_independence(buyers.assign(monetary_value=5.0)).is_known
    with pytest.raises(ValueError, match="too few"):
        spend_independence(buyers.head(2))
