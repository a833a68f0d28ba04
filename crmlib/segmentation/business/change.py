"""Why revenue changed, as the page shows it: two waterfalls, by driver and by group of customers, and their words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.reporting import Gated, Shown, behind, exact, figure, gate, insufficient, label, people
from crmlib.reporting.statements import returns_not_known
from crmlib.segmentation.business.decomposition import REST, RevenueChange
from crmlib.segmentation.business.period_words import comparable
from crmlib.segmentation.business.waterfalls import step_label, unit_of, waterfalls
from crmlib.segmentation.wording import Words, source_of
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

CLOSE: Final = 0.05  # a driver within so much of the strongest one is named beside it
COUNTERS: Final = 1 / 3  # so is the strongest driver the other way, where it is at least such a part of it
MOVED: Final = {
    "customers": (N_("more customers"), N_("fewer customers")),
    "orders_per_customer": (N_("more orders per customer"), N_("fewer orders per customer")),
    "units_per_order": (N_("more units per order"), N_("fewer units per order")),
    "price_per_unit": (N_("a higher price per unit"), N_("a lower price per unit")),
    "order_value": (N_("a higher order value"), N_("a lower order value")),
    "anonymous": (N_("more anonymous sales"), N_("fewer anonymous sales")),
    "returns": (N_("fewer returns"), N_("more returns")),
}
"""What a driver did that brought money, and what it did that took it."""


def show_revenue_change(found: Study, run: Run) -> Shown:
    """Show how net revenue came from the last period to this one, by drivers and by customers."""
    change = found.change
    groups = change.groups.set_index("group")
    bought = [groups.loc[["retained", "lost"], "customers"].sum(), groups.drop("lost")["customers"].sum()]
    if run.too_few(min(bought)):
        needed = _("at least {n:count} known customers in this period and in the one before")
        return insufficient(
            needed=run.say(needed, n=run.fewest),
            found=_("fewer in one of them"),
            therefore=_("The change of revenue is not decomposed."),
        )
    data = {"drivers": _driver_steps(change, run), "groups": _group_steps(change, run)}
    draw = partial(waterfalls, currency=run.params.currency)
    return behind(figure(draw, data, **_words(change, data, run), panels=(1, 2), size=(8.6, 3.6)))


def _driver_steps(change: RevenueChange, run: Run) -> Gated:
    steps = _steps(change, list(change.drivers["driver"]), list(change.drivers["effect"]))
    gated = gate(steps, run, label("step"), label("whole"), exact("effect", kind="money"), exact("level", kind="money"))
    return _written(gated, change, run)


def _group_steps(change: RevenueChange, run: Run) -> Gated:
    """Put the groups of customers and the rest in a row; a group of few people, or one ruled by one, is hidden."""
    drivers = change.drivers.set_index("driver")["effect"]
    rest = drivers[drivers.index.isin(REST)]
    groups = _hidden_last(change.groups, run)
    steps = _steps(change, [*groups["group"], *rest.index], [*groups["effect"], *rest])
    rows = groups.set_index("group").reindex(steps["step"])
    everybody = change.groups["customers"].sum()
    steps = steps.assign(customers=rows["customers"].fillna(everybody).to_numpy())
    stands = "where a step ends: those of few customers, or ruled by one, are hidden and come last"
    gated = gate(
        steps, run, label("step"), label("whole"),
        exact("effect", "", "money", of="customers", exempt=stands),
        exact("level", "", "money", of="customers", exempt=stands),
    )  # fmt: skip
    return _written(gated, change, run)


def _hidden_last(groups: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Leave nobody in so many groups that the steps beside them tell of no one and of no few, and put these last."""
    gated = gate(
        groups[["group", "customers", "effect", "largest"]], run, label("group"), people("customers"),
        exact("effect", "", "money", of="customers", largest="largest"), totals=True,
    )  # fmt: skip
    hidden = (gated.hidden["effect"] | gated.hidden["customers"]).set_axis(groups.index)
    return groups.assign(customers=groups["customers"].mask(hidden, 0)).iloc[hidden.argsort(kind="stable")]


def _steps(change: RevenueChange, names: list[str], effects: list[float]) -> pd.DataFrame:
    """Stack the effects from the revenue before to the revenue after, in numbers that add up as they are shown."""
    unit = unit_of(change.then, change.now)
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


