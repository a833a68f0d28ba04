"""What makes an order one: numbers that come again elsewhere, are cut, or are delivered again by a later file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crmlib.prep.arguing import keys as key_tests
from crmlib.prep.arguing.relations import sold
from crmlib.prep.judging import Judged
from crmlib.prep.landing import FILE
from crmlib.prep.proposal.groups import Sampled
from crmlib.prep.proposal.readings import Asked, Option, Reading
from crmlib.prep.proposal.synonyms import tokens
from crmlib.prep.proposal.trying import Trial
from crmlib.words import _

if TYPE_CHECKING:
    import ibis

    from crmlib.params.questions import Decides

_TILLS: Final = frozenset(
    [
        "till", "register", "terminal", "pos", "device", "kasse", "caja", "caisse", "机号", "收银机", "收银机号",
        "レジ", "レジ番号",
    ]
)  # fmt: skip
_BROKEN: Final = 0.02
"""Share of broken numbers from which on a column of numbers is broken."""


def read_orders(trial: Trial, sample: Sampled, reading: Reading) -> None:
    """Say what makes an order one, and which of several deliveries of it counts."""
    if not isinstance(reading.columns.get("order_id"), str):
        return
    given = frozenset(reading.columns)
    rows = sold(trial.judged(reading.source).good)
    numbers = key_tests.order_numbers(rows, given)
    if numbers.comes_again and not numbers.is_no_key:
        _join_number(trial, sample, reading, numbers.again)
    again = key_tests.delivered_again(rows, given) if numbers.spread else key_tests.DeliveredAgain(0, 0)
    if again.orders and isinstance(reading.columns["order_id"], str):
        _take_or_ask(again, given, reading, _by_their_days(rows, sample))


def _by_their_days(rows: "ibis.Table", sample: Sampled) -> list[Path]:
    """Give the files in the order of their last days, where that is not the order of their names."""
    last = rows.group_by(file=rows[FILE]).agg(last=rows.day.max()).order_by(["last", "file"]).to_pandas()["file"]
    paths = {path.name: path for path in sample.group.paths}
    files = [paths[Path(name).name] for name in last if Path(name).name in paths]
    return files if len(files) == len(sample.group.paths) and files != sorted(files) else []


def _take_or_ask(
    again: key_tests.DeliveredAgain, given: frozenset[str], reading: Reading, files: Sequence[Path]
) -> None:
    """Let the newest file count where these are surely later deliveries; else ask."""
    item = next((name for name in ("line_id", "product_id", "description") if name in given), None)
    key = ["order_id"] if 2 * again.whole >= again.orders or item is None else ["order_id", item]
    seen = _("{n:,} orders stand in two files with something changed").format(n=again.orders)
    if again.sure:
        reading.set("latest", {"key": key}, _("{seen}: the newest file counts").format(seen=seen))
        return
    paths = {"path": list(files)} if files else {}
    options = (
        Option("other_sales", _("these are sales of their own under like numbers: all count")),
        Option("later_delivery", _("the file with the later days counts"), {"latest": {"key": key}} | paths),
    )
    asks = _("Is it one sale or two? {seen}.").format(seen=seen)
    reading.ask(Asked("orders_delivered_again", "money", asks, options))


def _join_number(trial: Trial, sample: Sampled, reading: Reading, again: int) -> None:
    """Join the number with what tells its orders apart: the store, the till, the day, or several of them."""
    number, given = str(reading.columns["order_id"]), frozenset(reading.columns)
    most = _days_of(trial.judged(reading.source))
    for parts in _parts(sample, reading, number):
        columns = {**reading.columns, "order_id": [*parts, number]}
        tried = trial.judged({**reading.source, "columns": columns})
        found = key_tests.order_numbers(sold(tried.good), given)
        if not found.comes_again and found.orders <= most:
            why = _("{n:,} numbers come again elsewhere: an order is one by {parts} and number")
            reading.map("order_id", [*parts, number], why.format(n=again, parts=", ".join(parts)))
            return


def _days_of(judged: Judged) -> int:
    """Count the different order numbers of each day and customer: what joins more finely cuts orders apart."""
    return int(sold(judged.good).select("order_id", "day", "customer_id", "store_id").distinct().count().to_pandas())


def _parts(sample: Sampled, reading: Reading, number: str) -> Sequence[list[str]]:
    store, time = reading.columns.get("store_id"), reading.columns.get("ordered_at")
    day = time[0] if isinstance(time, list) else time
    several = [column.name for column in sample.columns if column.distinct > 1 and column.name not in (number, store)]
    till = next((name for name in several if _TILLS & set(tokens(name))), None)
    ways = ([store], [till], [day], [store, day], [till, day], [store, till, day])
    return [[str(column) for column in way] for way in ways if all(way)]


def ask_about_broken(sample: Sampled, reading: Reading) -> None:
    """Ask about numbers that a spreadsheet has cut: they can only be delivered again, or done without."""
    without: dict[str, tuple[Decides, str]] = {
        "order_id": ("orders", _("done without: every customer's day counts as one order")),
        "customer_id": ("customers", _("done without: every sale counts as anonymous")),
    }
    for name, (decides, means) in without.items():
        raw = reading.columns.get(name)
        if not isinstance(raw, str) or sample.column(raw).broken < _BROKEN:
            continue
        reading.unmap(name)
        asks = _("{column} holds numbers that a spreadsheet has cut, such as 2.1E+18: different ones fall together.")
        again = _("the files come again with the column as text; until then they are refused")
        options = (
            Option("without", means, {f"columns.{name}": None}),
            Option("deliver_again", again, {f"columns.{name}": raw}),
        )
        reading.ask(Asked(f"broken_{name}", decides, asks.format(column=raw), options))
