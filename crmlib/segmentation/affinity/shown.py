"""What goes with what, as the page shows it: the pairs in whose orders most money lies beyond chance."""

from datetime import date, timedelta
from typing import Any

import pandas as pd

from crmlib.features import before, purchases
from crmlib.reporting import Shown, insufficient, note, show_all
from crmlib.segmentation.affinity.machine import affinities_table, record_affinities
from crmlib.segmentation.affinity.named_sets import ITEMS
from crmlib.segmentation.affinity.next_category import next_category
from crmlib.segmentation.affinity.next_category_shown import show_next_category
from crmlib.segmentation.affinity.pair_tables import show_pair_tables
from crmlib.segmentation.affinity.pairs import LEAST_TOGETHER, Affinity, affinities
from crmlib.segmentation.affinity.sayable import sayable
from crmlib.segmentation.affinity.sets_shown import show_sets
from crmlib.segmentation.affinity.suggestions import no_suggestions, suggestions
from crmlib.segmentation.wording import share
from crmlib.words import _, formats, plural
from crmlib.workspace import Run


def show_affinities(transactions: Any, run: Run) -> Shown:
    """Show which articles are bought together, which categories where the data have them, and write them all down.

    The pairs and sets are written to the table ``affinities``, and how many there are to the results; the next category
    for each customer is written to ``suggestions``.

    Parameters
    ----------
    transactions
        The clean table (Ibis).
    run
        The run: its date, parameters and clean products.
    """
    section = run.params.segmentation
    articles = affinities(transactions, run.as_of, section)
    names = product_names(transactions, articles, run)
    shown = [show_pairs(articles, run, names)]
    if shown[0].kind != "insufficient":
        shown.append(show_sets(articles, run, names))
    found, suggested = {"article": articles}, no_suggestions()
    if run.has("products"):
        products = run.table("products")
        if products.category.notnull().any().to_pandas():
            categories = affinities(transactions, run.as_of, section, products)
            found["category"] = categories
            judged = next_category(transactions, products, categories.split, run.as_of)
            shown += [show_pairs(categories, run, None), show_sets(categories, run, None)]
            shown.append(show_next_category(judged, run))
            if judged.customers >= run.rules.threshold:
                suggested = suggestions(judged)
    run.write("suggestions", suggested, by=["customer_id", "rank"])
    run.write("affinities", affinities_table(found), by=["kind", "size", "place"])
    record_affinities(articles, run)
    return show_all(*shown) if len(shown) > 1 else shown[0]


def show_pairs(affinity: Affinity, run: Run, names: dict[str, str] | None) -> Shown:
    """Show at most ten pairs that enough customers bought, with the finding in a sentence.

    Parameters
    ----------
    affinity
        From :func:`crmlib.segmentation.affinity.pairs.affinities`.
    run
        The run, for its rules, words and currency.
    names
        Names of articles by number; ``None`` where the items are categories.
    """
    if not affinity.shared:
        return _no_baskets(affinity, run)
    pairs = sayable(affinity.pairs, run.rules.threshold)
    if pairs.empty:
        return insufficient(
            needed=_("a pair that met in {n} orders of {k} known customers, more often than by chance").format(
                n=LEAST_TOGETHER, k=run.rules.threshold
            ),
            found=_("none among {n} pairs compared").format(n=formats.count(affinity.compared)),
            therefore=_("No pairs are shown."),
        )
    named = pairs.replace({"first": names, "second": names}) if names else pairs
    shown = show_pair_tables(named, last_early_day(affinity), run, categories=names is None)
    return show_all(note(*finding(affinity, named)), shown)


def finding(affinity: Affinity, pairs: pd.DataFrame) -> list[str]:
    """Say which pair stands out and how far the pairs can be relied on."""
    held = pairs[pairs["later_low"] > 1]
    day = formats.day(last_early_day(affinity))
    first = _("No pair shown met more often than by chance in the later part too.")
    if len(held):
        best = held.iloc[0]
        first = _(
            "{share} of orders with {first} also hold {second}. After {day} they met {times} times as often ({low} to "
            "{high}) as by chance in baskets as large."
        ).format(
            share=share(best["confidence_first"]), first=best["first"], second=best["second"], day=day,
            times=formats.number(best["later"], digits=2), low=formats.number(best["later_low"], digits=2),
            high=formats.number(best["later_high"], digits=2),
        )  # fmt: skip
    second = _relied_on(affinity, day)
    return [first, second, left_out(affinity)] if affinity.left_out else [first, second]


def _relied_on(affinity: Affinity, day: str) -> str:
    """Say how many pairs were found, and how many of them held in the later part."""
    checked = len(affinity.pairs)
    those = _("these") if checked == affinity.found else _("the {n} that stand first").format(n=formats.count(checked))
    words = plural(
        "Of {compared} pairs compared, {found} was found up to {day}; of {those}, {held} met more often than by chance "
        "afterwards too.",
        "Of {compared} pairs compared, {found} were found up to {day}; of {those}, {held} met more often than by "
        "chance afterwards too.",
        affinity.found,
    )
    return words.format(
        compared=formats.count(affinity.compared), found=formats.count(affinity.found), day=day, those=those,
        held=formats.count(affinity.held) if affinity.held else _("none"),
    )  # fmt: skip


def left_out(affinity: Affinity) -> str:
    """Say how many orders are too large to say anything about pairs."""
    words = plural(
        "Left out as too large to say what belongs together: {n} order with {share} of the revenue; all shares are of "
        "the other orders.",
        "Left out as too large to say what belongs together: {n} orders with {share} of the revenue; all shares are of "
        "the other orders.",
        affinity.left_out,
    )
    return words.format(n=formats.count(affinity.left_out), share=share(affinity.left_out_share))


def last_early_day(affinity: Affinity) -> date:
    """Give the last day of the part of the history in which pairs were looked for."""
    return affinity.split - timedelta(days=1)


def product_names(transactions: Any, affinity: Affinity, run: Run) -> dict[str, str]:
    """Name the articles of the pairs: by the table of products, else by their most frequent description."""
    in_sets = affinity.larger.sets[list(ITEMS)].to_numpy(object).ravel()
    wanted = sorted(
        {*affinity.pairs["first"], *affinity.pairs["second"], *(each for each in in_sets if isinstance(each, str))}
    )
    if not wanted:
        return {}
    if run.has("products"):
        products = run.table("products")
        listed = products.filter(products.product_id.isin(wanted)).select("product_id", "name").to_pandas()
    else:
        lines = purchases(before(transactions, run.as_of))
        lines = lines.filter(lines.product_id.isin(wanted) & lines.description.notnull())
        written = lines.group_by(["product_id", "description"]).agg(lines=lines.count()).to_pandas()
        written = written.sort_values(["lines", "description"], ascending=[False, True])
        listed = written.drop_duplicates("product_id").rename(columns={"description": "name"})
    known = listed.dropna(subset=["name"])
    return dict(zip(known["product_id"], known["name"], strict=True))


def _no_baskets(affinity: Affinity, run: Run) -> Shown:
    return insufficient(
        needed=_("orders that hold two articles, each in at least {n} orders").format(
            n=run.params.segmentation.basket_orders
        ),
        found=_("none in {n} orders with article numbers").format(n=formats.count(affinity.baskets)),
        therefore=_("Nothing is said about what is bought together."),
    )