def _written(steps: Gated, change: RevenueChange, run: Run) -> Gated:
    """Write what stands beside each bar: money in its unit, whole; hundredths where there is little of it."""
    unit = unit_of(change.then, change.now)
    words = "{x:number2}" if unit < 1 else "{x:count}"

    def written(row: pd.Series) -> str | None:
        value = row["level"] if row["whole"] else row["effect"]
        sign = "+" if value >= 0 and not row["whole"] else ""
        return None if pd.isna(row["level"]) else sign + run.say(words, x=value / max(unit, 1))

    return steps.beside(label("written"), written, like="level")


def _words(change: RevenueChange, shown: Mapping[str, Gated], run: Run) -> Words:
    """Give the words around the waterfalls; what the gate hides of their steps is not said either."""
    whole = unit_of(change.then, change.now) == 1

    def money(value: float) -> str:
        return run.say("{x:money0}" if whole else "{x:money}", x=value)

    drivers = _effects(shown["drivers"])
    parts = [
        f"{step_label(code)} {_('hidden') if pd.isna(effect) else ('+' if effect > 0 else '') + money(effect)}"
        for code, effect in {**drivers, **_effects(shown["groups"])}.items()
    ]
    moved = {driver: money(abs(effect)) for driver, effect in drivers.items()}
    known = "returns" in set(change.drivers["driver"])
    return {
        "title": run.say(
            _("Net revenue {changed}{through}"),
            changed=_changed(change, run), through=_through(drivers, moved, run, up=change.change >= 0),
        ),
        "alt": run.say(
            _("Two waterfalls from {then} to {now}: {parts}."),
            then=money(change.then), now=money(change.now), parts="; ".join(parts),
        ),
        "read": _(
            "Lines mark the revenue of both periods, bars the part of the change that each step explains; in either "
            "picture they add up to the whole."
        ) + _known_prices(change, run),
        "limits": _(
            "A split says where the change sits, not what caused it. The axes show only the stretch in which revenue "
            "moved, not zero: compare the bars of one picture with one another."
        )
        + ("" if known else " " + returns_not_known()),
        "source": source_of(run),
    }  # fmt: skip


def _effects(steps: Gated) -> dict[str, float]:
    frame = steps.frame[~steps.frame["whole"]]
    return dict(zip(frame["step"], frame["effect"], strict=True))


def _changed(change: RevenueChange, run: Run) -> str:
    if abs(change.change) <= 0.0005 * abs(change.then):
        return _("did not change")
    size = run.say("{x:money}", x=abs(change.change))
    if comparable(change.now, change.then):
        size = run.say("{x:share}", x=abs(change.now / change.then - 1))
    return run.say(_("rose by {size}") if change.change > 0 else _("fell by {size}"), size=size)


def _through(effects: Mapping[str, float], moved: Mapping[str, str], run: Run, *, up: bool) -> str:
    main = strongest(effects, up=up)
    if not main:
        return ""

    def said(words: str, driver: str, *, brought: bool, **more: str) -> str:
        name = _(MOVED[driver][0] if brought else MOVED[driver][1])
        return run.say(words, driver=name, verb=_("brought") if brought else _("took"), money=moved[driver], **more)

    first, *others = main
    words = [said(_("{driver} {verb} {money}"), first, brought=up)]
    words += [said(_("{driver} {money}"), other, brought=up) for other in others]
    through = run.say(_(": {drivers:list}"), drivers=words)
    counter = (min if up else max)(effects, key=lambda driver: effects[driver])
    if effects[counter] * effects[first] < 0 and abs(effects[counter]) >= COUNTERS * abs(effects[first]):
        return said(_("{through}, while {driver} {verb} {money}"), counter, brought=not up, through=through)
    return through


def strongest(effects: Mapping[str, float], *, up: bool) -> list[str]:
    """Name the drivers that moved revenue most in the direction it went: the first, and those that come close to it."""
    along = {driver: effect if up else -effect for driver, effect in effects.items()}
    most = max(along.values())
    close = [driver for driver, effect in along.items() if effect > 0 and effect >= most * (1 - CLOSE)]
    return sorted(close, key=lambda driver: -along[driver])


def _known_prices(change: RevenueChange, run: Run) -> str:
    """Tell the price, or the order value, of known customers: it is not that of all sales where some are anonymous."""
    drivers = change.drivers.set_index("driver")[["then", "now"]]
    if not drivers.loc["anonymous"].any():
        return ""
    driver = "price_per_unit" if "price_per_unit" in drivers.index else "order_value"
    then, now = (run.say("{x:money}", x=level) for level in drivers.loc[driver])
    name = step_label(driver)
    words = _(" The drivers are those of known customers, whose {name} {went}; the table above has that of all sales.")
    went = _("stayed at {now}") if then == now else _("went from {then} to {now}")
    return run.say(words, name=name[:1].lower() + name[1:], went=run.say(went, then=then, now=now))
