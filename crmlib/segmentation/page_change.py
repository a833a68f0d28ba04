"""Why revenue changed, how unequal it is and how soon customers return, as the page shows it."""

from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, insufficient, show_all, table
from crmlib.segmentation import change_figures, change_sentences
from crmlib.segmentation.base import CustomerBase
from crmlib.segmentation.decomposition import RevenueChange, revenue_change
from crmlib.segmentation.second_purchase import second_purchases, share_within, time_to_second
from crmlib.stats.concentration import gini, top_share
from crmlib.words import _
from crmlib.workspace import Run

WITHIN = (30, 90, 180)
TOPS = (0.01, 0.1, 0.2)
MOST_PLACES = 12


def period_before(run: Run) -> date:
    """Give the day on which the last period began."""
    return (pd.Timestamp(run.previous_as_of) - pd.DateOffset(months=1)).date()


def show_revenue_change(transactions: Any, run: Run) -> Shown:
    """Show how net revenue came from the last period to this one, by drivers and by customers."""
    start = period_before(run)
    change = revenue_change(transactions, (start, run.previous_as_of), (run.previous_as_of, run.as_of))
    groups = change.groups.set_index("group")
    bought = [groups.loc[["retained", "lost"], "customers"].sum(), groups.drop("lost")["customers"].sum()]
    if min(bought) < run.rules.threshold:
        return insufficient(
            needed=_("at least {n} known customers in this period and in the one before").format(n=run.rules.threshold),
            found=_("fewer in one of them"),
            therefore=_("The change of revenue is not decomposed."),
        )
    data = {"drivers": _driver_steps(change, run), "groups": _group_steps(change, run)}
    draw = partial(change_figures.waterfalls, currency=run.params.currency)
    words = change_sentences.revenue(change, run)
    return figure(draw, data, **words, panels=(1, 2), size=(8.6, 3.6))


def _driver_steps(change: RevenueChange, run: Run) -> Disclosed:
    people = int(change.groups["customers"].min())
    steps = _steps(change, list(change.drivers["driver"]), list(change.drivers["effect"])).assign(people=people)
    return disclose(steps.drop(columns="people"), labels=["step", "whole"], exact=["effect", "level"], rules=run.rules)


def _group_steps(change: RevenueChange, run: Run) -> Disclosed:
    """Put the groups of customers and the rest in a row; a group of few people, or one ruled by one, is hidden."""
    rest = change.drivers.set_index("driver").loc[["anonymous", "returns"], "effect"]
    names = [*change.groups["group"], *rest.index]
    steps = _steps(change, names, [*change.groups["effect"], *rest])
    rows = change.groups.set_index("group").reindex(steps["step"])
    everybody = change.groups["customers"].sum()
    steps = steps.assign(
        customers=rows["customers"].fillna(everybody).to_numpy(), largest=rows["largest"].fillna(0.0).to_numpy()
    )
    return disclose(
        steps,
        labels=["step", "whole"],
        exact=["effect", "level"],
        based_on=dict.fromkeys(["effect", "level"], "customers"),
        largest={"effect": "largest"},
        rules=run.rules,
    )


def _steps(change: RevenueChange, names: list[str], effects: list[float]) -> pd.DataFrame:
    """Stack the effects from the revenue before to the revenue after."""
    levels = [change.then]
    for effect in effects:
        levels.append(levels[-1] + effect)
    return pd.DataFrame({
        "step": ["before", *names, "after"],
        "effect": [change.then, *effects, change.now],
        "level": [*levels, change.now],
        "whole": [True, *[False] * len(names), True],
    })  # fmt: skip


def show_concentration(base: CustomerBase, run: Run) -> Shown:
    """Show how much of revenue the biggest customers brought, and how unequal customers are in all."""
    if len(base.now) < run.rules.threshold:
        return insufficient(
            needed=_("at least {n} known customers").format(n=run.rules.threshold),
            found=_("fewer"),
            therefore=_("No concentration is shown."),
        )
    spend = base.now["spend"].to_numpy()
    rows = [(part, int(part * len(spend)), top_share(spend, part)) for part in TOPS]
    frame = pd.DataFrame({
        "name": [*(_("Top {part} % of customers, share of revenue").format(part=f"{100 * p:g}") for p, _n, _e in rows),
                 _("Gini coefficient (0 equal, 1 all from one)")],
        "people": [*(n for _p, n, _e in rows), len(spend)],
        "value": [*(e.value for _p, _n, e in rows), gini(spend).value],
        "low": [*(e.low for _p, _n, e in rows), gini(spend).low],
        "high": [*(e.high for _p, _n, e in rows), gini(spend).high],
    })  # fmt: skip
    numbers = ["value", "low", "high"]
    data = disclose(
        frame, labels=["name"], based_on=dict.fromkeys(numbers, "people"), measures=numbers, rules=run.rules
    )
    columns = {"name": Shows(_("Measure")), "value": Shows(_("Value"), "share", "low", "high")}
    return table(data, change_sentences.concentration(frame.assign(part=[*TOPS, float("nan")])), columns)


def show_return(transactions: Any, run: Run) -> Shown:
    """Show how soon a second purchase comes, and where the first one led to it."""
    waits = second_purchases(transactions, run.as_of)
    if len(waits) < run.rules.threshold or not waits["again"].any():
        return insufficient(
            needed=_("customers with a second purchase"), found=_("none or too few"),
            therefore=_("The time to the second purchase is not shown."),
        )  # fmt: skip
    found = time_to_second(waits, run.as_of)
    curve = found.curve[found.curve["at_risk"] >= run.rules.threshold]
    data = disclose(
        curve,
        labels=["group", "days"],
        based_on=dict.fromkeys(["share", "low", "high"], "at_risk"),
        measures=["share", "low", "high"],
        rules=run.rules,
    )
    within = {days: share_within(waits, days) for days in WITHIN}
    picture = figure(change_figures.second_purchase, data, **change_sentences.returning(found, within, run))
    places = _places(waits, run)
    return picture if places is None else show_all(picture, places)


def _places(waits: pd.DataFrame, run: Run) -> Shown | None:
    """Compare where the first purchase was made: channels, then stores; nothing where neither is delivered."""
    named = {"channel": waits["channel"], "store_id": _store_names(waits["store_id"], run)}
    rows = []
    for column, names in named.items():
        for name, part in waits.groupby(names):
            each = share_within(part, WITHIN[1])
            rows.append((column, str(name), len(part), each.value, each.low, each.high))
    frame = pd.DataFrame(rows, columns=["kind", "place", "customers", "value", "low", "high"])
    if len(frame) < 2:
        return None
    frame = frame.sort_values(["kind", "customers"], ascending=[True, False]).groupby("kind").head(MOST_PLACES)
    numbers = ["value", "low", "high"]
    data = disclose(
        frame.drop(columns="kind"),
        labels=["place"],
        counts=["customers"],
        based_on="customers",
        measures=numbers,
        rules=run.rules,
    )
    columns = {
        "place": Shows(_("First purchase")),
        "customers": Shows(_("Customers won"), "people"),
        "value": Shows(_("Bought again within {days} days").format(days=WITHIN[1]), "share", "low", "high"),
    }
    return table(data, _("Second purchases by where the first one was made: channel, then store"), columns)


def _store_names(stores: pd.Series, run: Run) -> pd.Series:
    if not run.has("stores"):
        return stores
    names = run.table("stores").select("store_id", "name").to_pandas().set_index("store_id")["name"]
    return stores.map(names).fillna(stores)
