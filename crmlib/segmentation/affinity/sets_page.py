"""Which larger sets are bought together, as the page shows them: those that sell more than their parts explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.reporting import Gated, Shown, estimate, exact, folded, gate, label, note, people, show_all
from crmlib.segmentation.affinity.named_sets import ITEMS, NamedSets
from crmlib.segmentation.affinity.pairs_page import SHOWN, of_those
from crmlib.words import _, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from crmlib.workspace import Run


def show_sets(larger: NamedSets, names: Mapping[str, str] | None, run: Run) -> Shown:
    """Show at most ten sets of three and four that held afterwards, with the finding in a sentence.

    Articles are named by their number; without names the items are categories.
    """
    gated = _gated(larger.sets[larger.sets["later_low"] > 1], names or {}, run)
    said = note(sets_finding(larger, len(gated), run, categories=names is None))
    if not len(gated):
        return said
    shown = gated.table(
        _("Larger sets that held afterwards, by the lower end of their surplus revenue"),
        note=_(
            "A set is listed only where any two of its items meet in the baskets with all the others more often than "
            "these baskets would bring (false discoveries held to 5 %, customers who repeat themselves allowed for)."
        ),
    )
    return show_all(said, folded(_("The larger sets that held"), shown) if few_held(larger) else shown)


def _gated(sets: pd.DataFrame, names: Mapping[str, str], run: Run) -> Gated:
    """Keep the first sets that rest on enough known customers and of whose money nobody paid more than half."""
    rows = sets[list(ITEMS)].to_numpy(object)
    together = [" + ".join(names.get(item, item) for item in row if isinstance(item, str)) for row in rows]
    numbers = ["confidence", "times", "later", "later_low", "later_high"]
    return gate(
        sets.assign(together=together)[["together", "customers", "orders", *numbers, "money", "largest"]], run,
        label("together", _("Set")), people("customers"),
        exact("orders", _("Orders with all"), of="customers"),
        estimate("confidence", _("Last one in orders with the others"), of="customers", decimals=0),
        estimate("times", _("Times what its parts explain, earlier"), "number", of="customers", decimals=2),
        estimate("later", _("The same, later"), "number", of="customers", decimals=2),
        exact("money", _("Revenue of the set"), "money", of="customers", largest="largest"),
    ).rows(lambda frame: frame["money"].notna()).rows(slice(0, SHOWN))  # fmt: skip


def few_held(larger: NamedSets) -> bool:
    """Say whether fewer than half of the sets checked still added something afterwards."""
    return 2 * larger.held < len(larger.sets)


def sets_finding(larger: NamedSets, shown: int, run: Run, *, categories: bool) -> str:
    """Say how many larger sets sell together more than their parts explain, and how many of them did afterwards."""
    numbers = {"kind": _("categories") if categories else _("articles"), "n": larger.compared, "found": larger.found}
    if not larger.compared:
        return run.say(_("No three {kind} met pairwise often enough to be compared as a set."), **numbers)
    if not larger.found:
        words = plural(
            "The one set of three or four {kind} compared does not sell together more than its parts already explain.",
            "None of the {n:count} sets of three or four {kind} sells together more than its parts already explain.",
            larger.compared,
        )
        return run.say(words, **numbers)
    words = _(
        "Of {n:count} sets of three and four {kind} compared, {found:count} sold together more than their parts "
        "explain in the earlier part; of {those}, {held} held afterwards"
    )
    words += _(": take larger sets as unproven.") if few_held(larger) else "."
    if larger.held and not shown:
        words += " " + _("None that held rests on enough customers to be shown.")
    those, held = of_those(len(larger.sets), larger.found, larger.held, run)
    return run.say(words, those=those, held=held, **numbers)
