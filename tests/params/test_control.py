"""The shop's own books in the parameters: months and days, exact money, and errors that say what would do."""

from decimal import Decimal

import pytest

from crmlib.params import ParameterError, load_parameters, write_parameters
from crmlib.params.control import period

FILE = """series: shop
title: A shop
country: DE-BY
control:
  2026-10: {net_revenue: 311114.10, orders: 2350, sources: {till: {net_revenue: 0.60}}}
  2026-10-03: {lines: 3}
sources:
  transactions: {path: a.csv, columns: {ordered_at: at, amount: money}}
"""


@pytest.fixture
def read(tmp_path):
    """Give a function that reads the parameters with one thing put in the place of another."""

    def loaded(old="series", new="series"):
        assert old in FILE
        (tmp_path / "shop.yaml").write_text(FILE.replace(old, new, 1))
        return load_parameters(tmp_path / "shop.yaml")

    return loaded


def test_books_are_read_exactly_and_stay_so_in_the_resolved_file(read, tmp_path):
    params = read()
    assert params.control["2026-10"].given == {"net_revenue": Decimal("311114.1"), "orders": Decimal(2350)}
    assert params.control["2026-10"].sources["till"].given == {"net_revenue": Decimal("0.6")}
    write_parameters(params, tmp_path / "resolved.json")
    assert load_parameters(tmp_path / "resolved.json").control == params.control


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2026-10:", "2026-13:", "shop.yaml:4: control: '2026-13' is no month and no day; write 2026-10 or 2026-10-03"),
        ("2026-10-03", "2026-02-30", "'2026-02-30' is no month and no day"),
        ("2026-10-03", "October", "'October' is no month and no day"),
        ("net_revenue: 3", "net_revenu: 3", "unknown key 'control.2026-10.net_revenu'. Did you mean net_revenue"),
        ("orders: 2350", "customers: 9", "Known here: gross_revenue, lines, net_revenue, orders, returned, sources, "),
        ("orders: 2350", "orders: -1", "control.2026-10.orders"),
        ("orders: 2350", "orders: 2350.5", "control.2026-10.orders"),
        ("orders: 2350", "orders: true", "is a number of the shop's books, such as 311114.00"),
        ("311114.10", "'311,114.10'", "found '311,114.10'"),
        ("{lines: 3}", "{}", "shop.yaml:6: control.2026-10-03: says nothing; give one of net_revenue, gross_revenue"),
        ("{lines: 3}", "3", "shop.yaml:6: control.2026-10-03"),
        ("DE-BY", "DEU", "no public holidays are known of 'DEU'. Codes are those of ISO 3166-1, such as DE and CN."),
        ("DE-BY", "DD", "no public holidays are known of 'DD'"),
        ("DE-BY", "DE-XX", "DE has no part 'XX' with holidays of its own. Known here: Augsburg, BB"),
    ],
)
def test_what_cannot_be_is_refused_with_what_would_do(read, old, new, said):
    with pytest.raises(ParameterError) as error:
        read(old, new)
    assert said in str(error.value)


@pytest.mark.parametrize("country", ["DE", "CN", "GB", "NO", "US-CA"])
def test_countries_are_taken(read, country):
    assert read("DE-BY", country).country == country


def test_a_month_ends_where_the_next_begins():
    assert [str(day) for day in period("2025-12")] == ["2025-12-01", "2026-01-01"]
    assert [str(day) for day in period("2024-02-29")] == ["2024-02-29", "2024-03-01"]
