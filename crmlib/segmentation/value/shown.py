"""What customers are worth and how sure that is, as the page shows it."""

from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, note, show_all, table
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.value import figures, means_sentences, model_sentences, sentences
from crmlib.segmentation.value.forecast import Forecast
from crmlib.segmentation.value.holdout import (
    Judged,
    accuracy,
    purchase_calibration,
    purchases_by_frequency,
    total_ratio,
)
from crmlib.segmentation.value.valuation import value_by_segment
from crmlib.segmentation.value.wording import chosen_label, forecast_label
from crmlib.words import _
from crmlib.workspace import Run

_EACH: Final = {f"value_each{end}": (f"value{end}", "customers") for end in ("", "_low", "_high")}
"""Means of the rounded number of customers: beside the total, an exact mean would give the exact number away."""


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
    by_segment = _believed(by_segment[by_segment["customers"] > 0], forecast)
    ends = ["value_low", "value_high"]
    data = disclose(
        by_segment[["segment", "customers", "value", *ends, "value_share", "largest"]],
        labels=["segment"],
        counts=["customers"],
        based_on=dict.fromkeys(["value", *ends, "value_share"], "customers"),
        measures=[*ends, "value_share"],
        exact=["value"],
        means=_EACH,
        largest=dict.fromkeys(["value", *ends, "value_share"], "largest"),
        totals=True,
        rules=run.rules,
    )
    words = sentences.value(data.frame, int(by_segment["customers"].sum()), forecast, run)
    draw = partial(figures.value_bars, currency=run.params.currency)
    picture = figure(draw, data, **words, panels=(1, 2), size=(7.2, 3.4))
    return show_all(picture, _value_table(by_segment, forecast, run))


def _believed(by_segment: pd.DataFrame, forecast: Forecast) -> pd.DataFrame:
    """Leave out the intervals that the held-out time refutes: those of money, and those of purchases."""
    refuted = ["value"] if forecast.money.excludes(1) else []
    if _purchases_refuted(forecast):
        refuted.append("churn_risk")
    return by_segment.assign(**{f"{name}_{end}": np.nan for name in refuted for end in ("low", "high")})


def _purchases_refuted(forecast: Forecast) -> bool:
    return forecast.judged is not None and total_ratio(forecast.judged).excludes(1)


def _value_table(by_segment: pd.DataFrame, forecast: Forecast, run: Run) -> Shown:
    frame = by_segment.assign(name=by_segment["segment"].map(segment_label).astype("str"))
    money = ["value", "value_low", "value_high", "value_share"]
    measures = [*money, "purchases", "days_to_next", "churn_risk", "churn_risk_low", "churn_risk_high"]
    data = disclose(
        frame[["name", "customers", *measures, "largest"]],
        labels=["name"],
        counts=["customers"],
        based_on="customers",
        measures=measures,
        means=_EACH,
        largest=dict.fromkeys(money, "largest"),
        totals=True,
        rules=run.rules,
    )
    columns = {
        "name": Shows(_("Segment"), swatch=True),
        "value_share": Shows(_("Of all value ahead"), "share", decimals=0),
        "value_each": Shows(_("Value ahead each"), "money", *_ends("value_each", data)),
        "purchases": Shows(_("Purchases expected each"), "number", decimals=1),
        "churn_risk": Shows(_("Churn risk"), "share", *_ends("churn_risk", data), decimals=0),
        "days_to_next": Shows(_("Days until half are back"), "days", decimals=0, missing="–"),
    }
    caption = _("Value ahead within {weeks} weeks, by segment; churn risk is the chance of no purchase in them").format(
        weeks=f"{run.params.segmentation.lifetime_weeks:g}"
    )
    return table(data, caption, columns, currency=run.params.currency, note=_blanks(data, forecast))


def _blanks(data: Disclosed, forecast: Forecast) -> str:
    """Say why a cell has no days, and why the churn risk has no range."""
    said = [
        _("Value ahead each: the total over the number of customers rounded to {base}.").format(base=data.rules.base)
    ]
    if (data.frame["days_to_next"].isna() & ~data.mask["days_to_next"]).any():
        said.append(_("–: fewer than half are expected back."))
    if _purchases_refuted(forecast):
        said.append(_("Churn risk has no range: the purchases made in the held-out time lie outside the model's own."))
    return " ".join(said)


def _ends(name: str, data: Disclosed) -> tuple[str | None, str | None]:
    """Name the columns with the ends of an interval, where any row has one."""
    return (f"{name}_low", f"{name}_high") if data.frame[f"{name}_low"].notna().any() else (None, None)


def show_tracking(forecast: Forecast, run: Run) -> Shown:
    """Show whether values and purchases foreseen agree with what customers did after the day of the fit."""
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
    judged = forecast.judged
    return show_all(_verdict(forecast, judged, run), picture, _means(judged, run), _calibration(judged, run))


def _verdict(forecast: Forecast, judged: Judged, run: Run) -> Shown:
    """Say first what a reader plans with: whether the values hold in money, and whether a rule of thumb does better."""
    said = [] if forecast.valued is None else [sentences.held_out_money(forecast, run)]
    return note(*said, model_sentences.rules_of_thumb(_compared(judged, run), judged))


def _compared(judged: Judged, run: Run) -> pd.DataFrame:
    return accuracy(judged, np.random.default_rng(run.params.segmentation.seed))


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
    return figure(figures.held_out_means, data, **means_sentences.held_out_means(means, judged, run))


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
    judged = forecast.judged
    if judged is None:
        return forecast.missing if forecast.valued is None else show_all(forecast.missing, *_assumed(forecast))
    compared = _compared(judged, run)
    run.write("forecast_accuracy", compared, by=["forecast"])
    said = note(model_sentences.models_note(compared, judged))
    return show_all(_models_table(compared, judged, run), said, *_assumed(forecast))


def _models_table(compared: pd.DataFrame, judged: Judged, run: Run) -> Shown:
    """Lay out the errors, each beside the chosen model's, which has no difference to itself."""
    chosen = compared["forecast"] == judged.chosen
    names = pd.Series([forecast_label(name, judged) for name in compared["forecast"]], index=compared.index)
    beyond = ["mae_difference", "mae_difference_low", "mae_difference_high"]
    numbers = ["mae", *beyond, "rmse", "foreseen"]
    frame = compared.assign(name=names.mask(chosen, _("{model} (chosen)").format(model=chosen_label(judged))))
    frame = frame.assign(**{column: frame[column].mask(chosen) for column in beyond})
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
        "mae": Shows(_("Mean absolute error"), "number", decimals=3),
        "mae_difference": Shows(
            _("Beyond the chosen model's"), "number", *_ends("mae_difference", data), decimals=3, missing="–"
        ),
        "rmse": Shows(_("Root mean squared error"), "number", decimals=3),
        "foreseen": Shows(_("Foreseen of those made"), "share", decimals=0),
    }
    caption = _(
        "All forecasts on what customers did in the held-out time: errors in purchases a customer, smaller is better"
    )
    return table(data, caption, columns, note=_("–: the chosen model itself."))


def _assumed(forecast: Forecast) -> list[Shown]:
    """Say what the spend model assumes and whether it holds; nothing where nobody was valued."""
    if forecast.valued is None:
        return []
    return [note(sentences.independence(forecast.valued.independence, forecast.each_time))]
