"""What do the lines stand for? Sales, returns and the purchases they undo, services, what is out of the ordinary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import before, returns_known
from crmlib.prep import measures
from crmlib.prep.logic import surely
from crmlib.reporting import Shown, exact, gate, label, largest_part, note, people, record_headlines, show_all
from crmlib.reporting.statements import returns_not_known
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ibis import Table

    from crmlib.prep.study import Study
    from crmlib.workspace import Run

_MONEY: Final = "decimal(38, 4)"
KINDS: Final = ("purchase", "return", "nothing_paid", "service", "cancelled_service", "adjustment")
ACCOUNTS: Final = ("staff", "test", "wholesale")
"""Kinds of accounts that are flagged: their lines are their owners'; an odd price or quantity is the shop's."""


@dataclass(frozen=True, slots=True)
class Composition:
    """The lines that the report sees, sorted by what they are."""

    # ``kind, lines, money``, in the order of ``KINDS``; every line is of one kind, so that the money adds up
    kinds: pd.DataFrame
    # ``matched_by, lines, money``: returns of goods by how their purchase was found (``order, cancelled_order,
    # customer, none``); a return that is only partly matched counts where its units went
    returns: pd.DataFrame
    whole: int  # matched lines that undo all of a purchase line
    # ``flag, lines, money, people``, of accounts also ``largest`` (the largest customer's part of the money)
    flags: pd.DataFrame
    # whether any source can tell what was taken back; see :func:`crmlib.features.returns_known`
    returns_known: bool = True

    def money(self, kind: str) -> float:
        """Give the money of a kind of lines, 0 where there are none."""
        return float(self.kinds.loc[self.kinds["kind"] == kind, "money"].sum())

    @property
    def matched_share(self) -> float | None:
        """Share of the money given back whose purchase was found; None without returns."""
        total = float(self.returns["money"].sum())
        matched = float(self.returns.loc[self.returns["matched_by"] != "none", "money"].sum())
        return matched / total if total else None


def compose(run: Run) -> Composition:
    """Sort the lines before ``as_of`` by what they are, and their returns by what they undo."""
    lines = before(run.table("transactions"), run.as_of)
    file = run.out_dir / "tables" / "return_matches.parquet"
    matches = before(run.con.read_parquet(str(file), table_name="return_matches"), run.as_of, "returned_at")
    counted = matches.group_by("matched_by").agg(
        lines=matches.count(), money=matches.amount.cast(_MONEY).sum(), whole=surely(matches.whole_line).sum()
    )
    returns = (
        counted.to_pandas().sort_values("matched_by", ignore_index=True).astype({"money": float, "lines": "int64"})
    )
    return Composition(
        _kinds(lines), returns[["matched_by", "lines", "money"]], int(returns["whole"].sum()), _flags(lines),
        returns_known(run),
    )  # fmt: skip


def _kinds(lines: Table) -> pd.DataFrame:
    kind = ibis.cases(
        (lines.is_adjustment, "adjustment"),
        (~lines.is_product & lines.is_return, "cancelled_service"),
        (~lines.is_product, "service"),
        (lines.is_return, "return"),
        (lines.amount == 0, "nothing_paid"),
        else_="purchase",
    )
    grouped = lines.group_by(kind=kind).agg(lines=lines.count(), money=lines.amount.cast(_MONEY).sum()).to_pandas()
    frame = grouped.set_index("kind").reindex(KINDS).dropna(subset=["lines"]).reset_index()
    return frame.astype({"lines": "int64", "money": float})


def _flags(lines: Table) -> pd.DataFrame:
    """Count what is flagged: one question to the engine, and one for the largest customer of each kind of account."""
    marks = {"price": lines.is_price_outlier, "quantity": lines.is_quantity_outlier} | {
        kind: surely(lines.account_kind == kind) for kind in ACCOUNTS
    }
    money = lines.amount.cast(_MONEY)
    row = lines.agg(
        **{f"{name}:lines": mark.sum() for name, mark in marks.items()},
        **{f"{name}:money": money.sum(where=mark) for name, mark in marks.items()},
        **{f"{name}:people": lines.customer_id.nunique(where=mark) for name, mark in marks.items()},
    ).to_pandas().iloc[0].fillna(0)  # fmt: skip
    rows = [(name, *(row[f"{name}:{what}"] for what in ("lines", "money", "people"))) for name in marks]
    frame = pd.DataFrame(rows, columns=["flag", "lines", "money", "people"])
    frame["largest"] = frame["flag"].map(_largest_parts(lines))
    return frame.astype({"lines": "int64", "money": float, "people": "int64", "largest": float})


def _largest_parts(lines: Table) -> dict[str, float]:
    """Give the largest customer's part of the money of each kind of account."""
    known = lines.filter(lines.account_kind.isin(ACCOUNTS), lines.customer_id.notnull())
    spent = known.group_by("account_kind", "customer_id").agg(money=known.amount.cast(_MONEY).sum()).to_pandas()
    return {str(kind): largest_part(spend.astype(float)) for kind, spend in spent.groupby("account_kind")["money"]}


