"""What the lines stand for, before the report's end: sales, returns and what they undo, services, flags."""

from dataclasses import dataclass
from typing import Any, Final

import ibis
import pandas as pd

from crmlib.features import before, returns_known
from crmlib.prep.logic import surely
from crmlib.workspace import Run

_MONEY: Final = "decimal(38, 4)"
KINDS: Final = ("purchase", "return", "nothing_paid", "service", "cancelled_service", "adjustment")
FLAGS: Final = ("price", "quantity", "staff", "test", "wholesale")


@dataclass(frozen=True, slots=True)
class Composition:
    """The lines that the report sees, sorted by what they are.

    Attributes
    ----------
    kinds
        ``kind, lines, money``, in the order of ``KINDS``; every line is of one kind, so that the money adds up.
    returns
        ``matched_by, lines, money``: returns of goods by how their purchase was found (``order, cancelled_order,
        customer, none``); a return that is only partly matched counts where its units went.
    whole
        Matched lines that undo all of a purchase line.
    flags
        ``flag, lines, money, people``.
    returns_known
        Whether any source can tell what was taken back; see :func:`crmlib.features.returns_known`.
    """

    kinds: pd.DataFrame
    returns: pd.DataFrame
    whole: int
    flags: pd.DataFrame
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
    matches = before(_matches(run), run.as_of, "returned_at")
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


def _matches(run: Run) -> Any:
    return run.con.read_parquet(str(run.run_dir / "tables" / "return_matches.parquet"), table_name="return_matches")


def _kinds(lines: Any) -> pd.DataFrame:
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


def _flags(lines: Any) -> pd.DataFrame:
    """Count what is flagged: one question to the engine."""
    marks = {"price": lines.is_price_outlier, "quantity": lines.is_quantity_outlier} | {
        kind: surely(lines.account_kind == kind) for kind in FLAGS[2:]
    }
    money = lines.amount.cast(_MONEY)
    row = lines.agg(
        **{f"{name}:lines": mark.sum() for name, mark in marks.items()},
        **{f"{name}:money": money.sum(where=mark) for name, mark in marks.items()},
        **{f"{name}:people": lines.customer_id.nunique(where=mark) for name, mark in marks.items()},
    ).to_pandas().iloc[0].fillna(0)  # fmt: skip
    rows = [(name, *(row[f"{name}:{what}"] for what in ("lines", "money", "people"))) for name in marks]
    frame = pd.DataFrame(rows, columns=["flag", "lines", "money", "people"])
    return frame.astype({"lines": "int64", "money": float, "people": "int64"})
