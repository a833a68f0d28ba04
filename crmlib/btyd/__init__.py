"""Buy-till-you-die models of purchase and spend."""

from crmlib.btyd.beta_geo import BetaGeoNBD, ModifiedBetaGeoNBD
from crmlib.btyd.gamma_gamma import GammaGamma
from crmlib.btyd.model import PurchaseModel
from crmlib.btyd.pareto import ParetoNBD
from crmlib.btyd.regular import ModifiedBetaGeoCNBD
from crmlib.btyd.simulate import simulate
from crmlib.btyd.summary import customer_summary
from crmlib.btyd.value import discounted_purchases, lifetime_value, residual_purchases

__all__ = [
    "BetaGeoNBD",
    "GammaGamma",
    "ModifiedBetaGeoCNBD",
    "ModifiedBetaGeoNBD",
    "ParetoNBD",
    "PurchaseModel",
    "customer_summary",
    "discounted_purchases",
    "lifetime_value",
    "residual_purchases",
    "simulate",
]
