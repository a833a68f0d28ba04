import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime

from crmlib.btyd import BetaGeoBetaBernoulli
from crmlib.btyd.bg_bb import _occasions, _total

MODEL = BetaGeoBetaBernoulli(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)


def every_history(occasions):
    """Give every possible (x, t_x) once."""
    pairs = [(0, 0)] + [(x, t) for t in range(1, occasions + 1) for x in range(1, t + 1)]
    x, t = np.array(pairs).T
    return pd.DataFrame({"frequency": x, "recency": t, "T": occasions})


def test_histories_are_a_distribution():
    from math import comb

    from crmlib.btyd.bg_bb import _log_likelihood

    table = every_history(7)
    h = _occasions(table)
    values = np.exp(_log_likelihood(h, np.array(list(MODEL.params.values())))[0])[h.back]
    # A likelihood is of one sequence; so many sequences share x and t_x.
    ways = [comb(t - 1, x - 1) if x else 1 for x, t in zip(table["frequency"], table["recency"], strict=True)]
    assert (values * ways).sum() == pytest.approx(1, rel=1e-12)


def test_the_gradient_is_the_slope():
    h = _occasions(every_history(6))
    at = np.log([0.8, 1.2, 0.5, 2.0])
    numeric = approx_fprime(at, lambda c: _total(h, c)[0], 1e-7)
    # Forward differences of step 1e-7 on values of about 100.
    np.testing.assert_allclose(_total(h, at)[1], numeric, rtol=1e-4)


def test_planted_parameters_are_recovered():
    truth = BetaGeoBetaBernoulli(alpha=1.5, beta=1.0, gamma=0.8, delta=4.0)
    fitted = BetaGeoBetaBernoulli.fit(truth.simulate(20_000, 10, np.random.default_rng(4)))
    for name, value in truth.params.items():
        assert abs(fitted.params[name] - value) < 4 * fitted.standard_errors[name], name


def test_predictions_come_true_on_average():
    whole = MODEL.simulate(40_000, 10, np.random.default_rng(5))
    # Those whose last purchase was within the first six occasions are seen as they were then.
    rng = np.random.default_rng(5)
    buy = rng.beta(MODEL.alpha, MODEL.beta, 40_000)
    lives = rng.geometric(rng.beta(MODEL.gamma, MODEL.delta, 40_000)) - 1
    numbers = np.arange(1, 11)
    bought = (rng.random((40_000, 10)) < buy[:, None]) & (numbers <= lives[:, None])
    assert (bought.sum(axis=1) == whole["frequency"]).all()
    seen = pd.DataFrame(
        {"frequency": bought[:, :6].sum(axis=1), "recency": (bought[:, :6] * numbers[:6]).max(axis=1), "T": 6}
    )
    for expected, actual in (
        (MODEL.expected_purchases(seen, 4), bought[:, 6:].sum(axis=1)),
        (MODEL.probability_alive(seen), lives >= 7),
    ):
        surprise = actual - expected
        assert abs(surprise.mean()) < 4 * surprise.std() / np.sqrt(len(surprise))


def test_unhappy_paths_say_what_is_wrong():
    with pytest.raises(ValueError, match="count occasions"):
        BetaGeoBetaBernoulli.fit(pd.DataFrame({"frequency": [1], "recency": [1.5], "T": [3]}))
    with pytest.raises(ValueError, match="count occasions"):
        BetaGeoBetaBernoulli.fit(pd.DataFrame({"frequency": [3], "recency": [2], "T": [3]}))
    with pytest.raises(ValueError, match="occasions are whole"):
        MODEL.expected_purchases(every_history(3), 1.5)
    with pytest.raises(ValueError, match="nobody bought"):
        BetaGeoBetaBernoulli.fit(pd.DataFrame({"frequency": [0], "recency": [0], "T": [3]}))
