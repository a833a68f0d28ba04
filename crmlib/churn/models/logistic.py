"""A logistic regression on what customers did: few features, each with a plain meaning and a visible weight."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from crmlib.churn.evidence import source, untested
from crmlib.churn.models.learnt import Prediction
from crmlib.reporting import Shown, estimate, estimated_on, figure, gate, label, palette
from crmlib.reporting.figures import dots
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from crmlib.churn.history.slices import Slice
    from crmlib.churn.study import Study
    from crmlib.workspace import Run

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


@dataclass(frozen=True, slots=True)
class LearntLogistic:
    """A fitted regression."""

    model: Any

    def predict(self, customers: pd.DataFrame) -> Prediction:
        """Give each customer's probability of no purchase within the horizon."""
        probability = predict_logistic(self.model, customers)
        return Prediction(probability, probability)


def learn_logistic(past: Sequence[Slice], now: Slice) -> LearntLogistic | None:  # noqa: ARG001 - learns from the past
    """Learn from earlier cutoffs how features go with leaving."""
    if not past or len(np.unique(np.concatenate([piece.churned for piece in past]))) < 2:
        return None
    return LearntLogistic(fit_logistic(past))


def odds_ratios(past: Sequence[Slice]) -> pd.DataFrame:
    """Say what a standard deviation more of each feature, the others held, does to the odds of leaving.

    ``feature, odds_ratio, low, high, customers``, fitted without a penalty; errors are clustered by customer, who
    stands at several cutoffs (Liang & Zeger, Biometrika 73, 1986; through statsmodels). No rows where the likelihood
    has no maximum: a feature tells leavers from stayers without error, or two features say the same.
    """
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

    features, churned, whose = stacked([piece.sampled() for piece in past])
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


TITLES: Final = {
    "silence": N_("longer since the last purchase"),
    "tenure": N_("longer since the first purchase"),
    "purchases": N_("more purchase days so far"),
    "recent_purchases": N_("more purchase days in the last horizon"),
    "order_value": N_("larger orders"),
    "returned_share": N_("larger share of spend returned"),
}
"""The regression's features in the reader's words."""

_TICKS: Final = (0.1, 0.2, 0.33, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10)


def show_odds(found: Study, run: Run) -> Shown:
    """Show what goes with leaving."""
    if not found.slices or found.odds.empty:
        return untested(found, run, _("What goes with leaving cannot be estimated."))
    ratios = found.odds.sort_values("odds_ratio", ascending=False, kind="stable")
    ratios["name"] = [_(TITLES[feature]) if feature in TITLES else feature for feature in ratios.pop("feature")]
    gated = gate(
        ratios, run, label("name"),
        estimate("odds_ratio", kind="number", of="customers", low="low", high="high", decimals=2),
    )  # fmt: skip
    strongest = ratios.loc[np.log(ratios["odds_ratio"]).abs().idxmax()]
    words = _("What goes most with leaving: {feature}")
    if strongest["odds_ratio"] <= 1:
        words = _("What goes most with staying: {feature}")
    limits = _(
        "Features overlap, so each speaks only for what the others leave open; none is a cause: changing one would not "
        "by itself change who leaves."
    )
    return figure(
        partial(_draw, run=run),
        gated,
        title=run.say(words, feature=strongest["name"]),
        alt=run.say(_("Dots of odds ratios with intervals: {dots}."), dots=gated.listing("{name} {odds_ratio}")),
        read=_(
            "Right of × 1 the odds of leaving rise with the feature, left of it they fall, the other features held; "
            "one standard deviation more of each; lines are 95 % intervals, errors clustered by customer."
        ),
        limits=" ".join([limits, *estimated_on(len(found.current.customers), run)]),
        source=source(found, run, int(ratios["customers"].iloc[0])),
        size=(7.2, 0.9 + 0.38 * len(gated)),
    )


def _draw(axes: Axes, frame: pd.DataFrame, run: Run) -> None:
    """Draw what each feature does to the odds of leaving."""
    axes.set_xscale("log")
    shades = {
        name: palette.RED if low > 1 else palette.ACCENT if high < 1 else palette.CONTEXT
        for name, low, high in zip(frame["name"], frame["low"], frame["high"], strict=True)
    }
    unit = _("Odds of leaving, times, for one standard deviation more")
    dots(axes, frame, label="name", value="odds_ratio", low="low", high="high", unit=unit, reference=1, colour=shades)
    for row, ratio in enumerate(frame["odds_ratio"]):
        words, beside = run.say("× {ratio:number2}", ratio=ratio), axes.get_yaxis_transform()
        axes.text(1.02, row, words, color=palette.INK, transform=beside, va="center")
    _write_ticks(axes, frame["low"].min(), frame["high"].max())


def _write_ticks(axes: Axes, low: float, high: float) -> None:
    """Write round factors along the axis, those in view."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    axes.xaxis.set_major_locator(FixedLocator([tick for tick in _TICKS if low * 0.8 <= tick <= high * 1.25]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda factor, _place: f"× {factor:g}"))
