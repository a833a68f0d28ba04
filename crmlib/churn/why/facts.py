"""What can be told of a customer in each group of features, in the customer's own terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from crmlib.words import _, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crmlib.words.saying import Say

    Known = Mapping[str, Any]
    """What is known of one customer, or of the typical active one, by column."""


FELL: Final = 0.9
"""Less than this share of what was spent before is less."""
A_RHYTHM: Final = 3
"""Days with a purchase from which on somebody buys every so many days: one gap is no rhythm."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts what is known of a customer into words, beside what is usual among the active ones."""

    say: Say
    horizon_days: int
    usual: Known


def facts_of(
    customers: pd.DataFrame, active: pd.DataFrame, horizon_days: int, say: Say, *, staying: bool = False
) -> pd.DataFrame:
    """Say what speaks of each customer in each group: one row a customer, a column a group of `FACTS`, or of `STAYING`.

    Missing where there is nothing to tell: no complaint is no reason, whatever a model makes of it. These are words on
    single customers, for the private list alone.
    """
    usual = active.select_dtypes("number").median().to_dict()
    teller = Teller(say, horizon_days, usual)
    facts = STAYING if staying else FACTS
    told = [{group: fact(known, teller) for group, fact in facts.items()} for known in customers.to_dict("records")]
    return pd.DataFrame(told, index=customers.index, columns=list(facts), dtype="object")


def _days(number: float) -> str:
    return plural("{n:count} day", "{n:count} days", round(number))


def _rhythm(known: Known, teller: Teller) -> str | None:
    silent, purchases = known["days_since_last"], known["purchase_days"]
    ago = teller.say(_days(silent), n=round(silent))
    if purchases == 1:
        return teller.say(_("bought once, {ago} ago"), ago=ago)
    if purchases < A_RHYTHM:
        return teller.say(_("bought on {n:count} days, last seen {ago} ago"), n=purchases, ago=ago)
    gap = max((known["days_since_first"] - silent) / (purchases - 1), 1)
    every = teller.say(_days(gap), n=round(gap))
    return teller.say(_("buys every {every}, last seen {ago} ago"), every=every, ago=ago)


def _trend(known: Known, teller: Teller) -> str | None:
    if known["purchase_days"] == 1:
        return None
    now, earlier, days = known["recent_spend"], known["earlier_spend"], teller.horizon_days
    if now <= 0 < earlier:
        words = _("nothing bought in the last {days:days}, {earlier:money} in those before")
    elif 0 < now < FELL * earlier:
        words = _("spent {less:share0} less in the last {days:days} than in those before")
    elif known["recent_purchase_days"] == 1:
        words = _("bought on one day in the last {days:days}")
    else:
        return None
    return teller.say(words, earlier=earlier, less=1 - now / max(earlier, now, 0.01), days=days)


def _basket(known: Known, teller: Teller) -> str | None:
    own, usual = known["average_order_value"], teller.usual["average_order_value"]
    if own < usual:
        words = _("small orders: {own:money0} on average, {usual:money0} is usual")
    else:
        words = _("large orders: {own:money0} on average, {usual:money0} is usual")
    return teller.say(words, own=own, usual=usual)


def _breadth(known: Known, teller: Teller) -> str | None:
    for column, one, many in (
        ("category_count", _("buys from one category only"), _("buys from {n:count} categories only")),
        ("store_count", _("buys in one store only"), _("buys in {n:count} stores only")),
        ("channel_count", _("buys through one channel only"), _("buys through {n:count} channels only")),
    ):
        if 0 < known.get(column, 0) < teller.usual.get(column, 0):
            return one if known[column] == 1 else teller.say(many, n=known[column])
    return None


def _promotions(known: Known, teller: Teller) -> str | None:
    share = known["promoted_orders"] / max(known["orders"], 1)
    if share >= 1:
        return _("buys on promotion only")
    if share == 0:
        return _("has never bought on promotion")
    return teller.say(_("{share:share0} of the orders on promotion"), share=share)


def _returns(known: Known, teller: Teller) -> str | None:
    if known["returned"] <= 0 or known["spend"] <= 0:
        return None
    share = min(known["returned"] / known["spend"], 1)
    return teller.say(_("took back goods for {share:part} of what was spent"), share=share)


def _service(known: Known, teller: Teller) -> str | None:
    waiting, recent, ever = (known.get(f"{which}complaint_count", 0) for which in ("open_", "recent_", ""))
    if waiting:
        return teller.say(plural("{n:count} complaint open", "{n:count} complaints open", waiting), n=waiting)
    if recent:
        words = plural(
            "{n:count} complaint in the last {days:days}", "{n:count} complaints in the last {days:days}", recent
        )
        return teller.say(words, n=recent, days=teller.horizon_days)
    if ever:
        return teller.say(plural("{n:count} complaint so far", "{n:count} complaints so far", ever), n=ever)
    return None


def _satisfaction(known: Known, teller: Teller) -> str | None:
    own, usual = known.get("last_score"), teller.usual.get("last_score")
    if own is None or usual is None or not own < usual:
        return None
    return teller.say(_("answered {own:number} in the last survey, {usual:number} is usual"), own=own, usual=usual)


FACTS: Final[Mapping[str, Callable[[Known, Teller], str | None]]] = {
    "rhythm": _rhythm,
    "trend": _trend,
    "basket": _basket,
    "breadth": _breadth,
    "promotions": _promotions,
    "returns": _returns,
    "service": _service,
    "satisfaction": _satisfaction,
}
"""The groups of `crmlib.churn.history.features` of which a customer can be told something."""


def _more_lately(known: Known, teller: Teller) -> str | None:
    now, earlier = known["recent_spend"], known["earlier_spend"]
    if now * FELL > earlier > 0:
        words = _("spent {more:share0} more in the last {days:days} than in those before")
        return teller.say(words, more=now / earlier - 1, days=teller.horizon_days)
    if known["recent_purchase_days"] > 1:
        words = _("bought on {n:count} days in the last {days:days}")
        return teller.say(words, n=known["recent_purchase_days"], days=teller.horizon_days)
    return None


def _many(known: Known, teller: Teller) -> str | None:
    for column, words in (
        ("category_count", _("buys from {n:count} categories")),
        ("store_count", _("buys in {n:count} stores")),
        ("channel_count", _("buys through {n:count} channels")),
    ):
        if known.get(column, 0) > max(teller.usual.get(column, 0), 1):
            return teller.say(words, n=known[column])
    return None


def _satisfied(known: Known, teller: Teller) -> str | None:
    own, usual = known.get("last_score"), teller.usual.get("last_score")
    if own is None or usual is None or not own >= usual:
        return None
    return teller.say(_("answered {own:number} in the last survey, {usual:number} is usual"), own=own, usual=usual)


STAYING: Final[Mapping[str, Callable[[Known, Teller], str | None]]] = {
    "trend": _more_lately,
    "basket": _basket,
    "breadth": _many,
    "promotions": _promotions,
    "satisfaction": _satisfied,
}
"""The same where a group speaks for staying: no complaint, no return and no silence tell of nobody."""
