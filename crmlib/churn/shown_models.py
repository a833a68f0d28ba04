"""The competition on the page: at which cutoffs, how one was chosen, which puts customers in the right order."""

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd

from crmlib.churn import figures, sentences, verdicts
from crmlib.churn.evaluation import Evaluation
from crmlib.churn.shown import source
from crmlib.churn.study import Study
from crmlib.churn.wording import days_words, model_words, sentence_start
from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, insufficient, note, show_all, table
from crmlib.stats.intervals import proportions
from crmlib.words import _, formats
from crmlib.workspace import Run


def cutoffs_table(study: Study, leaks: Sequence[str], run: Run) -> Shown:
    """Show at which dates the past was cut, and that nothing later was looked at.

    Parameters
    ----------
    leaks
        Features that changed when later sales were taken away, from `crmlib.churn.slices.leaking_columns`.
    """
    if study.backtest is None:
        return untested(study, _("The score has not been tested."))
    roles = [_("to learn") for _each in study.slices]
    roles[1:-1] = [_("to learn and to choose")] * len(roles[1:-1])
    roles[-1] = _("the test")
    rows = pd.DataFrame(
        {
            "role": roles,
            "cutoff": [each.cutoff for each in study.slices],
            "until": [study.plan.window(each.cutoff)[1] - timedelta(days=1) for each in study.slices],
            "customers": [len(each.customers) for each in study.slices],
        }
    )
    rates = proportions([int(each.churned.sum()) for each in study.slices], rows["customers"])
    gated = disclose(
        rows.assign(rate=rates["value"], low=rates["low"], high=rates["high"]),
        labels=["role", "cutoff", "until"],
        counts=["customers"],
        measures=["rate", "low", "high"],
        based_on="customers",
        rules=run.rules,
    )
    leak = (
        _("Features were computed twice at the test's cutoff, with later sales and without: not one differed.")
        if not leaks
        else _("Some features know later sales, so the test is too good to be true: {names}.").format(
            names=", ".join(leaks)
        )
    )
    columns = {
        "role": Shows(_("Used")),
        "cutoff": Shows(_("Known before"), "day"),
        "until": Shows(_("Asked until"), "day"),
        "customers": Shows(_("Customers"), "people"),
        "rate": Shows(_("Went silent"), "share", low="low", high="high"),
    }
    shown = table(gated, _("Cutoffs one horizon apart: no window overlaps another"), columns)
    return show_all(shown, note(verdicts.choice_sentence(study), leak))


def comparison_shown(study: Study, judged: Evaluation | None, run: Run) -> Shown:
    """Show which rule or model puts customers in the right order."""
    if study.backtest is None or judged is None:
        return untested(study, _("Rules and models cannot be compared."))
    rows = judged.comparison.assign(
        name=judged.comparison["model"].map(model_words),
        people=judged.customers,
    ).drop(columns="model")
    against = [column for column in rows.columns if column.startswith("auc_against")]
    rows[against] = rows[against].mask(rows["chosen"]) * 100
    numbers = [column for column in rows.columns if column not in {"name", "chosen", "people"}]
    gated = disclose(rows, labels=["name", "chosen"], measures=numbers, based_on="people", rules=run.rules)
    picture = figure(
        figures.comparison,
        gated,
        title=verdicts.comparison_title(judged, study),
        alt=_("Dots with intervals, pairs in the right order: {dots}.").format(dots=_dots(gated.frame)),
        read=_(
            "{verdict} Take one customer who left and one who stayed: how often did the rule or model rank the leaver "
            "as the higher risk? Blue scores the customers; lines are 95 % intervals."
        ).format(verdict=sentence_start(verdicts.verdict(judged, study))),
        limits=_(
            "Intervals of one row are wide because customers differ; whether two rows differ is in the table, from "
            "the same resampled customers. Among the customers still active at the cutoff the chosen one reaches "
            "{active}."
        ).format(active=formats.estimate(judged.auc_active, "share")),
        source=source(study, run, judged.customers),
        size=(7.2, 0.9 + 0.38 * len(rows)),
    )
    return show_all(picture, _comparison_table(gated, study, run))


def _comparison_table(gated: Disclosed, study: Study, run: Run) -> Shown:
    columns = {
        "name": Shows(_("Rule or model")),
        "auc": Shows(_("In the right order"), "share", low="auc_low", high="auc_high"),
        "auc_against_chosen": Shows(
            _("Against the chosen, points"),
            "number",
            low="auc_against_chosen_low",
            high="auc_against_chosen_high",
            decimals=1,
            missing=_("chosen"),
        ),
        "brier": Shows(_("Brier score"), "number", low="brier_low", high="brier_high", decimals=3),
        "log_loss": Shows(_("Log loss"), "number", decimals=3),
    }
    return table(
        gated,
        _("Tested on {window} after {cutoff}, {n} resamples, 95 % intervals").format(
            window=days_words(study.plan.horizon_days),
            cutoff=formats.day(study.plan.test),
            n=formats.count(run.params.churn.resamples),
        ),
        columns,
        note=_(
            "Brier score and log loss judge the probabilities, not only the order: lower is better. The purchase "
            "models know each customer's rhythm and chance to have left; the regression learns from earlier cutoffs "
            "how six features go with leaving."
        ),
    )


def untested(study: Study, therefore: str) -> Shown:
    """Say that the history is too short for a test, and what is therefore not shown."""
    return insufficient(
        needed=_("two horizons of sales ({days}) and enough customers who left and who stayed").format(
            days=days_words(2 * study.plan.horizon_days)
        ),
        found=sentences.lack_of_test(study),
        therefore=therefore,
    )


def _dots(frame: pd.DataFrame) -> str:
    return "; ".join(f"{name} {formats.share(value)}" for name, value in zip(frame["name"], frame["auc"], strict=True))
