"""A logistic regression on what customers did: few features, each with a plain meaning and a visible weight."""

import warnings
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.churn.slices import Slice

FEATURES: Final = (
    "silence",
    "tenure",
    "purchases",
    "recent_purchases",
    "order_value",
    "returned_share",
)
"""What the regression looks at, in the order of `risk_features`."""


def risk_features(customers: pd.DataFrame, own: Sequence[str] = ()) -> pd.DataFrame:
    """Turn what is known of customers at a cutoff into the regression's `FEATURES`: floats without missing values.

    Days, counts and money enter as logarithms: twice as long a silence counts the same from 10 to 20 days as from 100
    to 200. Features of one's own enter as they are.
    """
    if taken := set(FEATURES) & set(own):
        raise ValueError(f"the regression has a feature {', '.join(sorted(taken))} already: give yours another name")
    spend = customers["spend"].clip(lower=0.01)
    return pd.DataFrame(
        {
            "silence": np.log1p(customers["days_since_last"]),
            "tenure": np.log1p(customers["days_since_first"]),
            "purchases": np.log(customers["purchase_days"]),
            "recent_purchases": np.log1p(customers["recent_purchase_days"]),
            "order_value": np.log1p(customers["average_order_value"].clip(lower=0)),
            "returned_share": (customers["returned"] / spend).clip(0, 1),
            **{name: customers[name] for name in own},
        }
    ).astype(float)


def useful_features(features: pd.DataFrame) -> list[str]:
    """Keep the features that differ between customers: a column that is always the same teaches nothing."""
    return [name for name in features.columns if np.ptp(features[name].to_numpy()) > 0]


def stacked(past: Sequence[Slice]) -> tuple[pd.DataFrame, NDArray[np.bool_], NDArray[np.object_]]:
    """Put the customers of several cutoffs under one another: features, labels, and whose row it is."""
    features = pd.concat([risk_features(piece.customers, piece.own) for piece in past], ignore_index=True)
    churned = np.concatenate([piece.churned for piece in past])
    whose = np.concatenate([piece.customers["customer_id"].to_numpy(dtype=object) for piece in past])
    return features[useful_features(features)], churned, whose


def fit_logistic(past: Sequence[Slice]) -> Any:
    """Fit the regression on earlier cutoffs: standardised features, scikit-learn's mild default penalty."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if not past:
        raise ValueError("a regression learns from earlier cutoffs with labels, and there is none")
    features, churned, _ = stacked(past)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000))
    return model.fit(features, churned)


def predict_logistic(model: Any, customers: pd.DataFrame) -> NDArray[np.float64]:
    """Give each customer's probability of no purchase within the horizon."""
    columns = list(model.feature_names_in_)
    own = [name for name in columns if name not in FEATURES]
    probability: NDArray[np.float64] = model.predict_proba(risk_features(customers, own)[columns])[:, 1]
    return probability


def odds_ratios(past: Sequence[Slice]) -> pd.DataFrame:
    """Say what a standard deviation more of each feature, the others held, does to the odds of leaving.

    ``feature, odds_ratio, low, high, customers``, fitted without a penalty; errors are clustered by customer, who
    stands at several cutoffs (Liang & Zeger, Biometrika 73, 1986; through statsmodels). No rows where the likelihood
    has no maximum: a feature tells leavers from stayers without error, or two features say the same.
    """
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

    features, churned, whose = stacked(past)
    standard = (features - features.mean()) / features.std(ddof=0)
    clusters, _ = pd.factorize(whose)
    no_maximum = (ConvergenceWarning, PerfectSeparationWarning, RuntimeWarning)
    with warnings.catch_warnings():
        for category in no_maximum:
            warnings.simplefilter("error", category)
        try:
            fitted = sm.Logit(churned.astype(float), sm.add_constant(standard)).fit(
                disp=0, cov_type="cluster", cov_kwds={"groups": clusters}
            )
        except (*no_maximum, np.linalg.LinAlgError):
            return pd.DataFrame(columns=["feature", "odds_ratio", "low", "high", "customers"])
    limits = fitted.conf_int()
    names = list(standard.columns)
    return pd.DataFrame(
        {
            "feature": names,
            "odds_ratio": np.exp(fitted.params[names].to_numpy()),
            "low": np.exp(limits.loc[names, 0].to_numpy()),
            "high": np.exp(limits.loc[names, 1].to_numpy()),
            "customers": int(clusters.max()) + 1,
        }
    )
