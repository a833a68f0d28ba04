"""Why revenue changed, as the page shows it."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from crmlib.features import returns_known
from crmlib.privacy.disclosure import Disclosed, DisclosureRules, disclose
from crmlib.privacy.rules import DOMINANCE
from crmlib.privacy.suppression import protect
from crmlib.reporting import Shown, figure, insufficient
from crmlib.segmentation.business import change_sentences, waterfalls
from crmlib.segmentation.business.decomposition import REST, RevenueChange, revenue_change
from crmlib.segmentation.business.windows import this_and_before
from crmlib.words import _
from crmlib.workspace import Run


def show_revenue_change(transactions: Any, run: Run) -> Shown:
    """Show how net revenue came from the last period to this one, by drivers and by customers."""
    change = revenue_change(transactions, *this_and_before(run.as_of))
    if not returns_known(run):
        change = change.without_returns()
    run.write("revenue_change", _for_machines(change), by=["split", "part"])
    groups = change.groups.set_index("group")
    bought = [groups.loc[["retained", "lost"], "customers"].sum(), groups.drop("lost")["customers"].sum()]
    if min(bought) < run.rules.threshold:
        return insufficient(
            needed=_("at least {n} known customers in this period and in the one before").format(n=run.rules.threshold),
            found=_("fewer in one of them"),
            therefore=_("The change of revenue is not decomposed."),
        )
    data = {"drivers": _driver_steps(change, run), "groups": _group_steps(change, run)}
    draw = partial(waterfalls.waterfalls, currency=run.params.currency)
    words = change_sentences.revenue(change, data, run)
    return figure(draw, data, **words, panels=(1, 2), size=(8.6, 3.6))


def _for_machines(change: RevenueChange) -> pd.DataFrame:
    """Put both splits of the change into one table."""
    drivers = change.drivers.rename(columns={"driver": "part"}).assign(split="drivers")
    groups = change.groups.rename(columns={"group": "part"}).assign(split="groups")
    both = pd.concat([drivers, groups], ignore_index=True).astype({"part": "str"})
    return both[["split", "part", "then", "now", "effect", "customers", "largest"]]


def _driver_steps(change: RevenueChange, run: Run) -> Disclosed:
    steps = _steps(change, list(change.drivers["driver"]), list(change.drivers["effect"]))
    return disclose(steps, labels=["step", "whole"], exact=["effect", "level"], rules=run.rules)


def _group_steps(change: RevenueChange, run: Run) -> Disclosed:
    """Put the groups of customers and the rest in a row; a group of few people, or one ruled by one, is hidden."""
    drivers = change.drivers.set_index("driver")["effect"]
    rest = drivers[drivers.index.isin(REST)]
    groups = _protected(change.groups, run.rules)
    steps = _steps(change, [*groups["group"], *rest.index], [*groups["effect"], *rest])
    rows = groups.set_index("group").reindex(steps["step"])
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


def _protected(groups: pd.DataFrame, rules: DisclosureRules) -> pd.DataFrame:
    """Hide so many groups that the steps beside them tell of no one and of no few; the hidden ones come last."""
    few = (groups["customers"] < rules.threshold) | (groups["largest"] > DOMINANCE)
    numbers = groups["customers"].to_numpy(dtype="float64")
    hidden = pd.Series(protect(numbers, few.to_numpy(), [np.arange(len(groups))], rules.threshold), index=groups.index)
    return groups.assign(customers=groups["customers"].mask(hidden, 0)).iloc[hidden.argsort(kind="stable")]


def _steps(change: RevenueChange, names: list[str], effects: list[float]) -> pd.DataFrame:
    """Stack the effects from the revenue before to the revenue after, in numbers that add up as they are shown."""
    unit = waterfalls.unit_of(change.then, change.now)
    # anonymous sales and returns, which come last in either picture, are rounded first: alike in both
    own = len(effects) - int(change.drivers["driver"].isin(REST).sum())
    first = [*range(own, len(effects)), *range(own)]
    levels = change.then + np.cumsum([0.0, *(effects[place] for place in first)])
    levels[-1] = change.now
    rounded = np.empty(len(effects))
    rounded[first] = np.diff(np.round(levels / unit)) * unit
    then, now = (round(level / unit) * unit for level in (change.then, change.now))
    return pd.DataFrame({
        "step": ["before", *names, "after"],
        "effect": [then, *rounded, now],
        "level": [*(then + np.cumsum([0.0, *rounded])), now],
        "whole": [True, *[False] * len(names), True],
    })  # fmt: skip