def show_lines(found: Study, run: Run) -> Shown:
    """Show what the lines of the report are, which purchases its returns undo, and what is flagged."""
    composition = found.composition
    parts = [_kinds_table(composition, run), _flags_table(composition.flags, run)]
    if len(composition.returns):
        record_headlines([measures.RETURNS_MATCHED.headline(composition.matched_share)], run, measures.CHAPTER)
        parts.insert(1, _returns_table(composition, run))
    return show_all(*parts)


def _kinds_table(composition: Composition, run: Run) -> Shown:
    words = {
        "purchase": _("Goods sold (gross)"),
        "return": _("Goods taken back"),
        "nothing_paid": _("Goods given for nothing"),
        "service": _("Postage, fees, vouchers and the like"),
        "cancelled_service": _("The same, cancelled"),
        "adjustment": _("Stock adjustments booked as sales"),
        "all": _("All lines seen"),
    }
    kinds = composition.kinds
    total = pd.DataFrame({"kind": ["all"], "lines": kinds["lines"].sum(), "money": float(kinds["money"].sum())})
    gated = gate(
        pd.concat([kinds, total], ignore_index=True), run,
        label("kind", _("Lines")), exact("lines", _("Count")), exact("money", _("Money"), "money", decimals=2),
    )  # fmt: skip
    notes = [_net_words(composition, run), *_money_words(run)]
    return gated.worded("kind", words).table(_("What the lines stand for"), note=" ".join(notes))


def _net_words(composition: Composition, run: Run) -> str:
    """Say what net sales are, or that nobody tells what was taken back."""
    if not composition.returns_known:
        return returns_not_known()
    net = composition.money("purchase") + composition.money("return")
    return run.say(_("Net sales of goods, gross less what was taken back: {net:money2}. Chapters keep both."), net=net)


def _money_words(run: Run) -> Iterator[str]:
    """Say what the parameters did to the delivered money, if anything."""
    rules = run.params.cleaning
    if rules.tax is not None and rules.tax.included:
        words = _("Tax of {rate:share} was taken off all delivered money but costs.")
        yield run.say(words, rate=rules.tax.rate)
    if rules.currencies:
        # as the parameters have them: to every digit
        rates = ", ".join(f"1 {code} = {rate:g} {run.params.currency}" for code, rate in rules.currencies.items())
        yield run.say(_("Other currencies are converted: {rates}."), rates=rates)


def _returns_table(composition: Composition, run: Run) -> Shown:
    words = {
        "order": _("by the order the return names"),
        "cancelled_order": _("by the order number behind the cancellation's"),
        "customer": _("by customer, product and quantity, going back in time"),
        "none": _("no earlier purchase found"),
    }
    rows = composition.returns.assign(share=composition.returns["money"] / (composition.returns["money"].sum() or 1.0))
    rows = rows.sort_values("matched_by", key=lambda found: found.map(list(words).index))
    gated = gate(
        rows, run,
        label("matched_by", _("Purchase found")),
        exact("lines", _("Matches")),
        exact("money", _("Money given back"), "money", decimals=2),
        exact("share", _("Share"), "share"),
    )  # fmt: skip
    reading = _(
        "{whole:count} matches undo the whole purchase line, the others a part. No unit is undone twice. What was "
        "bought before the data begin, or by nobody known, finds no purchase."
    )
    return gated.worded("matched_by", words).table(
        _("Returns and the purchases they undo"), note=run.say(reading, whole=composition.whole)
    )


def _flags_table(flags: pd.DataFrame, run: Run) -> Shown:
    words = {
        "price": _("A price far from the product's usual one"),
        "quantity": _("A quantity far above the product's usual one"),
        "staff": _("Staff"),
        "test": _("Accounts made for tests"),
        "wholesale": _("Orders as large as a reseller's"),
    }
    rows = flags[flags["lines"] > 0]
    if rows.empty:
        return note(_("No account, price or quantity is out of the ordinary by the rules of the parameters."))
    gated = gate(
        rows.assign(owners=rows["people"].where(rows["flag"].isin(ACCOUNTS))), run,
        label("flag", _("What")),
        exact("lines", _("Lines"), of="owners"),
        exact("money", _("Money"), "money", of="owners", largest="largest"),
        people("people", _("Customers")),
    )  # fmt: skip
    limits = _("The rules and their limits stand under cleaning.accounts and cleaning.outliers in the parameters.")
    return gated.worded("flag", words).table(_("Out of the ordinary: flagged, counted, never deleted"), note=limits)
