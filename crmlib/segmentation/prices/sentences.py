"""The words around price sensitivity, computed from the numbers."""

import pandas as pd

from crmlib.segmentation.prices.order_size import OrderSize
from crmlib.segmentation.prices.promotion import PromotionShares
from crmlib.segmentation.prices.regular import MOST_SILENT
from crmlib.segmentation.prices.weekly import ALL_ARTICLES
from crmlib.segmentation.wording import Words, people, share, source_of
from crmlib.words import _, formats
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


def one_elasticity(row: pd.Series, sold: int, size: OrderSize) -> list[str]:
    """Say the only elasticity there is, with its caveat, and which articles it is of.

    Parameters
    ----------
    row
        The category, with its ``label, elasticity, low, high, articles``.
    sold
        Articles that were ever sold, compared or not.
    size
        How the price of one goes with the units of an order line.
    """
    rest = _left_out(int(row["articles"]), sold, categories=row["category"] != ALL_ARTICLES)
    said = _goes_with(row)
    if row["low"] <= 0 <= row["high"]:
        return [said + ".", rest]
    caveat = _("what goes together need not be an effect of the price")
    if size.matters:
        words = _(
            "part of this may be that larger orders get lower prices (on the same day, {share} less at twice the units)"
        )
        caveat = words.format(share=share(size.saved))
    return [_("{said}; {caveat}.").format(said=said, caveat=caveat), rest]


def _goes_with(row: pd.Series) -> str:
    """Say how units go with a lower price, or that no difference is seen."""
    low, high = (formats.fixed(end, 1) for end in sorted((-row["low"], -row["high"])))
    words = _("No difference of units with the price is seen: {low} % to {high} % more at a price 1 % lower{of}")
    if row["high"] < 0:
        words = _("A price 1 % lower goes with {x} % ({low} to {high}) more units of an article{of}")
    elif row["low"] > 0:
        low, high = (formats.fixed(end, 1) for end in (row["low"], row["high"]))
        words = _("A price 1 % lower goes with {x} % ({low} to {high}) fewer units of an article{of}")
    of = "" if row["category"] == ALL_ARTICLES else _(" in {category}").format(category=row["label"])
    return words.format(x=formats.fixed(abs(row["elasticity"]), 1), low=low, high=high, of=of)


def elasticity(known: pd.DataFrame, sold: int, size: OrderSize, run: Run) -> Words:
    """Give the words around the picture of elasticities.

    Parameters
    ----------
    known
        Two rows or more with an elasticity, the most sensitive first, with their ``label``.
    sold
        Articles that were ever sold, compared or not.
    size
        How the price of one goes with the units of an order line.
    run
        The run, for its name and date.
    """
    most, least = known.iloc[0], known.iloc[-1]
    title = _("Elasticities by category lie between {most} and {least}; the intervals of the two overlap")
    if most["high"] < least["low"]:
        title = _("Lower prices go with more extra units in {most} than in {least}")
    parts = [_ranged(row) for _place, row in known.iterrows()]
    return {
        "title": title.format(most=_ranged(most), least=_ranged(least)),
        "alt": _("Dots with intervals by category: {parts}.").format(parts="; ".join(parts)),
        "read": _(
            "At −2 a price one per cent lower goes with two per cent more units of the article in that week; left of "
            "the dashed line (−1) weeks at a lower price had more revenue. Lines are 95 % intervals, clustered by "
            "article."
        ),
        "limits": " ".join([_association(size), _left_out(int(known["articles"].sum()), sold)]),
        "source": source_of(run, int(known["weeks"].sum()), "weeks of articles"),
    }


def _association(size: OrderSize) -> str:
    """Say that it is no effect, and where the price of one depends on the size of an order, that too."""
    words = _(
        "What goes together need not be an effect: prices were not set at random, and offers come with shelf space and "
        "take sales from other articles and weeks."
    )
    if not size.matters:
        return words
    follows = _(
        "Here who buys much pays less for one (on the same day, {share} less on an order line of twice the units): "
        "part of the elasticity may be the price that follows the units."
    )
    return " ".join([words, follows.format(share=share(size.saved))])


def _left_out(compared: int, sold: int, *, categories: bool = True) -> str:
    """Say which articles are compared, and why not the others."""
    words = _("{n} of {all} articles are compared: those with a sale in at least {share} of their weeks.")
    if categories:
        words = _(
            "{n} of {all} articles are compared: those with a sale in at least {share} of their weeks, where a "
            "category has enough of them."
        )
    said = words.format(n=formats.count(compared), all=formats.count(sold), share=share(1 - MOST_SILENT))
    return said + " " + _("What others cost in a week without a sale is not known.")


def _ranged(row: pd.Series) -> str:
    """Give a category's elasticity with its interval."""
    return _("{category} ({x}; {low} to {high})").format(
        category=row["label"], x=formats.fixed(row["elasticity"], 1), low=formats.fixed(row["low"], 1),
        high=formats.fixed(row["high"], 1),
    )  # fmt: skip


def verdict(reason: str) -> str:
    """Say whether an elasticity is estimated, and if not, why none is given."""
    return {
        "few": _("too few articles or weeks"),
        "silent": _("too many weeks without a sale"),
        "flat": _("prices hardly vary"),
        "": _("yes"),
    }[reason]
