"""Today's customers on the page: how many are at risk, why this horizon, where the scores are."""

import pandas as pd

from crmlib.churn import figures, sentences
from crmlib.churn.horizon import churn_by_horizon, gap_shares
from crmlib.churn.scoring import SCORE_COLUMNS, retention_candidates, risk_bands
from crmlib.churn.study import Study
from crmlib.churn.wording import days_words
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, figure, insufficient, note
from crmlib.words import _, formats
from crmlib.workspace import Run


def source(study: Study, run: Run, people: int) -> str:
    """Say what a picture rests on."""
    return _("transactions, {first} to {last}, {n} customers").format(
        first=formats.day(study.coverage.first_day),
        last=formats.day(study.coverage.observed_until - pd.Timedelta(days=1)),
        n=sentences.people(people, run.rules),
    )


def risk_figure(study: Study, run: Run) -> Shown:
    """Show how many active customers stand how close to leaving, and what they usually spend."""
    active = study.scores[study.scores["active"]]
    if active.empty or not study.scored:
        return insufficient(
            needed=_("customers who bought more than once, some of them lately"),
            found=sentences.lack_of_scores(study),
            therefore=_("No customer has a risk to show."),
        )
    if run.rules.hides(len(active)):
        return insufficient(
            needed=_("{n} customers who bought in the last {active}").format(
                n=run.rules.threshold, active=days_words(study.active_days)
            ),
            found=sentences.people(len(active), run.rules),
            therefore=_("How they are spread over risks is not shown."),
        )
    bands = risk_bands(study.scores).iloc[::-1].reset_index(drop=True)
    bands["band"] = [
        _("{low} to {high}").format(low=f"{low:.0%}"[:-1], high=formats.share(high, decimals=0))
        for low, high in zip(bands["low"], bands["high"], strict=True)
    ]
    gated = disclose(
        bands.drop(columns="low").assign(currency=run.params.currency),
        labels=["band", "high", "currency"],
        counts=["customers"],
        based_on="customers",
        exact=["usual_spend"],
        largest={"usual_spend": "largest"},
        rules=run.rules,
    )
    return figure(
        figures.risk,
        gated,
        title=_risk_title(active, study, run),
        alt=_("Bars by probability to buy nothing, customers and usual spend: {bars}.").format(bars=_bars(gated.frame)),
        read=_(
            "Left, how many of the customers who bought in the last {active} have which probability; right, what they "
            "usually spend in {horizon}."
        ).format(active=days_words(study.active_days), horizon=days_words(study.plan.horizon_days)),
        limits=_("A probability is about a group of alike customers, not a certainty about one."),
        source=source(study, run, len(active)),
        size=(7.2, 2.9),
        panels=(1, 2),
    )


def _risk_title(active: pd.DataFrame, study: Study, run: Run) -> str:
    likely, horizon = int((active["churn_probability"] > 0.6).sum()), days_words(study.plan.horizon_days)
    if likely == 0 and not run.rules.hides(len(active)):
        return _("No active customer is more than 60 % likely to buy nothing in the next {horizon}").format(
            horizon=horizon
        )
    return _("{n} active customers are more than 60 % likely to buy nothing in the next {horizon}").format(
        n=sentences.people(likely, run.rules), horizon=horizon
    )


def horizon_figure(gaps: pd.DataFrame, waits: pd.DataFrame, horizons: tuple[int, ...], study: Study, run: Run) -> Shown:
    """Show why this horizon: absences that ended, and the churn rate it leads to.

    Parameters
    ----------
    gaps
        From `crmlib.churn.horizon.purchase_gaps`.
    waits
        From `crmlib.churn.horizon.days_to_next_purchase`.
    horizons
        In days, from `crmlib.churn.horizon.comparable_horizons`.
    """
    days = study.plan.horizon_days
    repeat = int((study.current.customers["purchase_days"] > 1).sum())
    if not horizons or run.rules.hides(repeat):
        return insufficient(
            needed=_("{days} of sales and customers who bought on several days").format(days=days_words(2 * days)),
            found=_("{days}").format(days=days_words(study.coverage.days)),
            therefore=_("Whether {days} is a good horizon cannot be shown.").format(days=days_words(days)),
        )
    rates = churn_by_horizon(waits, horizons)
    ended = gap_shares(gaps)
    ended = ended[ended["gap_days"] <= 3 * days]
    inside = ended.loc[ended["gap_days"] <= days, "share"]
    marks = pd.DataFrame(
        {
            "horizon_days": [days],
            "share": [float(inside.iloc[-1]) if len(inside) else 0.0],
            "rate": [float(rates.loc[rates["horizon_days"] == days, "rate"].iloc[0])],
            "people": [min(repeat, int(rates["customers"].iloc[0]))],
        }
    )
    gated = {
        "gaps": disclose(
            ended[["gap_days", "share"]].assign(people=repeat),
            labels=["gap_days"],
            measures=["share"],
            based_on="people",
            rules=run.rules,
        ),
        "churn": disclose(
            rates[["horizon_days", "rate", "low", "high", "customers"]],
            labels=["horizon_days"],
            measures=["rate", "low", "high"],
            based_on="customers",
            rules=run.rules,
        ),
        "marks": disclose(
            marks, labels=["horizon_days"], measures=["share", "rate"], based_on="people", rules=run.rules
        ),
    }
    titles = (
        sentences.gap_title(float(marks["share"].iloc[0]), days),
        sentences.churn_title(rates, days),
    )
    return figure(
        figures.horizon,
        gated,
        title=titles[0],
        alt=_("Two lines. Left, the share of absences that ended by day: {gap}. Right: {churn}.").format(
            gap=titles[0], churn=titles[1]
        ),
        read=_(
            "Left, absences between two purchases, of those that ended; the red line is the horizon. Right, the same "
            "customers counted with other horizons, with 95 % intervals. {churn}."
        ).format(churn=titles[1]),
        limits=_(
            "Nobody cancels in a shop: gone means silent for {days}, and some come back later. Absences that never "
            "ended are not in the left picture."
        ).format(days=days_words(days)),
        source=source(study, run, int(rates["customers"].iloc[0])),
        size=(7.2, 3.0),
        panels=(1, 2),
    )


def write_scores(study: Study, run: Run) -> Shown:
    """Write the score of every customer and those put forward, and say where they are."""
    settings = run.params.churn
    put_forward = retention_candidates(study.scores, settings.contact_share, settings.least_risk)
    run.write("churn_scores", study.scores[list(SCORE_COLUMNS)], by=["customer_id"])
    run.write("candidates_churn", put_forward, by=["customer_id", "reason"])
    return note(
        _(
            "The scores of {n} customers are in tables/churn_scores.parquet of this run's private folder, as of "
            "{day}; {listed} customers are put forward in tables/candidates_churn.parquet. Chapter 05 decides what is "
            "done."
        ).format(
            n=sentences.people(len(study.scores), run.rules),
            day=formats.day(study.plan.scoring - pd.Timedelta(days=1)),
            listed=sentences.people(put_forward["customer_id"].nunique(), run.rules),
        )
    )


def _bars(frame: pd.DataFrame) -> str:
    rows = zip(frame["band"], frame["customers"], frame["usual_spend"], frame["currency"], strict=True)
    return "; ".join(
        f"{band}: {figures.hidden_or(people, 'people')}, {figures.hidden_or(spend, 'money', currency)}"
        for band, people, spend, currency in rows
    )
