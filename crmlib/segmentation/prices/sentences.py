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
    title = _("{share} of orders hold something on promotion; no difference between customers is seen").format(
        share=share(shares.average.value)
    )
    if shares.differ:
        title = _(
            "{share} of orders hold something on promotion; for {n} the 95 % credible interval lies above the average"
        ).format(share=share(shares.average.value), n=people(run, float(above.sum())))
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
        title = _("Where a price is 1 % lower, {x} % more units are sold ({category})").format(
            x=formats.fixed(-most["elasticity"], 1), category=most["label"]
        )
    else:
        words = _(
            "Elasticities by category lie between {x} ({most}) and {y} ({least}); the intervals of the two overlap"
        )
        if most["high"] < least["low"]:
            words = _("{most} ({x}) answers more to prices than {least} ({y})")
        title = words.format(
            most=most["label"], x=formats.fixed(most["elasticity"], 1), least=least["label"],
            y=formats.fixed(least["elasticity"], 1),
        )  # fmt: skip
    parts = [
        _("{category} {x} ({low} to {high})").format(
            category=row["label"], x=formats.fixed(row["elasticity"], 1), low=formats.fixed(row["low"], 1),
            high=formats.fixed(row["high"], 1),
        )
        for _place, row in known.iterrows()
    ]  # fmt: skip
    return {
        "title": title,
        "alt": _("Dots with intervals by category: {parts}.").format(parts="; ".join(parts)),
        "read": _(
            "At −2 a price one per cent lower goes with two per cent more units of the article in that week; left of "
            "the dashed line (−1) a lower price brings more revenue. Lines are 95 % intervals, clustered by article."
        ),
        "limits": _(
            "Prices were not set at random: offers come with shelf space, take sales from other articles and weeks, "
            "and a quantity price looks like sensitivity. Weeks without a sale are missing, which draws rare articles "
            "to 0."
        ),
        "source": source_of(run, int(known["weeks"].sum()), "weeks of articles"),
    }


def not_identified(reason: str) -> str:
    """Say why an elasticity is not given."""
    return {
        "few": _("not identified: too few articles or weeks"),
        "flat": _("not identified: prices hardly vary"),
        "": _("identified"),
    }[reason]
