"""Pairs in tables for a reader: who goes with whom and what it brings; folded, the measures that analysts ask for."""

from datetime import date

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, folded, show_all, table
from crmlib.words import _, formats, plural
from crmlib.workspace import Run


def show_pair_tables(pairs: pd.DataFrame, early_until: date, run: Run, *, categories: bool) -> Shown:
    """Show pairs in the order of the lower end of their surplus revenue, and folded their support and lift.

    Parameters
    ----------
    pairs
        Rows of :data:`crmlib.segmentation.affinity.pairs.COLUMNS` that may be said, with names for numbers.
    early_until
        The last day of the part of the history in which pairs were looked for.
    run
        The run, for its rules and currency.
    categories
        Whether the items are categories, else articles.
    """
    both = [
        _("{first} + {second}").format(first=a, second=b) for a, b in zip(pairs["first"], pairs["second"], strict=True)
    ]
    named = pairs.assign(pair=both)
    return show_all(_main(named, early_until, run, categories=categories), _measures(named, run))


def _main(pairs: pd.DataFrame, early_until: date, run: Run, *, categories: bool) -> Shown:
    measures = ["confidence_first", "confidence_second", "later", "later_low", "later_high"]
    revenue = ["extra_money", "extra_low", "extra_high"]
    data = disclose(
        pairs[["pair", "orders", *measures, *revenue, "customers", "largest"]],
        labels=["pair"],
        based_on="customers",
        measures=measures,
        exact=["orders", *revenue],
        largest=dict.fromkeys(revenue, "largest"),
        rules=run.rules,
    )
    columns = {
        "pair": Shows(_("First + second")),
        "orders": Shows(_("Orders with both"), "count"),
        "confidence_first": Shows(_("Of orders with the first"), "share", decimals=0),
        "confidence_second": Shows(_("Of orders with the second"), "share", decimals=0),
        "later": Shows(_("Times chance, later"), "number", "later_low", "later_high", decimals=1),
        "extra_money": Shows(_("Revenue of the surplus orders"), "money", "extra_low", "extra_high", decimals=0),
    }
    words = _("Categories bought together: {pairs} with most surplus revenue, by the lower end of its range")
    if not categories:
        words = _("Articles bought together: {pairs} with most surplus revenue, by the lower end of its range")
    number = plural("the pair", "the {n} pairs", len(pairs)).format(n=len(pairs))
    limits = _limits(early_until, categories=categories)
    return table(data, words.format(pairs=number), columns, currency=run.params.currency, note=limits)


def _limits(early_until: date, *, categories: bool) -> str:
    """Say how pairs were found, what the surplus is, and what none of this says."""
    return _(
        "Found in orders up to {day} (false discoveries held to 5 %), checked in those after it. Times chance: beside "
        "baskets as large in the same month. Revenue of the surplus orders: what both {items} cost in the orders up to "
        "{day} that chance would not have brought; not extra sales. By its lower end, so that what rests on few orders "
        "does not come first. Bought together is not bought because of each other."
    ).format(day=formats.day(early_until), items=_("categories") if categories else _("articles"))


def _measures(pairs: pd.DataFrame, run: Run) -> Shown:
    measures = ["support", "lift", "times"]
    data = disclose(
        pairs[["pair", *measures, "customers"]], labels=["pair"], based_on="customers", measures=measures,
        rules=run.rules,
    )  # fmt: skip
    columns = {
        "pair": Shows(_("First + second")),
        "support": Shows(_("Of all orders"), "share", decimals=1),
        "times": Shows(_("Times chance, earlier"), "number", decimals=1),
        "lift": Shows(_("Plain lift"), "number", decimals=1),
    }
    words = _("Plain lift takes every order for the same size.")
    if (pairs["lift"] < 1).any():
        words = _(
            "Plain lift takes every order for the same size; below 1 it says that these goods are bought in small "
            "baskets, where few goods can meet."
        )
    return folded(_("Support and plain lift"), table(data, _("The usual measures of these pairs"), columns, note=words))
