"""The words around price sensitivity, computed from the numbers."""

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.prices.promotion import PromotionShares
from crmlib.segmentation.prices.weekly import ALL_ARTICLES
from crmlib.segmentation.wording import Words, people, share, source_of
from crmlib.words import _
from crmlib.workspace import Run


def category_label(category: str) -> str:
    """Name a category; where there are none, all articles.

    Examples
    --------
    >>> category_label(""), category_label("tea")
    ('All articles', 'tea')
    """
    return _("All articles") if category == ALL_ARTICLES else category


def promotion(shares: PromotionShares, run: Run) -> Words:
    """Give the words around the picture of promotion shares."""
    customers = shares.customers
    above = customers["low"] > shares.average.value
    low, high = customers["share"].quantile([0.1, 0.9])
    average = _("{share} ({interval})").format(
        share=formats.share(shares.average.value),
        interval=formats.interval(shares.average.low, shares.average.high, "share"),
    )
    title = _("{share} of orders hold something on promotion; no difference between customers is seen").format(
        share=average
    )
    if shares.differ:
        title = _(
            "{share} of orders hold something on promotion; for {n} the 95 % credible interval lies above the average"
        ).format(share=average, n=people(run, float(above.sum())))
    alt = _("Bars of customers by promotion share. Four in five customers lie between {low} and {high}.")
    return {
        "title": title,
        "alt": alt.format(low=share(low), high=share(high)),
        "read": _(
            "Each customer's share of orders is drawn to the average the more the fewer they are (the average weighs "
            "as much as {n} orders). Intervals are each customer's own: of many, some lie above the average by chance."
        ).format(n=formats.fixed(shares.a + shares.b, 0))
        if shares.differ
        else _("Customers differ in it no more than chance would have it: each is given the average."),
        "limits": _(
            "A share says what was bought, not why: who buys what is often on offer, or much at once, has a high one "
            "without minding prices."
        ),
        "source": source_of(run, len(customers), "customers"),
    }


def elasticity(known: pd.DataFrame, run: Run) -> Words:
    """Give the words around the picture of elasticities."""
    most, least = known.iloc[0], known.iloc[-1]
    if len(known) == 1:
        title = _("A price 1 % lower goes with {x} % ({low} to {high}) more units of an article ({category})").format(
            x=formats.fixed(-most["elasticity"], 1), low=formats.fixed(-most["high"], 1),
            high=formats.fixed(-most["low"], 1), category=most["label"],
        )  # fmt: skip
    else:
        words = _("Elasticities by category lie between {most} and {least}; the intervals of the two overlap")
        if most["high"] < least["low"]:
            words = _("Lower prices go with more extra units in {most} than in {least}")
        title = words.format(most=_ranged(most), least=_ranged(least))
    parts = [_ranged(row) for _place, row in known.iterrows()]
    return {
        "title": title,
        "alt": _("Dots with intervals by category: {parts}.").format(parts="; ".join(parts)),
        "read": _(
            "At −2 a price one per cent lower goes with two per cent more units of the article in that week; left of "
            "the dashed line (−1) weeks at a lower price had more revenue. Lines are 95 % intervals, clustered by "
            "article."
        ),
        "limits": _(
            "What goes together need not be an effect. Prices were not set at random: offers come with shelf space, "
            "take sales from other articles and weeks, and where who buys much pays less for one, the price follows "
            "the units. Weeks without a sale are missing, which draws rare articles "
            "to 0."
        ),
        "source": source_of(run, int(known["weeks"].sum()), "weeks of articles"),
    }


def _ranged(row: pd.Series) -> str:
    """Give a category's elasticity with its interval."""
    return _("{category} ({x}; {low} to {high})").format(
        category=row["label"], x=formats.fixed(row["elasticity"], 1), low=formats.fixed(row["low"], 1),
        high=formats.fixed(row["high"], 1),
    )  # fmt: skip


def verdict(reason: str) -> str:
    """Say whether prices vary enough for an elasticity, and if not, why none is given."""
    return {
        "few": _("too few articles or weeks"),
        "flat": _("prices hardly vary"),
        "": _("prices vary enough"),
    }[reason]
