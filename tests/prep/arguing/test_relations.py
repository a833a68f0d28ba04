"""How numbers of order lines hang together."""

import ibis
import pytest

from crmlib.prep.arguing import articles, relations


def lines(**columns):
    n = len(next(iter(columns.values())))
    return ibis.memtable({"_line": list(range(n)), **columns})


def test_a_value_of_the_order_is_told_from_one_of_the_line():
    t = lines(o=["a", "a", "b", "b", "c"], sku=["x", "y", "x", "z", "x"], total=[5.0, 5, 7, 7, 9],
              paid=[2.0, 3, 3, 4, 9], first=[5.0, None, 7, None, 9])  # fmt: skip
    found = relations.levels(t, "o", ["total", "paid", "first"], ["sku"], "_line")
    assert (found["total"].orders, found["total"].repeated) == (2, 2)
    assert (found["first"].once, found["first"].is_of_order) == (2, True)
    assert not found["paid"].is_of_order


def test_orders_of_equal_lines_and_a_single_price_tell_nothing():
    t = lines(o=["a", "a", "b", "b"], sku=["x", "x", "y", "y"], paid=[2.0, 2, 3, 3])
    assert relations.levels(t, "o", ["paid"], ["sku"], "_line")["paid"].orders == 0
    t = lines(o=["a", "a", "b", "b"], sku=["x", "y", "x", "y"], paid=[2.0, 2, 2, 2])
    assert not relations.levels(t, "o", ["paid"], ["sku"], "_line")["paid"].is_of_order


def test_price_times_quantity_before_and_after_a_discount():
    t = lines(p=[10.0, 10, 10], q=[1.0, 2, 3], d=[0.0, 2, 3], before=[10.0, 20, 30], after=[10.0, 18, 27])
    before = relations.price_times_quantity(t, "before", "p", "q", "d")
    after = relations.price_times_quantity(t, "after", "p", "q", "d")
    assert (before.discounted, before.before, before.after) == (2, 2, 0)
    assert (after.before, after.after, after.far) == (0, 2, 0)


@pytest.mark.parametrize(("values", "told"), [([5.0, 10, 15, 8, 16], "total"), ([5.0, 5, 5, 8, 8], "price")])
def test_a_price_and_a_total_are_told_by_articles_of_several_quantities(values, told):
    t = lines(sku=["x", "x", "x", "y", "y"], q=[1.0, 2, 3, 1, 2], v=values)
    assert articles.per_unit(t, "sku", "q", "v").verdict() == told


def test_one_quantity_tells_nothing():
    t = lines(sku=["x"] * 5, q=[1.0] * 5, v=[5.0, 5, 6, 5, 5])
    assert articles.per_unit(t, "sku", "q", "v").verdict() == ""


def test_lines_add_up_to_the_order_less_shipping():
    t = lines(o=["a", "a", "b"], v=[2.0, 3, 4], total=[6.0, None, 5], ship=[1.0, None, 1])
    sides = {"total": t.total, "goods": t.total - t.ship}
    found = relations.sums_agree(t, "o", t.v, sides)
    assert (found["total"].equal, found["goods"].equal, found["goods"].holds) == (0, 2, True)


def test_the_steadier_of_two_values():
    t = lines(sku=["x"] * 4, paid=[10.0, 8, 10, 8], listed=[10.0, 10, 10, 10], off=[0, 1, 0, 1])
    assert articles.steadier(t, "sku", t.paid, t.listed, t.off == 1) == "second"
