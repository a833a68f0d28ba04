"""Where larger sets of items stood in one basket: candidates joined and counted in the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.segmentation.affinity.baskets import SIZE_CLASSES

if TYPE_CHECKING:
    from ibis import Table

CLASSES: Final = len(SIZE_CLASSES) + 1


def codes_of(size: int) -> list[str]:
    """Name the columns of a set's items."""
    return [f"c{place}" for place in range(1, size + 1)]


def set_baskets(rows: Table, candidates: pd.DataFrame) -> Table:
    """List the baskets that hold each candidate set (numbers of items, ``c1 < c2 < …``), a row for each of its baskets.

    Returns
    -------
    ibis.Table
        ``c1, c2, …, basket, customer, late, stratum, money`` (of the set's items in the basket).
    """
    names = list(candidates.columns)
    keys = ibis.memtable(candidates, schema=dict.fromkeys(names, "int64"))
    met = rows.join(keys, rows.code == keys.c1)
    met = met.select(*names, "basket", "customer", "late", "stratum", "money")
    for name in names[1:]:
        other = rows.select(beside="basket", other="code", other_money="money")
        met = met.join(other, [met.basket == other.beside, met[name] == other.other])
        met = met.mutate(money=met.money + met.other_money).drop("beside", "other", "other_money")
    return met


def set_counts(met: Table, size: int) -> pd.DataFrame:
    """Count the baskets of each set by class of basket size, early and late.

    Returns
    -------
    pandas.DataFrame
        Indexed by the set's items; columns ``(late, class)``, zero where there is none, and nothing for a set that no
        basket holds.
    """
    names = codes_of(size)
    kind = (met.stratum % CLASSES).cast("int64")
    counted = met.group_by([*names, "late", kind.name("kind")]).agg(n=met.count()).to_pandas()
    return wide(counted, names)


def wide(counted: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Turn counts by set, part of the history and class of size into one row a set."""
    columns = pd.MultiIndex.from_product([[False, True], range(CLASSES)], names=["late", "kind"])
    if counted.empty:
        return pd.DataFrame(columns=columns, index=pd.MultiIndex.from_arrays([[]] * len(names), names=names))
    table = counted.pivot_table(index=names, columns=["late", "kind"], values="n", aggfunc="sum", fill_value=0)
    return table.reindex(columns=columns, fill_value=0).sort_index()


def set_people(met: Table, size: int) -> pd.DataFrame:
    """Count the customers behind each set, and how much hangs on those who repeat themselves.

    Returns
    -------
    pandas.DataFrame
        ``c1, c2, …, customers`` (known ones), ``early_squares, late_squares`` (sums over customers of their earlier and
        later baskets with the set, squared), ``largest_money`` (what the largest customer paid), ``money`` and
        ``early_money`` (what all paid). An anonymous basket stands for itself in all but the first.
    """
    names = codes_of(size)
    who = met.mutate(who=ibis.coalesce(met.customer, met.basket), known=met.customer.notnull())
    of_each = who.group_by([*names, "who", "known"]).agg(
        early=(~who.late).sum(),
        late=who.late.sum(),
        money=who.money.sum().cast("float64"),
        early_money=who.money.sum(where=~who.late).fill_null(0).cast("float64"),
    )
    people = of_each.group_by(names).agg(
        customers=of_each.known.sum(),
        early_squares=(of_each.early * of_each.early).sum(),
        late_squares=(of_each.late * of_each.late).sum(),
        largest_money=of_each.money.max(),
        money=of_each.money.sum().round(2),
        early_money=of_each.early_money.sum().round(2),
    )
    found: pd.DataFrame = people.to_pandas().sort_values(names, ignore_index=True)
    return found
