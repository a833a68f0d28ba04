"""What customers are worth and how sure that is, as the page shows it."""

from functools import partial

import numpy as np
import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, figure, note, show_all, table
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.value import figures, model_sentences, sentences
from crmlib.segmentation.value.forecast import Forecast
from crmlib.segmentation.value.holdout import Judged, accuracy, purchase_calibration, purchases_by_frequency
from crmlib.segmentation.value.valuation import value_by_segment
from crmlib.words import _
from crmlib.workspace import Run


def show_value(forecast: Forecast, base: CustomerBase, run: Run) -> Shown:
    """Show what each segment is worth within the horizon, in total and a customer.

    Parameters
    ----------
    forecast
        From :func:`crmlib.segmentation.value.forecast.forecast_value`.
    base
        The customer base, for the segments.
    run
        The run.
    """
    if forecast.valued is None:
        return forecast.without_value
    by_segment = value_by_segment(forecast.valued, base.now.set_index("customer_id")["segment"])
    weeks = run.params.segmentation.lifetime_weeks
    measures = ["value_low", "value_high", "value_each", "value_each_low", "value_each_high"]
    data = disclose(
        by_segment[["segment", "customers", "value", *measures, "largest"]],
        labels=["segment"],
        based_on=dict.fromkeys(["value", *measures], "customers"),
        measures=measures,
        exact=["value"],
        largest=dict.fromkeys(["value", *measures], "largest"),
        totals=True,
        rules=run.rules,
    )
    words = sentences.value(by_segment, weeks, forecast.valued.name, run)
    draw = partial(figures.value_bars, currency=run.params.currency)
    picture = figure(draw, data, **words, panels=(1, 2), size=(7.2, 3.4))
    return show_all(picture, _value_table(by_segment, run))


def _value_table(by_segment: pd.DataFrame, run: Run) -> Shown:
    frame = by_segment.assign(name=by_segment["segment"].map(segment_label).astype("str"))
    measures = ["purchases", "days_to_next"]
    measures += [
        f"{name}{end}" for name in ("value_share", "value_each", "churn_risk") for end in ("", "_low", "_high")
    ]
    data = disclose(
        frame[["name", "customers", *measures, "largest"]],
        labels=["name"],
        counts=["customers"],
        based_on="customers",
        measures=measures,
        largest=dict.fromkeys((name for name in measures if name.startswith("value")), "largest"),
        totals=True,
        rules=run.rules,
    )
    columns = {
        "name": Shows(_("Segment"), swatch=True),
        "value_share": Shows(_("Of all value ahead"), "share", "value_share_low", "value_share_high", decimals=0),
        "value_each": Shows(_("Value ahead each"), "money", "value_each_low", "value_each_high"),
        "purchases": Shows(_("Purchases expected each"), "number", decimals=1),
        "churn_risk": Shows(_("Churn risk"), "share", "churn_risk_low", "churn_risk_high", decimals=0),
        "days_to_next": Shows(_("Days until half are back"), "days", decimals=0, missing="–"),
    }
    caption = _("Value ahead within {weeks} weeks, by segment; churn risk is the chance of no purchase in them").format(
        weeks=f"{run.params.segmentation.lifetime_weeks:g}"
    )
    said = _("–: fewer than half are expected back.")
    return table(data, caption, columns, currency=run.params.currency, note=said)


def show_tracking(forecast: Forecast, run: Run) -> Shown:
    """Show whether the model keeps step with what customers did after the day it was fitted on."""
    if forecast.judged is None or forecast.tracked is None:
        return forecast.missing
    run.write("forecast_tracking", forecast.tracked, by=["week"])
    data = disclose(
        forecast.tracked[["ends", "held_out", "actual", "expected", "actual_cumulative", "expected_cumulative"]],
        labels=["ends", "held_out"],
        exact=["actual", "expected", "actual_cumulative", "expected_cumulative"],
        rules=run.rules,
    )
    words = model_sentences.tracking(forecast.tracked, forecast.judged, run)
    picture = figure(figures.tracking, data, **words, panels=(2, 1), size=(7.2, 4.8))
    return show_all(picture, _means(forecast.judged, run), _calibration(forecast.judged, run))


def _means(judged: Judged, run: Run) -> Shown:
    means = purchases_by_frequency(judged)
    data = disclose(
        means,
        labels=["frequency"],
        counts=["customers"],
        based_on="customers",
        measures=["expected", "actual", "low", "high"],
        rules=run.rules,
    )
    return figure(figures.held_out_means, data, **model_sentences.held_out_means(means, judged, run))


def _calibration(judged: Judged, run: Run) -> Shown:
    curve = purchase_calibration(judged)
    run.write("forecast_calibration", curve, by=["bin"])
    numbers = ["expected", "observed", "low", "high"]
    data = disclose(
        curve, labels=["bin"], counts=["customers"], based_on="customers", measures=numbers, rules=run.rules
    )
    words = model_sentences.purchase_calibration(curve, judged, run)
    return figure(figures.purchase_calibration, data, **words, size=(7.2, 4.0))


def show_models(forecast: Forecast, run: Run) -> Shown:
    """Show every model and rule of thumb in one table, judged on customers and a time that had no say in the choice."""
    if forecast.judged is None:
        return forecast.missing if forecast.valued is None else show_all(forecast.missing, *_in_money(forecast))
    judged = accuracy(forecast.judged, np.random.default_rng(run.params.segmentation.seed))
    run.write("forecast_accuracy", judged, by=["forecast"])
    numbers = ["log_score", "mae", "mae_difference", "mae_difference_low", "mae_difference_high", "rmse", "foreseen"]
    frame = judged.assign(name=[model_sentences.forecast_label(name, forecast.judged) for name in judged["forecast"]])
    data = disclose(
        frame[["name", "customers", *numbers]],
        labels=["name"],
        counts=["customers"],
        based_on="customers",
        measures=numbers,
        rules=run.rules,
    )
    columns = {
        "name": Shows(_("Forecast")),
        "log_score": Shows(_("Log score, time of the choice"), "number", decimals=4, missing="–"),
        "mae": Shows(_("Mean absolute error"), "number", decimals=3),
        "mae_difference": Shows(
            _("Beyond the chosen model's"), "number", "mae_difference_low", "mae_difference_high", decimals=3
        ),
        "rmse": Shows(_("Root mean squared error"), "number", decimals=3),
        "foreseen": Shows(_("Foreseen of those made"), "share", decimals=0),
    }
    caption = _("All forecasts on what customers did in the held-out time; smaller errors are better")
    said = note(model_sentences.models_note(judged, forecast.judged))
    return show_all(table(data, caption, columns), said, *_in_money(forecast))


def _in_money(forecast: Forecast) -> list[Shown]:
    """Say whether the values hold in money; nothing where nobody was valued."""
    if forecast.valued is None:
        return []
    said = [] if forecast.judged is None else [sentences.held_out_money(forecast.money)]
    return [note(*said, sentences.independence(forecast.valued.independence))]
