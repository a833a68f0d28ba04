"""Tags, as the page shows them, and the table ``customer_tags`` for machines."""

from typing import Any

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, insufficient, note, show_all, table
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.tags import sentences
from crmlib.segmentation.tags.history import history
from crmlib.segmentation.tags.tagging import Tags, tag_customers
from crmlib.words import _
from crmlib.workspace import Run


def show_tags(base: CustomerBase, transactions: Any, run: Run) -> Shown:
    """Show how many customers carry each tag, and the change since the last period; write ``customer_tags``.

    How many carry each tag is written to ``tag_figures``.

    Parameters
    ----------
    base
        The customer base, for its number of customers.
    transactions
        The clean table (Ibis).
    run
        The run, for its date, its rules (``segmentation.tags``) and its products.
    """
    section = run.params.segmentation
    products = run.table("products") if run.has("products") else None
    tags = tag_customers(history(transactions, run.as_of, products), section.tags, section.tags_window_months)
    run.write("customer_tags", tags.carried, by=["customer_id", "tag"])
    run.write("tag_figures", tags.counts.assign(compared=~tags.counts["tag"].isin(tags.short)), by=["tag"])
    if len(base.now) < run.rules.threshold or not (len(tags.counts) or len(tags.unproven)):
        return insufficient(
            needed=_("at least {n} known customers and a tag that these data can tell").format(n=run.rules.threshold),
            found=_("fewer, or no such tag"),
            therefore=_("No tags are shown."),
        )
    shown = [_counts(tags, run)] if len(tags.counts) else []
    return show_all(*shown, note(*_said(tags, run)))


def _said(tags: Tags, run: Run) -> list[str]:
    """Say what moved, what cannot be compared, what is by chance and what the data cannot tell."""
    rules = run.params.segmentation.tags
    said = [sentences.moved(tags, rules, run)]
    if tags.short:
        said.append(sentences.short_words(tags, rules))
    if len(tags.unproven):
        said.append(sentences.unproven_words(tags, run))
    if tags.skipped:
        said.append(sentences.skipped_words(tags))
    return said


def _counts(tags: Tags, run: Run) -> Shown:
    rules = run.params.segmentation.tags
    counts = tags.counts
    compared = ~counts["tag"].isin(tags.short)
    frame = pd.DataFrame({
        "label": [sentences.tag_label(tag, rules[tag]) for tag in counts["tag"]],
        "rule": [sentences.rule_words(tags, tag, rules[tag], run) for tag in counts["tag"]],
        "now": counts["now"], "chance": counts["chance"], "customers": tags.customers,
        "gained": counts["gained"].where(compared), "lost": counts["lost"].where(compared),
    })  # fmt: skip
    data = disclose(
        frame,
        labels=["label", "rule"],
        counts=["now", "gained", "lost", "customers"],
        based_on={"chance": "customers"},
        measures=["chance"],
        shares={"share": ("now", "customers")},
        ranges=["share"],
        rules=run.rules,
    )
    columns = {
        "label": Shows(_("Tag")),
        "rule": Shows(_("Rule")),
        "now": Shows(_("Customers"), "people"),
        "chance": Shows(_("By chance alone"), "number", decimals=0, missing="–"),
        "share": Shows(_("Share"), "share", "share_low", "share_high"),
        "gained": Shows(_("Gained"), "people", missing="–"),
        "lost": Shows(_("Lost"), "people", missing="–"),
    }
    return table(
        data,
        _("Tags by rule, and how many carry them; a customer may carry several"),
        columns,
        note=sentences.table_note(tags, rules, run.params.segmentation.tags_window_months),
    )
