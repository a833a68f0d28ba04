"""Price and size of an order line: a quantity price is seen, chance and offers are not taken for one."""

from datetime import date

import numpy as np
import pytest

from crmlib.segmentation.prices.order_lines import OrderSize, order_size

AS_OF = date(2026, 3, 1)


def lines(lines_of, price, quantities):
    """Sell an article in lines of these quantities on each of some days; the price of one is a function of both."""
    return lines_of([
        (None, f"{day}-{place}", f"2026-02-{day:02d} 10:00", "p", units, units * price(day, units), False, True)
        for day in range(1, 21)
        for place, units in enumerate(quantities)
    ])  # fmt: skip


def test_a_quantity_price_is_seen(lines_of):
    found = order_size(lines(lines_of, lambda _day, n: 10 * n**-0.2, [1, 2, 4, 8, 1, 16, 2, 2]), AS_OF)
    assert found.lines == 160
    assert found.correlation == pytest.approx(-1, abs=1e-4)
    assert found.saved == pytest.approx(1 - 2**-0.2, abs=1e-4)
    assert found.matters


def test_a_price_that_differs_between_days_only_is_none(lines_of):
    found = order_size(lines(lines_of, lambda day, _n: 10 - 0.2 * day, [1, 2, 4, 8]), AS_OF)
    assert found.lines == 0
    assert not found.matters


def test_prices_by_chance_are_none(lines_of):
    rng = np.random.default_rng(1)
    found = order_size(lines(lines_of, lambda _day, _n: 10 * rng.uniform(0.8, 1.2), [1, 2, 4, 8]), AS_OF)
    assert found.lines == 80
    assert not found.matters


def test_lines_of_other_articles_days_or_the_future_are_not_compared(lines_of):
    apart = [(None, str(n), f"2026-02-{n:02d} 10:00", f"p{n}", n, 10.0, False, True) for n in range(1, 20)]
    assert order_size(lines_of(apart), AS_OF).lines == 0
    assert order_size(lines(lines_of, lambda _day, n: 10 / n, [1, 2]), date(2026, 2, 1)).lines == 0


@pytest.mark.parametrize(
    ("lines", "correlation", "matters"),
    [(10_000, -0.2, True), (10_000, -0.05, False), (100, -0.2, False), (10_000, 0.4, False)],
)
def test_it_matters_where_it_is_more_than_chance_and_enough(lines, correlation, matters):
    assert OrderSize(lines, correlation, 0.05).matters is matters
