"""What the probabilities are worth on the page: do they hold, whom do they reach, what goes with them."""

import numpy as np
import pandas as pd

from crmlib.churn import figures, verdicts
from crmlib.churn.backtest import expected_and_observed
from crmlib.churn.evaluation import Evaluation
from crmlib.churn.logistic import odds_ratios
from crmlib.churn.shown import source
from crmlib.churn.shown_models import untested
from crmlib.churn.study import Study
from crmlib.churn.wording import days_words, feature_words, model_words, points
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, figure
from crmlib.stats.intervals import proportions
from crmlib.words import _, formats
from crmlib.workspace import Run


def calibration_figure(study: Study, judged: Evaluation | None, run: Run) -> Shown:
    """Show whether probabilities mean what they say."""
    if study.backtest is None or judged is None or judged.curve is None or judged.error is None:
        return untested(study, _("Whether the probabilities hold cannot be said."))
    gated = disclose(
        judged.curve,
        labels=["bin"],
        measures=["expected", "observed", "low", "high"],
        based_on="customers",
        rules=run.rules,
    )
    error = judged.error
    return figure(
        figures.calibration,
        gated,
        title=verdicts.calibration_title(judged),
        alt=_("Dots of the share that left against the share expected, by tenth of the customers: {dots}.").format(
            dots="; ".join(
                f"{formats.share(row.expected, decimals=0)} → {formats.share(row.observed, decimals=0)}"
                for row in gated.frame.dropna().itertuples()
            )
        ),
        read=_("On the dashed line as many left as {model} expected; vertical lines are 95 % intervals.").format(
            model=model_words(study.model)
        ),
        limits=_("{shift} Chance alone brings an average error above {floor} points one time in twenty.").format(
            shift=verdicts.shift_sentence(error), floor=points(error.floor_high)
        ),
        source=source(study, run, judged.customers),
        size=(7.2, 4.2),
    )


def drift_figure(study: Study, run: Run) -> Shown:
    """Show whether the churn rate moved, and whether the model followed."""
    if study.backtest is None or not study.backtest.training:
        return untested(study, _("Whether the churn rate moves cannot be said."))
    rows = expected_and_observed(study.backtest)
    rates = proportions(rows["churned"], rows["customers"])
    frame = rows.assign(observed=rates["value"], low=rates["low"], high=rates["high"]).drop(columns="churned")
    gated = disclose(
        frame,
        labels=["cutoff"],
        measures=["observed", "low", "high", "expected"],
        based_on="customers",
        rules=run.rules,
    )
    return figure(
        figures.drift,
        gated,
        title=verdicts.drift_sentence(study).removesuffix("."),
        alt=_("Line of the share that left after each cutoff: {dots}.").format(
            dots="; ".join(
                f"{formats.day(row.cutoff)} {formats.share(row.observed)}" for row in gated.frame.itertuples()
            )
        ),
        read=_("Each point is a cutoff; the diamonds are what the model expected, learnt from the cutoffs before it."),
        limits=verdicts.season_sentence(study),
        source=source(study, run, len(study.current.customers)),
        size=(7.2, 3.2),
    )


def gain_figure(study: Study, judged: Evaluation | None, run: Run) -> Shown:
    """Show what share of the leavers is reached by contacting those at highest risk first."""
    if study.backtest is None or judged is None or judged.gains.empty:
        return untested(study, _("What a contact list would reach cannot be said."))
    rate, customers = judged.rate_active, judged.auc_active.n
    curves = judged.gains.assign(
        role=["chosen" if name == study.model else "rule" for name in judged.gains["model"]],
        name=judged.gains["model"].map(model_words),
    )
    corners = pd.DataFrame({"contacted": [0.0, rate, 1.0], "gain": [0.0, 1.0, 1.0], "customers": customers})
    perfect = corners.assign(role="perfect", name=model_words("perfect"))
    frame = pd.concat([curves, perfect], ignore_index=True)[
        ["role", "name", "contacted", "gain", "low", "high", "customers"]
    ]
    gated = disclose(
        frame,
        labels=["role", "name", "contacted"],
        measures=["gain", "low", "high"],
        based_on="customers",
        rules=run.rules,
    )
    top = curves[(curves["role"] == "chosen") & (curves["contacted"].round(2) == 0.2)].iloc[0]
    return figure(
        figures.gains,
        gated,
        title=_(
            "The {share} of active customers at highest risk hold {gain} of those who left: {lift} times their share"
        ).format(
            share=formats.share(0.2, decimals=0),
            gain=formats.share(top["gain"], decimals=0),
            lift=formats.fixed(top["lift"], 1),
        ),
        alt=_("Curves of leavers reached by share contacted. {dots}.").format(dots=_tenths(curves)),
        read=_(
            "Among the customers who had bought in the last {active}, going down from the highest risk, the height is "
            "the share of all leavers already met; the band is a 95 % interval. Since {rate} left, even a perfect "
            "order reaches only {most} with the first 20 %."
        ).format(
            active=days_words(study.active_days),
            rate=formats.share(rate, decimals=0),
            most=formats.share(min(0.2 / rate, 1), decimals=0),
        ),
        limits=_("To reach a leaver is not to keep one."),
        source=source(study, run, customers),
        size=(7.2, 4.0),
    )


def odds_figure(study: Study, run: Run) -> Shown:
    """Show what goes with leaving, by the logistic regression on all labelled cutoffs."""
    ratios = odds_ratios(study.slices) if study.slices else pd.DataFrame()
    if ratios.empty:
        return untested(study, _("What goes with leaving cannot be estimated."))
    ordered = ratios.sort_values("odds_ratio", ascending=False, kind="stable")
    frame = ordered.assign(name=ordered["feature"].map(feature_words)).drop(columns="feature")
    gated = disclose(
        frame, labels=["name"], measures=["odds_ratio", "low", "high"], based_on="customers", rules=run.rules
    )
    strongest = frame.loc[np.log(frame["odds_ratio"]).abs().idxmax()]
    return figure(
        figures.odds,
        gated,
        title=_("What goes most with {end}: {feature}").format(
            end=_("leaving") if strongest["odds_ratio"] > 1 else _("staying"), feature=strongest["name"]
        ),
        alt=_("Dots of odds ratios with intervals: {dots}.").format(
            dots="; ".join(
                f"{name} {formats.fixed(ratio, 2)}"
                for name, ratio in zip(gated.frame["name"], gated.frame["odds_ratio"], strict=True)
            )
        ),
        read=_(
            "Right of × 1 the odds of leaving rise with the feature, left of it they fall, the other features held; "
            "one standard deviation more of each; lines are 95 % intervals, errors clustered by customer."
        ),
        limits=_(
            "Features overlap, so each speaks only for what the others leave open; none is a cause: changing one "
            "would not by itself change who leaves."
        ),
        source=source(study, run, int(ratios["customers"].iloc[0])),
        size=(7.2, 0.9 + 0.38 * len(frame)),
    )


def _tenths(curves: pd.DataFrame) -> str:
    chosen = curves[curves["role"] == "chosen"]
    return "; ".join(
        _("first {share}: {gain}").format(share=formats.share(share, decimals=0), gain=formats.share(gain, decimals=0))
        for share, gain in zip(chosen["contacted"], chosen["gain"], strict=True)
    )
