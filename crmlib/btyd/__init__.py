"""Buy-till-you-die models of purchase and spend."""

from crmlib.btyd.accuracy import forecast_accuracy, heuristic_forecasts
from crmlib.btyd.beta_geo import BetaGeoNBD, ModifiedBetaGeoNBD
from crmlib.btyd.bg_bb import BetaGeoBetaBernoulli
from crmlib.btyd.choice import CANDIDATES, Choice, choose_model
from crmlib.btyd.counts import count_intervals, count_probabilities, held_out_log_score, total_to_come
from crmlib.btyd.gamma_gamma import GammaGamma
from crmlib.btyd.holdout import Holdout, hold_out, inner_cutoff
from crmlib.btyd.independence import spend_independence
from crmlib.btyd.intervals import Intervals, intervals, value_intervals
from crmlib.btyd.model import PurchaseModel
from crmlib.btyd.next_purchase import next_purchase_dates, weeks_to_next_purchase
from crmlib.btyd.pareto import ParetoNBD
from crmlib.btyd.regular import ModifiedBetaGeoCNBD
from crmlib.btyd.simulate import simulate
from crmlib.btyd.spending import fit_spend
from crmlib.btyd.summary import customer_summary
from crmlib.btyd.tracking import daily_purchases, tracking
from crmlib.btyd.value import discounted_purchases, lifetime_value, residual_purchases

__all__ = [
    "CANDIDATES",
    "BetaGeoBetaBernoulli",
    "BetaGeoNBD",
    "Choice",
    "GammaGamma",
    "Holdout",
    "Intervals",
    "ModifiedBetaGeoCNBD",
    "ModifiedBetaGeoNBD",
    "ParetoNBD",
    "PurchaseModel",
    "choose_model",
    "count_intervals",
    "count_probabilities",
    "customer_summary",
    "daily_purchases",
    "discounted_purchases",
    "fit_spend",
    "forecast_accuracy",
    "held_out_log_score",
    "heuristic_forecasts",
    "hold_out",
    "inner_cutoff",
    "intervals",
    "lifetime_value",
    "next_purchase_dates",
    "residual_purchases",
    "simulate",
    "spend_independence",
    "total_to_come",
    "tracking",
    "value_intervals",
    "weeks_to_next_purchase",
]
