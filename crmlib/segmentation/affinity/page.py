"""Which pairs and larger sets are bought together, as the page shows them: those with most money beyond chance."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from crmlib.reporting import Gated, Shown, estimate, exact, folded, gate, insufficient, label, note, people, show_all
from crmlib.segmentation.affinity.pairs import LEAST_TOGETHER, Affinity
from crmlib.segmentation.affinity.sets import ITEMS, Sets
from crmlib.stats import Estimate
from crmlib.words import _, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from crmlib.workspace import Run

SHOWN: Final = 10


def show_pairs(affinity: Affinity, names: Mapping[str, str] | None, run: Run) -> Shown:
    """Show at most ten pairs that enough customers bought, with the finding; without names, of categories."""
    if not affinity.shared:
        return _no_baskets(affinity, run)
    gated = gated_pairs(affinity.pairs, names or {}, run)
    if not len(gated):
        needed = _("a pair that met in {n:count} orders of {k:count} known customers, more often than by chance")
        return insufficient(
            needed=run.say(needed, n=LEAST_TOGETHER, k=run.fewest),
            found=run.say(_("none among {n:count} pairs compared"), n=affinity.compared),
            therefore=_("No pairs are shown."),
        )
    tables = pair_tables(gated, last_early_day(affinity), run, categories=names is None)
    return show_all(note(*finding(affinity, gated.frame, run)), tables)


def gated_pairs(pairs: pd.DataFrame, names: Mapping[str, str], run: Run) -> Gated:
    """Keep the first pairs that rest on enough known customers and of whose money nobody paid more than half."""
    pairs = pairs.assign(**{item: [names.get(code, code) for code in pairs[item]] for item in ("first", "second")})
    pairs["pair"] = [
        run.say(_("{first} + {second}"), first=a, second=b)
        for a, b in zip(pairs["first"], pairs["second"], strict=True)
    ]
    columns = [
        "first", "second", "pair", "orders", "confidence_first", "confidence_second", "later", "later_low",
        "later_high", "extra_money", "extra_low", "extra_high", "support", "times", "lift", "customers", "largest",
    ]  # fmt: skip
    gated = gate(
        pairs[columns], run,
        label("first"), label("second"), label("pair", _("First + second")), people("customers"),
        exact("orders", _("Orders with both"), of="customers"),
        estimate("confidence_first", _("Of orders with the first"), of="customers", decimals=0),
        estimate("confidence_second", _("Of orders with the second"), of="customers", decimals=0),
        estimate("later", _("Times chance, later"), "number", of="customers", decimals=1),
        estimate(
            "extra_money", _("Revenue of the surplus orders"), "money", of="customers", largest="largest",
            low="extra_low", high="extra_high", decimals=0,
        ),
        estimate("support", _("Of all orders"), of="customers", decimals=1),
        estimate("times", _("Times chance, earlier"), "number", of="customers", decimals=1),
        estimate("lift", _("Plain lift"), "number", of="customers", decimals=1),
    )  # fmt: skip
    return gated.rows(lambda frame: frame["extra_money"].notna()).rows(slice(0, SHOWN))


def pair_tables(pairs: Gated, early_until: date, run: Run, *, categories: bool) -> Shown:
    """Show pairs in the order of the lower end of their surplus revenue, and folded their support and lift."""
    caption = plural(
        "{items} bought together: the pair with most surplus revenue, by the lower end of its range",
        "{items} bought together: the {n:count} pairs with most surplus revenue, by the lower end of its range",
        len(pairs),
    )
    limits = _(
        "Found in orders up to {day:day} (false discoveries held to 5 %), checked in those after it. Times chance: "
        "beside baskets as large in the same month. Revenue of the surplus orders: what both {items} cost in the "
        "orders up to {day:day} that chance would not have brought; not extra sales. By its lower end, so that what "
        "rests on few orders does not come first. Bought together is not bought because of each other."
    )
    main = pairs.only("pair", "orders", "confidence_first", "confidence_second", "later", "extra_money").table(
        run.say(caption, items=_("Categories") if categories else _("Articles"), n=len(pairs)),
        note=run.say(limits, day=early_until, items=_("categories") if categories else _("articles")),
    )
    lift = _("Plain lift takes every order for the same size.")
    if (pairs.frame["lift"] < 1).any():
        lift = _(
            "Plain lift takes every order for the same size; below 1 it says that these goods are bought in small "
            "baskets, where few goods can meet."
        )
    usual = pairs.only("pair", "support", "times", "lift").table(_("The usual measures of these pairs"), note=lift)
    return folded(_("The pairs in numbers"), main, folded(_("Support and plain lift"), usual))


def finding(affinity: Affinity, pairs: pd.DataFrame, run: Run) -> list[str]:
    """Say which pair stands out, how far the pairs can be relied on and what was left out."""
    held, day = pairs[pairs["later_low"] > 1], last_early_day(affinity)
    first = _("No pair shown met more often than by chance in the later part too.")
    if len(held):
        best = held.iloc[0]
        first = run.say(
            _(
                "{share:part} of orders with {first} also hold {second}. After {day:day} they met {later:times:point} "
                "times as often ({later:times:interval}) as by chance in baskets as large."
            ),
            share=best["confidence_first"], first=best["first"], second=best["second"], day=day,
            later=Estimate(best["later"], best["later_low"], best["later_high"], int(best["customers"])),
        )  # fmt: skip
    return [first, _relied_on(affinity, day, run), *([left_out(affinity, run)] if affinity.left_out else [])]


def _relied_on(affinity: Affinity, day: date, run: Run) -> str:
    words = plural(
        "Of {compared:count} pairs compared, {found:count} was found up to {day:day}; of {those}, {held} met more "
        "often than by chance afterwards too.",
        "Of {compared:count} pairs compared, {found:count} were found up to {day:day}; of {those}, {held} met more "
        "often than by chance afterwards too.",
        affinity.found,
    )
    those, held = of_those(len(affinity.pairs), affinity.found, affinity.held, run)
    return run.say(words, compared=affinity.compared, found=affinity.found, day=day, those=those, held=held)


def of_those(checked: int, found: int, held: int, run: Run) -> tuple[str, str]:
    """Say which of those found were checked in the later part, and how many of them held."""
    those = _("these") if checked == found else run.say(_("the {n:count} that stand first"), n=checked)
    return those, run.say("{n:count}", n=held) if held else _("none")


def left_out(affinity: Affinity, run: Run) -> str:
    """Say how many orders are too large to say anything about pairs."""
    orders = run.say(plural("{n:count} order", "{n:count} orders", affinity.left_out), n=affinity.left_out)
    words = _(
        "Left out as too large to say what belongs together: {orders} with {share:part} of the revenue; all shares are "
        "of the other orders."
    )
    return run.say(words, orders=orders, share=affinity.left_out_share)


def last_early_day(affinity: Affinity) -> date:
    """Give the last day of the part of the history in which pairs were looked for."""
    return affinity.split - timedelta(days=1)


def _no_baskets(affinity: Affinity, run: Run) -> Shown:
    needed = _("orders that hold two articles, each in at least {n:count} orders")
    return insufficient(
        needed=run.say(needed, n=run.params.segmentation.basket_orders),
        found=run.say(_("none in {n:count} orders with article numbers"), n=affinity.baskets),
        therefore=_("Nothing is said about what is bought together."),
    )


def show_sets(larger: Sets, names: Mapping[str, str] | None, run: Run) -> Shown:
    """Show at most ten sets of three and four that held afterwards, with the finding; without names, of categories."""
    gated = _gated_sets(larger.sets[larger.sets["later_low"] > 1], names or {}, run)
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


def _gated_sets(sets: pd.DataFrame, names: Mapping[str, str], run: Run) -> Gated:
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


def few_held(larger: Sets) -> bool:
    """Say whether fewer than half of the sets checked still added something afterwards."""
    return 2 * larger.held < len(larger.sets)


def sets_finding(larger: Sets, shown: int, run: Run, *, categories: bool) -> str:
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
