"""Larger sets, as the page shows them: those that bring most money beyond their best subset."""

from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, formats, note, show_all, table
from crmlib.segmentation.affinity.named_sets import ITEMS
from crmlib.segmentation.affinity.pairs import Affinity
from crmlib.segmentation.affinity.sayable import sayable
from crmlib.words import _
from crmlib.workspace import Run

MEASURES: Final = ("confidence", "times", "later", "later_low", "later_high")


def show_sets(affinity: Affinity, run: Run, names: dict[str, str] | None) -> Shown:
    """Show at most ten sets of three and four that held afterwards, with the finding in a sentence.

    Parameters
    ----------
    affinity
        From :func:`crmlib.segmentation.affinity.pairs.affinities`.
    run
        The run, for its rules, words and currency.
    names
        Names of articles by number; ``None`` where the items are categories.
    """
    held = affinity.larger.sets[affinity.larger.sets["later_low"] > 1]
    sets = sayable(held, run.rules.threshold)
    said = sets_finding(affinity, len(sets), categories=names is None)
    if sets.empty:
        return note(said)
    return show_all(note(said), _table(sets, run, names))


def sets_finding(affinity: Affinity, shown: int, *, categories: bool) -> str:
    """Say how many larger sets add beyond their best subset, and how many of them still did afterwards."""
    larger = affinity.larger
    kind = _("categories") if categories else _("articles")
    if not larger.compared:
        return _("No three {kind} met pairwise often enough to be compared as a set.").format(kind=kind)
    if not larger.found:
        return _(
            "None of {compared} sets of three and four {kind} adds beyond its best subset: what looks like a set is a "
            "pair and what goes with one of the two."
        ).format(compared=formats.count(larger.compared), kind=kind)
    words = _(
        "Of {compared} sets of three and four {kind} compared, {found} add beyond their best subset in the earlier "
        "part; of the {checked} that bring most, {held} did afterwards too."
    )
    said = words.format(
        compared=formats.count(larger.compared), kind=kind, found=formats.count(larger.found),
        checked=formats.count(len(larger.sets)), held=formats.count(larger.held),
    )  # fmt: skip
    if not shown:
        return said + " " + _("None that held rests on enough customers to be shown.") if larger.held else said
    return said


def _table(sets: pd.DataFrame, run: Run, names: dict[str, str] | None) -> Shown:
    written = [
        " + ".join((names or {}).get(item, item) for item in row if item is not None and not pd.isna(item))
        for row in sets[list(ITEMS)].to_numpy(object)
    ]
    data = disclose(
        sets.assign(together=written)[["together", "orders", *MEASURES, "money", "customers", "largest"]],
        labels=["together"], based_on="customers", measures=list(MEASURES), exact=["orders", "money"],
        largest={"money": "largest"}, rules=run.rules,
    )  # fmt: skip
    columns = {
        "together": Shows(_("Set")),
        "orders": Shows(_("Orders with all"), "count"),
        "confidence": Shows(_("Last one in orders with the others"), "share", decimals=0),
        "times": Shows(_("Times its best subset, earlier"), "number", decimals=2),
        "later": Shows(_("Times its best subset, later"), "number", "later_low", "later_high", decimals=2),
        "money": Shows(_("Money for the set"), "money"),
    }
    caption = _("Larger sets that held afterwards: {n}, most money beyond their best subset first").format(n=len(sets))
    limits = _(
        "A set is listed only where any two of its items meet in the baskets with all the others more often than these "
        "baskets would bring (false discoveries held to 5 %, customers who repeat themselves allowed for)."
    )
    return table(data, caption, columns, currency=run.params.currency, note=limits)
