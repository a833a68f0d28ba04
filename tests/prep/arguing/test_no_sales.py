"""Lines that add up the lines before them."""

import ibis
import pytest

from crmlib.prep.arguing.no_sales import running_totals


def journal(rows, decimal="decimal(18, 4)"):
    """Give lines of ``(article, customer, amount)``."""
    n = range(len(rows))
    t = ibis.memtable(
        {"_file": ["a.csv"] * len(rows), "_line": [2 + i for i in n], "product_id": [r[0] for r in rows],
         "customer_id": [r[1] for r in rows], "amount": [float(r[2]) for r in rows]},
        schema={
            "_file": "string", "_line": "int64", "product_id": "string", "customer_id": "string", "amount": "float64",
        },
    )  # fmt: skip
    return t.mutate(amount=t.amount.cast(decimal))


DAY = [("A", "K1", 10), ("B", None, 5.5), ("A", "K2", 4.5)]


def test_day_totals_and_the_grand_total_are_found():
    found = running_totals(journal([*DAY, (None, None, 20), *DAY, (None, None, 20), (None, None, 40)]))
    assert (found.lines, found.money) == (3, 80.0)
    assert found.places == (("a.csv", 5), ("a.csv", 9), ("a.csv", 10))


@pytest.mark.parametrize("last", [(None, None, 19.9), ("C", None, 20), (None, "K3", 20)])
def test_what_does_not_add_up_or_names_something_is_a_sale(last):
    assert running_totals(journal([*DAY, last])).lines == 0


def test_a_shop_that_never_names_anything_has_no_totals():
    assert running_totals(journal([(None, None, 10), (None, None, 10), (None, None, 20)])).lines == 0
