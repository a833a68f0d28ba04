"""Larger sets, as the page shows them: those that sell together more than their parts explain."""

from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, folded, note, show_all, table
from crmlib.segmentation.affinity.named_sets import ITEMS, NamedSets
from crmlib.segmentation.affinity.pairs import Affinity
from crmlib.segmentation.affinity.sayable import sayable
from crmlib.words import _, formats, plural
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
    larger = affinity.larger
    sets = sayable(larger.sets[larger.sets["later_low"] > 1], run.rules.threshold)
    said = sets_finding(affinity, len(sets), categories=names is None)
    if sets.empty:
        return note(said)
    shown = _table(sets, run, names)
    return show_all(note(said), folded(_("The larger sets that held"), shown) if few_held(larger) else shown)


def few_held(larger: NamedSets) -> bool:
    """Say whether fewer than half of the sets checked still added something afterwards."""
    return 2 * larger.held < len(larger.sets)


def sets_finding(affinity: Affinity, shown: int, *, categories: bool) -> str:
    """Say how many larger sets sell together more than their parts explain, and how many of them did afterwards."""
    larger = affinity.larger
    kind = _("categories") if categories else _("articles")
    if not larger.compared:
        return _("No three {kind} met pairwise often enough to be compared as a set.").format(kind=kind)
    if not larger.found:
        return plural(
            "The one set of three or four {kind} compared does not sell together more than its parts already explain.",
            "None of the {n} sets of three or four {kind} sells together more than its parts already explain.",
            larger.compared,
        ).format(n=formats.count(larger.compared), kind=kind)
    words = _(
        "Of {compared} sets of three and four {kind} compared, {found} sold together more than their parts explain in "
        "the earlier part; of {those}, {held} held afterwards"
    )
    checked = len(larger.sets)
    those = _("these") if checked == larger.found else _("the {n} that stand first").format(n=formats.count(checked))
    said = words.format(
        compared=formats.count(larger.compared), kind=kind, found=formats.count(larger.found), those=those,
        held=formats.count(larger.held) if larger.held else _("none"),
    )  # fmt: skip
    said += _(": take larger sets as unproven.") if few_held(larger) else "."
    if larger.held and not shown:
        return said + " " + _("None that held rests on enough customers to be shown.")
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
        "times": Shows(_("Times what its parts explain, earlier"), "number", decimals=2),
        "later": Shows(_("The same, later"), "number", "later_low", "later_high", decimals=2),
        "money": Shows(_("Revenue of the set"), "money"),
    }
    caption = _("Larger sets that held afterwards, by the lower end of their surplus revenue")
    limits = _(
        "A set is listed only where any two of its items meet in the baskets with all the others more often than these "
        "baskets would bring (false discoveries held to 5 %, customers who repeat themselves allowed for)."
    )
    return table(data, caption, columns, currency=run.params.currency, note=limits)
