"""The words around change: why revenue moved."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import Disclosed
from crmlib.reporting.wording import returns_not_known
from crmlib.segmentation.business.decomposition import RevenueChange
from crmlib.segmentation.business.waterfalls import step_label, unit_of
from crmlib.segmentation.wording import Words, changed, listed, money, source_of
from crmlib.words import _, formats
from crmlib.workspace import Run

CLOSE: Final = 0.05
"""A driver within so much of the strongest one is named beside it."""

COUNTERS: Final = 1 / 3
"""So is the strongest driver the other way, where it is at least such a part of it."""


def revenue(change: RevenueChange, shown: Mapping[str, Disclosed], run: Run) -> Words:
    """Give the words around the waterfalls; what the gate hides of their steps is not said either."""

    def told(value: float) -> str:
        unit = unit_of(change.then, change.now)
        return formats.money(value, run.params.currency, decimals=0 if unit == 1 else None)

    steps = {**_effects(shown["drivers"]), **_effects(shown["groups"])}
    parts = [
        f"{step_label(code)} {_('hidden') if pd.isna(effect) else ('+' if effect > 0 else '') + told(effect)}"
        for code, effect in steps.items()
    ]
    moved = {driver: told(abs(effect)) for driver, effect in _effects(shown["drivers"]).items()}
    known = "returns" in set(change.drivers["driver"])
    return {
        "title": _("Net revenue {changed}{through}").format(
            changed=changed(run, change.now, change.then),
            through=_through(_effects(shown["drivers"]), moved, up=change.change >= 0),
        ),
        "alt": _("Two waterfalls from {then} to {now}: {parts}.").format(
            then=told(change.then), now=told(change.now), parts="; ".join(parts)
        ),
        "read": _(
            "Lines mark the revenue of both periods, bars the part of the change that each step explains; in either "
            "picture they add up to the whole.{prices}"
        ).format(prices=_known_prices(change, run)),
        "limits": _(
            "A split says where the change sits, not what caused it. The axes show only the stretch in which revenue "
            "moved, not zero: compare the bars of one picture with one another."
        )
        + ("" if known else " " + returns_not_known()),
        "source": source_of(run),
    }


def _effects(steps: Disclosed) -> dict[str, float]:
    frame = steps.frame[~steps.frame["whole"]]
    return dict(zip(frame["step"], frame["effect"], strict=True))


def _through(effects: Mapping[str, float], moved: Mapping[str, str], *, up: bool) -> str:
    """Name what moved revenue most the way it went, and what moved it most the other way."""
    main = strongest(effects, up=up)
    if not main:
        return ""
    first, *others = main
    words = [_("{driver} {verb} {money}").format(driver=_moved(first, up=up), verb=_verb(up=up), money=moved[first])]
    words += [_("{driver} {money}").format(driver=_moved(each, up=up), money=moved[each]) for each in others]
    said = _(": {drivers}").format(drivers=listed(words))
    counter = (min if up else max)(effects, key=lambda driver: effects[driver])
    if effects[counter] * effects[first] < 0 and abs(effects[counter]) >= COUNTERS * abs(effects[first]):
        words_against = _("{said}, while {driver} {verb} {money}")
        driver, verb = _moved(counter, up=not up), _verb(up=not up)
        said = words_against.format(said=said, driver=driver, verb=verb, money=moved[counter])
    return said


def strongest(effects: Mapping[str, float], *, up: bool) -> list[str]:
    """Name the drivers that moved revenue most in the direction it went: the first, and those that come close to it.

    Examples
    --------
    >>> strongest({"customers": 97.0, "anonymous": 100.0, "returns": -180.0}, up=True)
    ['anonymous', 'customers']
    >>> strongest({"customers": 0.0, "returns": 0.0}, up=True)
    []
    """
    along = {driver: effect if up else -effect for driver, effect in effects.items()}
    most = max(along.values())
    close = [driver for driver, effect in along.items() if effect > 0 and effect >= most * (1 - CLOSE)]
    return sorted(close, key=lambda driver: -along[driver])


def _verb(*, up: bool) -> str:
    return _("brought") if up else _("took")


def _moved(driver: str, *, up: bool) -> str:
    """Say which way a driver moved that brought money, or took it."""
    up_words, down_words = {
        "customers": (_("more customers"), _("fewer customers")),
        "orders_per_customer": (_("more orders per customer"), _("fewer orders per customer")),
        "units_per_order": (_("more units per order"), _("fewer units per order")),
        "price_per_unit": (_("a higher price per unit"), _("a lower price per unit")),
        "order_value": (_("a higher order value"), _("a lower order value")),
        "anonymous": (_("more anonymous sales"), _("fewer anonymous sales")),
        "returns": (_("fewer returns"), _("more returns")),
    }[driver]
    return up_words if up else down_words


def _known_prices(change: RevenueChange, run: Run) -> str:
    """Tell the price, or the order value, of known customers: it is not that of all sales where some are anonymous."""
    drivers = change.drivers.set_index("driver")[["then", "now"]]
    if not drivers.loc["anonymous"].any():
        return ""
    name = "price_per_unit" if "price_per_unit" in drivers.index else "order_value"
    then, now = (money(run, level) for level in drivers.loc[name])
    words = _(
        " The drivers are those of known customers, whose {name} went from {then} to {now}; the table above has that "
        "of all sales."
    )
    if then == now:
        words = _(
            " The drivers are those of known customers, whose {name} stayed at {now}; the table above has that of all "
            "sales."
        )
    return words.format(name=_lower(step_label(name)), then=then, now=now)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
