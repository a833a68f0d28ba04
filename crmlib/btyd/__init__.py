"""Buy-till-you-die models of purchase and spend."""

from crmlib.btyd.accuracy import forecast_accuracy, heuristic_forecasts
from crmlib.btyd.beta_geo import BetaGeoNBD, ModifiedBetaGeoNBD
from crmlib.btyd.bg_bb import BetaGeoBetaBernoulli
from crmlib.btyd.counts import count_intervals, count_probabilities
from crmlib.btyd.gamma_gamma import GammaGamma
from crmlib.btyd.holdout import Choice, Holdout, choose_model, inner_cutoff
from crmlib.btyd.model import PurchaseModel
from crmlib.btyd.next_purchase import next_purchase_dates
from crmlib.btyd.pareto import ParetoNBD
from crmlib.btyd.regular import ModifiedBetaGeoCNBD
from crmlib.btyd.simulate import simulate
from crmlib.btyd.spending import fit_spend, spend_independence
from crmlib.btyd.summary import customer_summary
from crmlib.btyd.tracking import daily_purchases, tracking
from crmlib.btyd.value import lifetime_value, residual_purchases

__all__ = [
    "BetaGeoBetaBernoulli",
    "BetaGeoNBD",
    "Choice",
    "GammaGamma",
    "Holdout",
    "ModifiedBetaGeoCNBD",
    "ModifiedBetaGeoNBD",
    "ParetoNBD",
    "PurchaseModel",
    "choose_model",
    "count_intervals",
    "count_probabilities",
    "customer_summary",
    "daily_purchases",
    "fit_spend",
    "forecast_accuracy",
    "heuristic_forecasts",
    "inner_cutoff",
    "lifetime_value",
    "next_purchase_dates",
    "residual_purchases",
    "simulate",
    "spend_independence",
    "tracking",
]
