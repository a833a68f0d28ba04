"""A made-up shop whose true revenue is known, exported as many systems would."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One line: its place in the order (0 for the first), and what the whole order came to and was discounted by."""

    order: int
    place: int
    at: datetime
    customer: str
    sku: str
    units: int
    price: Decimal
    rate: Decimal
    total: Decimal = Decimal(0)
    order_off: Decimal = Decimal(0)

    @property
    def listed(self):
        return self.price * self.units

    @property
    def off(self):
        return (self.listed * self.rate).quantize(CENT)

    @property
    def paid(self):
        return self.listed - self.off


class Shop:
    """Orders of a month, one to four lines each; ``seed`` makes another shop."""

    def __init__(self, seed=1, orders=60, several=0.5, discounted=0.0, units=(1, 1, 2, 3)):
        rng = random.Random(seed)  # noqa: S311  (a made-up shop)
        prices = {f"P{n:02}": Decimal(rng.randrange(300, 9000)) / 100 for n in range(12)}
        self.lines = []
        for number in range(orders):
            at = datetime(2026, 5, 1, 9) + timedelta(hours=rng.randrange(0, 30 * 24 - 12))  # noqa: DTZ001
            count, customer = rng.randint(2, 4) if rng.random() < several else 1, f"C{rng.randrange(25):03}"
            order = []
            for place, sku in enumerate(rng.sample(sorted(prices), count)):
                rate = Decimal(rng.choice(["0.1", "0.2", "0.25"])) if rng.random() < discounted else Decimal(0)
                order.append(Line(1000 + number, place, at, customer, sku, rng.choice(units), prices[sku], rate))
            total, off = sum(line.paid for line in order), sum(line.off for line in order)
            self.lines += [replace(line, total=total, order_off=off) for line in order]

    @property
    def revenue(self):
        return sum(line.paid for line in self.lines)

    def csv(self, header, row):
        """Write a line of text for each line; ``row`` gives its values."""
        return "\n".join([header, *(",".join(map(str, row(line))) for line in self.lines)]) + "\n"


@pytest.fixture
def make_shop():
    return Shop


@pytest.fixture
def read_back(tmp_path):
    """Give what `crm init` makes of files: net money as proposed, and by each answer of each question."""
    from crmlib.engine import connect
    from crmlib.params import load_parameters
    from crmlib.prep.judging import judge_tables
    from crmlib.prep.landing import land_tables
    from crmlib.prep.proposal import Home, propose, write_proposal

    def net(file, folder, overrides=None):
        params = load_parameters(file, overrides)
        con = connect(params.engine)
        folder.mkdir(exist_ok=True)
        try:
            good = judge_tables(con, land_tables(con, params, folder), params, folder)["transactions"].good
            refunds = good["refund"].sum().to_pandas() if "refund" in good.columns else 0
            money = Decimal(str(good.amount.sum().to_pandas() or 0)) - Decimal(str(refunds or 0))
            return money, int(good.order_id.nunique().to_pandas())
        finally:
            con.disconnect()

    def read(files):
        for name, content in files.items():
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        home = Home(tmp_path / "params" / "shop.yaml", "shop")
        home.folder.mkdir(exist_ok=True)
        home.file.write_text(write_proposal(propose([tmp_path / "data"]), home), encoding="utf-8")
        params = load_parameters(home.file)
        found = {"": net(home.file, tmp_path / "as_proposed")}
        for name, question in params.questions.items():
            for answer in question.answers:
                given = {f"questions.{name}.answer": answer}
                as_it_stands = answer == question.answer
                figures = found[""] if as_it_stands else net(home.file, tmp_path / f"{name}_{answer}", given)
                found[f"{name}={answer}"] = figures
        return found, params, home.file.read_text(encoding="utf-8")

    return read
