"""What the order lines stand for: sales, returns and the purchases they undo, services, what is out of the ordinary."""

from collections.abc import Iterator, Mapping

import pandas as pd

from crmlib.params.cleaning import CleaningSection
from crmlib.prep.composition import Composition
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, note, show_all, table
from crmlib.reporting.wording import returns_not_known
from crmlib.words import _, formats
from crmlib.workspace import Run


def lines_shown(composition: Composition, run: Run) -> Shown:
    """Show what the lines of the report are, which purchases its returns undo, and what is flagged."""
    parts = [_kinds_table(composition, run)]
    if len(composition.returns):
        parts.append(_returns_table(composition, run))
    parts.append(_flags_table(composition, run))
    return show_all(*parts)


def _kinds_words() -> Mapping[str, str]:
    return {
        "purchase": _("Goods sold (gross)"),
        "return": _("Goods taken back"),
        "nothing_paid": _("Goods given for nothing"),
        "service": _("Postage, fees, vouchers and the like"),
        "cancelled_service": _("The same, cancelled"),
        "adjustment": _("Stock adjustments booked as sales"),
    }


def _kinds_table(composition: Composition, run: Run) -> Shown:
    words = _kinds_words()
    kinds = composition.kinds
    rows = kinds.assign(name=kinds["kind"].map(words))[["name", "lines", "money"]]
    total = pd.DataFrame({
        "name": [_("All lines seen")], "lines": [int(kinds["lines"].sum())], "money": [float(kinds["money"].sum())],
    })  # fmt: skip
    return table(
        disclose(
            pd.concat([rows, total], ignore_index=True), labels=["name"], exact=["lines", "money"], rules=run.rules
        ),
        _("What the lines stand for"),
        {
            "name": Shows(_("Lines")),
            "lines": Shows(_("Count"), "count"),
            "money": Shows(_("Money"), "money", decimals=2),
        },
        currency=run.params.currency,
        note=" ".join(
            [
                _net_words(composition, run.params.currency),
                *_money_words(run.params.cleaning, run.params.currency),
            ]
        ),
    )


def _net_words(composition: Composition, currency: str) -> str:
    """Say what net sales are, or that nobody tells what was taken back."""
    if not composition.returns_known:
        return returns_not_known()
    net = composition.money("purchase") + composition.money("return")
    words = _("Net sales of goods, gross less what was taken back: {net}. Chapters keep both.")
    return words.format(net=formats.money(net, currency, decimals=2))


def _money_words(rules: CleaningSection, currency: str) -> Iterator[str]:
    """Say what the parameters did to the delivered money, if anything."""
    if rules.tax is not None and rules.tax.included:
        yield _("Tax of {rate} was taken off all delivered money but costs.").format(rate=formats.share(rules.tax.rate))
    if rules.currencies:
        rates = ", ".join(f"1 {code} = {rate:g} {currency}" for code, rate in rules.currencies.items())
        yield _("Other currencies are converted: {rates}.").format(rates=rates)


def _returns_table(composition: Composition, run: Run) -> Shown:
    words = {
        "order": _("by the order the return names"),
        "cancelled_order": _("by the order number behind the cancellation's"),
        "customer": _("by customer, product and quantity, going back in time"),
        "none": _("no earlier purchase found"),
    }
    rows = composition.returns
    rows = rows.assign(name=rows["matched_by"].map(words), share=rows["money"] / (rows["money"].sum() or 1.0))
    rows = rows.set_index("matched_by").reindex([each for each in words if each in set(rows["matched_by"])])
    share = composition.matched_share
    run.record(
        "01_data_prep", "returns_matched", share, unit="share",
        definition=_("share of the money given back for goods whose purchase was found"),
    )  # fmt: skip
    return table(
        disclose(
            rows[["name", "lines", "money", "share"]],
            labels=["name"],
            exact=["lines", "money", "share"],
            rules=run.rules,
        ),
        _("Returns and the purchases they undo"),
        {
            "name": Shows(_("Purchase found")),
            "lines": Shows(_("Matches"), "count"),
            "money": Shows(_("Money given back"), "money", decimals=2),
            "share": Shows(_("Share"), "share"),
        },
        currency=run.params.currency,
        note=_(
            "{whole} matches undo the whole purchase line, the others a part. No unit is undone twice. What was bought "
            "before the data begin, or by nobody known, finds no purchase."
        ).format(whole=formats.count(composition.whole)),
    )


def _flags_table(composition: Composition, run: Run) -> Shown:
    words = {
        "price": _("A price far from the product's usual one"),
        "quantity": _("A quantity far above the product's usual one"),
        "staff": _("Staff"),
        "test": _("Accounts made for tests"),
        "wholesale": _("Orders as large as a reseller's"),
    }
    rows = composition.flags[composition.flags["lines"] > 0]
    if rows.empty:
        return note(_("No account, price or quantity is out of the ordinary by the rules of the parameters."))
    # lines of an account are its owner's; an odd price is the shop's
    by_people = rows["flag"].isin(["staff", "test", "wholesale"])
    rows = rows.assign(name=rows["flag"].map(words), basis=rows["people"].where(by_people, run.rules.threshold))
    return table(
        disclose(
            rows[["name", "lines", "money", "people", "basis"]], labels=["name"], counts=["people"],
            based_on={"lines": "basis", "money": "basis"}, exact=["lines", "money"], rules=run.rules,
        ),
        _("Out of the ordinary: flagged, counted, never deleted"),
        {
            "name": Shows(_("What")),
            "lines": Shows(_("Lines"), "count"),
            "money": Shows(_("Money"), "money"),
            "people": Shows(_("Customers"), "people"),
        },
        currency=run.params.currency,
        note=_("The rules and their limits stand under cleaning.accounts and cleaning.outliers in the parameters."),
    )  # fmt: skip
