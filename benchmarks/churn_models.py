"""Chapter 03's model against the best simple rule and the purchase model alone, on the held-out cutoff of three shops.

Wanted: AUC above the best rule's (paired 95 % interval, 2,000 resamples), wholly above zero on Online Retail, wholly
below nowhere; Brier score below the purchase model's, unless one of these was chosen. Demo: calibration error at most
.03, its slope within four standard errors of 1, planted drivers of leaving with their sign.
"""

import sys

import numpy as np
from _churn_shops import Shop, shops
from scipy.special import logit
from statsmodels.discrete.discrete_model import Logit
from statsmodels.tools import add_constant

from crmlib.churn.models.contenders import CONTENDERS
from crmlib.churn.proof.backtest import Backtest
from crmlib.stats import Estimate, bootstrap
from crmlib.stats.calibration import calibration_error
from crmlib.stats.predictions import brier_score, resampled, weighted_metrics
from crmlib.stats.ranks import auc

RESAMPLES = 2_000
PURCHASES, PURCHASE_MODELS = "mbg_nbd", ("bg_nbd", "mbg_nbd")
ERROR, ERRORS = 0.03, 4
PLANTED = {"satisfaction": -1, "open_complaints": 1}


def against_rule(tested: Backtest) -> tuple[str, Estimate]:
    """Give the best rule of the test, and the chosen one's AUC less its (paired bootstrap)."""
    outcome = tested.test.churned
    scores = {name: prediction.score for name, prediction in tested.predictions.items()}
    rule = max((each.name for each in CONTENDERS if each.simple), key=lambda name: auc(outcome, scores[name]).value)
    metrics = {
        (side, metric): function
        for side, score in (("rule", scores[rule]), ("own", tested.chosen.score))
        for metric, function in weighted_metrics(outcome, score, None).items()
    }
    draws = resampled(metrics, len(outcome), rng=np.random.default_rng(1), n_resamples=RESAMPLES)
    return rule, bootstrap.estimate(draws["own", "auc"] - draws["rule", "auc"], len(outcome))


def compared(shop: Shop) -> bool:
    """Print a shop's figures; say whether they are as wanted."""
    tested = shop.study.backtest
    outcome, probability = tested.test.churned, tested.chosen.probability
    rule, gain = against_rule(tested)
    own, alone = (brier_score(outcome, each) for each in (probability, tested.predictions[PURCHASES].probability))
    error = calibration_error(outcome, probability, rng=np.random.default_rng(2))
    itself = tested.choice.name in PURCHASE_MODELS
    area = auc(outcome, tested.chosen.score).value
    reached = (gain.low > 0 if shop.name == "Online Retail" else gain.high >= 0) and (own < alone or itself)
    print(
        f"{shop.name:14}{shop.horizon_days:3} days  {tested.choice.name:12} AUC {area:.4f}"
        f"  against {rule:10} {gain.value:+.4f} ({gain.low:+.4f} to {gain.high:+.4f})"
        f"  Brier {own:.4f}, {PURCHASES} {alone:.4f}  calibration error {error.value:.3f} (noise {error.floor:.3f})"
        f"  {'yes' if reached else 'NO'}"
    )
    return reached


def planted(shop: Shop) -> bool:
    """Print how the demo's probabilities hold, and whether its planted drivers are found."""
    tested, odds = shop.study.backtest, shop.study.odds.set_index("feature")
    outcome, probability = tested.test.churned, tested.chosen.probability
    error = calibration_error(outcome, probability, rng=np.random.default_rng(2)).value
    line = Logit(outcome.astype(float), add_constant(logit(probability))).fit(disp=0)
    slope, spread = line.params[1], line.bse[1]
    signs = {name: odds.loc[name, "low" if sign > 0 else "high"] for name, sign in PLANTED.items()}
    found = all((at - 1) * PLANTED[name] > 0 for name, at in signs.items())
    held = error <= ERROR and abs(slope - 1) <= ERRORS * spread
    said = f"calibration error {error:.3f} (wanted {ERROR}), slope {slope:.3f} ({spread:.3f})"
    print(f"demo: {said}: {'yes' if held else 'NO'}")
    told = ", ".join(f"{name} {odds.loc[name, 'odds_ratio']:.2f}" for name in PLANTED)
    print(f"demo: odds ratios of the planted drivers, {told}: {'yes' if found else 'NO'}")
    return held and found


def main() -> int:
    """Print all figures; fail where one is not reached."""
    reached = []
    for shop in shops():
        reached.append(compared(shop))
        if shop.name == "demo":
            reached.append(planted(shop))
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
