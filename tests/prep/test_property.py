"""Nothing is lost, whatever is thrown at it: lines and money in = clean + quarantined + merged, counted by the test.

Each example is a delivery of several files, so that thousands of dirty lines cost a few dozen preparations. The test
knows what it wrote: how many lines, what each is worth, and a tag in each by which its fate is found again.
"""

import csv
import io
import json
import shutil
from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from crmlib.prep import prepare
from crmlib.workspace import open_run

NAMES = ("no", "at", "sku", "text", "qty", "price", "who", "备注")
REMARK = "门店自提"  # a column nobody maps, by which the encoding is told
COLUMNS = {
    "order_id": "no", "ordered_at": "at", "product_id": "sku", "description": "text", "quantity": "qty",
    "unit_price": "price", "customer_id": "who",
}  # fmt: skip
FOURTH = Decimal("0.0001")
TENTH = Decimal("0.0000000001")  # prices keep their own decimals until they are multiplied
LARGEST = Decimal(10) ** 14  # DECIMAL(18, 4) holds what is smaller

# what is written, and what it means; None: no number, or none written
NUMBERS = {
    "1": 1, "2": 2, "12": 12, "0.1": "0.1", "2.55": "2.55", "-1": -1, "-3.5": "-3.5", "0": 0, "-0": 0, "-0.0": 0,
    "+4": 4, ".5": "0.5", "7.": 7, "１２": 12, "１２．５": "12.5",
    "1,250": 1250, "1,250,000.75": "1250000.75", "(3)": -3,
    "£4": 4, "¥ 8": 8, "12元": 12, "1e3": 1000, "2.5E-1": "0.25", "0.00005": "0.00005", "0.00004": "0.00004",
    "1.99999": "1.99999",
    "99999999999999": 99999999999999, "-99999999999999.9999": "-99999999999999.9999", " 6 ": 6, "\u30005\u00a0": 5,
    "00012": 12, "1e13": 10**13, "33333333.3333": "33333333.3333",
    "": None, "NaN": None, "nan": None, "NULL": None, "-": None, "-99": None, "n/a": None, "inf": None, "-inf": None,
    "1e99": None, "100000000000000": None, "99999999999999.99999": None, "123456789012345678901234567890": None,
    "abc": None, "1_000": None, "−3": -3, "0x10": None, "1,5": None, "5d": None, "1 2": None, "--3": None,
    "1.2.3": None, "٣": None, "1e": None, "e5": None, "+": None, ".": None, "£": None, "()": None, "=1+1": None,
    "1\n2": None, "TRUE": None, "½": None, "²": None, "'5": None,
}  # fmt: skip
TIMES = (
    "2026-02-01", "2026-02-01 10:00:00", "2026/2/1 9:05", "20260201", "2026-02-28T23:59:59", "46054.5",
    "２０２６－０２－０１",
    "2026年2月1日", "2026-02-01 08:00:00+08:00", "2026-02-01T00:00:00Z", "2027-01-01", "1926-02-01", "2026-02-30",
    "2026-13-01", "01/02/2026", "", "NULL", "0000-00-00 00:00:00", "tomorrow", "99999", "1e5", "2026-02-01 25:00",
    "2026-02-29", "12:30", "-1", "9999-12-31", "infinity", "epoch", "2026-02-01 10:00:00+99:99", "2100-01-01",
)  # fmt: skip
DIRTY_TEXTS = (
    "", "tea", "=cmd()", "a,b", 'say "hi"', "two\nlines", "two\r\nlines", "'", "\\", "\\N", "\t",
    "\u3000茶\u00a0", "绿茶",
    "𠀀", "é", "e\u0301", "\u200b", "\ufeff", "\x01", "\x7f", "a" * 300, "-99", "NaN", "13812345678", "li@example.com",
    '"', '""', '","', "\u2028", "\x85", "\x1f", "\x0b", "\x1a", "%s", "{x}", "_", "[name]", "’;--", "🍵", "𝟙",
)  # fmt: skip
CUSTOMERS = (
    "",
    "7",
    "17850.0",
    "１７８５０",
    " 8 ",
    "NULL",
    "-99",
    "00012",
    "web:7",
    "x" * 200,
    '"9"',
    "１３８１２３４５６７８",
    "茶",
)
SHAPES = ("whole",) * 12 + ("short", "long", "empty", "blanks", "commas", "twice", "elsewhere", "alone")

texts = st.sampled_from(DIRTY_TEXTS) | st.text(max_size=12).filter(lambda text: "\r" not in text)
lines = st.tuples(
    st.sampled_from(SHAPES), st.sampled_from(TIMES), texts, texts,
    st.sampled_from(list(NUMBERS)), st.sampled_from(list(NUMBERS)), st.sampled_from(CUSTOMERS),
)  # fmt: skip
files = st.tuples(
    st.lists(lines, min_size=20, max_size=60),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)


@dataclass
class Written:
    """One line as the test wrote it."""

    tag: str
    file: str
    fields: tuple[str, ...]
    money: Decimal | None


def meant(text, places=FOURTH):
    """Give the number a text stands for, to so many places."""
    value = NUMBERS[text]
    return None if value is None else Decimal(value).quantize(places, ROUND_HALF_UP)


def worth(quantity, price):
    """Give the money of a line: quantity times price, negative for goods taken back; None where it is unknown."""
    units, each = meant(quantity), meant(price, TENTH)
    if units is None or each is None:
        return None
    exact = Context(prec=60, rounding=ROUND_HALF_UP)
    money = exact.quantize(exact.multiply(units, each), FOURTH)
    if abs(money) >= LARGEST:
        return None
    return -abs(money) if units < 0 or money < 0 else money


def write_line(fields, ending):
    out = io.StringIO()
    csv.writer(out, lineterminator=ending).writerow(fields)
    return out.getvalue()


class Delivery:
    """The files of one example, and what the test knows of their lines."""

    def __init__(self, contents):
        self.lines = []
        self.files = {}
        for number, (rows, encoding, ending, closed) in enumerate(contents):
            name = f"f{number:02}.csv"
            self.encoding = encoding
            text = ",".join(NAMES) + ending
            for shape, *cells in rows:
                text += self._line(name, shape, cells, ending)
            if closed:
                text += self._line(name, "whole", ["2026-02-01", "A", "last", "1", "1", "7"], "")
            self.files[name] = text.encode(encoding, errors="replace")

    def _line(self, name, shape, cells, ending):
        tag = f"T{len(self.lines):06}"
        at, sku, text, quantity, price, who = cells
        if self.encoding == "gb18030":  # files full of other scripts are no Chinese files
            sku, text = (each.encode("gb2312", errors="replace").decode("gb2312") for each in (sku, text))
        fields = [tag, at, sku, text, quantity, price, who, REMARK]
        nothing = {"empty": "", "blanks": " \t", "commas": "," * (len(NAMES) - 1)}
        if shape in nothing:
            return nothing[shape] + ending
        broken = {"short": fields[:-1], "alone": fields[:1], "long": [*fields, "more"]}
        if shape in broken:
            return self._broken(name, broken[shape], ending)
        if shape == "elsewhere" and self.lines:
            again = self.lines[-1 - hash_of(tag) % len(self.lines)]
            if len(again.fields) == len(NAMES):
                self.lines.append(Written(again.tag, name, again.fields, again.money))
                return write_line(again.fields, ending)
        written = Written(tag, name, tuple(fields), worth(quantity, price))
        self.lines += [written] * (2 if shape == "twice" else 1)
        return write_line(fields, ending) * (2 if shape == "twice" else 1)

    def _broken(self, name, fields, ending):
        fields = [field.replace("\n", " ").replace("\r", " ") for field in fields]  # else it is as many broken lines
        self.lines.append(Written(fields[0], name, tuple(fields), None))
        return write_line(fields, ending)


def hash_of(tag):
    return int(tag[1:]) * 2654435761 % 1009


def shop(folder, files, source=None, cleaning=None):
    """Write the files and their parameters, and prepare them."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    for name, content in files.items():
        (folder / "data" / name).write_bytes(content)
    params = {
        "series": "shop",
        "title": "A shop",
        "as_of": "2026-03-01",
        "timezone": "Asia/Shanghai",
        "sources": {
            "transactions": {"name": "till", "path": "../data/f*", "columns": COLUMNS, "missing": ["-99"]}
            | (source or {})
        },
        "cleaning": {"latest": "2026-03-02"} | (cleaning or {}),
        "privacy": {"demo_key": True},
    }
    (folder / "params").mkdir()
    file = folder / "params" / "shop.yaml"
    file.write_text(yaml.safe_dump(params, allow_unicode=True), encoding="utf-8")
    run = open_run(file)
    try:
        return run, prepare(run)
    finally:
        run.con.disconnect()


def frames(run):
    return [pd.read_parquet(run.run_dir / folder / "transactions.parquet") for folder in ("clean", "quarantine")]


def tag_of(original):
    return original[:7]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("dirt")


SETTINGS = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # an example is a whole preparation: shrinking one would take minutes
    suppress_health_check=list(HealthCheck),
)


@settings(SETTINGS, max_examples=9)
@given(st.lists(files, min_size=4, max_size=8), st.sampled_from(["keep", "across_files", "all"]))
def test_lines_and_money_in_are_clean_and_quarantined_and_merged(folder, contents, duplicates):
    delivery = Delivery(contents)
    run, account = shop(folder, delivery.files, cleaning={"duplicates": duplicates})
    (row,) = account.reconciliation.to_dict("records")
    note(row)
    known = [line.money for line in delivery.lines if line.money is not None]
    assert row["lines_in"] == len(delivery.lines) == row["clean"] + row["quarantined"] + row["merged"]
    assert row["money_in"] == sum(known, Decimal(0))
    assert row["money_in"] == row["money_clean"] + row["money_quarantined"] + row["money_merged"]
    assert row["money_unknown"] == len(delivery.lines) - len(known)
    clean, aside = frames(run)
    assert Counter([*clean["order_id"], *map(tag_of, aside["original"])]) == Counter(x.tag for x in delivery.lines)
    check_money(clean, aside, delivery)
    check_fates(aside, delivery, duplicates)


def check_money(clean, aside, delivery):
    """Every clean line has the money that was written, every line set aside too where its money can be read."""
    money = {line.tag: line.money for line in delivery.lines}
    assert [money[tag] for tag in clean["order_id"]] == list(clean["amount"])
    assert [money[tag_of(text)] for text in aside["original"]] == [
        None if pd.isna(amount) else amount for amount in aside["amount"]
    ]


def check_fates(aside, delivery, duplicates):
    """Lines that do not split are set aside; repeats are merged as often as the parameters say and no more."""
    quarantined = set(map(tag_of, aside.loc[aside["fate"] == "quarantined", "original"]))
    merged = Counter(map(tag_of, aside.loc[aside["fate"] == "merged", "original"]))
    assert {line.tag for line in delivery.lines if len(line.fields) != len(NAMES)} <= quarantined
    good = [line for line in delivery.lines if line.tag not in quarantined]
    by_file = Counter((line.tag, line.file) for line in good)
    times = Counter(line.tag for line in good)
    most = {tag: max(n for (each, _file), n in by_file.items() if each == tag) for tag in times if times[tag] > 1}
    kept = {"keep": lambda tag: times[tag], "across_files": lambda tag: most[tag], "all": lambda _tag: 1}[duplicates]
    assert merged == Counter({tag: n - kept(tag) for tag, n in times.items() if n > 1 and n > kept(tag)})


raw_lines = st.lists(st.sampled_from([*"\",;\t '\\", "\x00", "\xff", "\x81", "a", "1", "\r"]), max_size=12).map("".join)


@SETTINGS
@given(st.lists(st.lists(raw_lines, min_size=20, max_size=60), min_size=3, max_size=8))
def test_no_line_is_swallowed_by_stray_quotes_and_bytes(folder, contents):
    files, tags = {}, []
    for number, rows in enumerate(contents):
        text = "no,at,sku,text,qty,price,who\n"
        for row in rows:
            tags.append(f"T{len(tags):06}")
            text += f"{tags[-1]},2026-02-01,A,{row},1,2,7\n"
        files[f"f{number:02}.csv"] = text.encode("latin-1")
    run, account = shop(
        folder, files, source={"encoding": "latin-1", "delimiter": ","}, cleaning={"duplicates": "keep"}
    )
    clean, aside = frames(run)
    found = "\n".join([*clean["order_id"], *clean["description"].fillna(""), *aside["original"]])
    assert Counter({tag: found.count(tag) for tag in tags}) == Counter(tags)
    (row,) = account.reconciliation.to_dict("records")
    assert row["lines_in"] == len(clean) + len(aside)


values = (
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=True) | st.text(max_size=8)
    | st.lists(st.integers(0, 3), max_size=2) | st.sampled_from(["2026-02-01", "1", "２"])
)  # fmt: skip
objects = st.dictionaries(st.sampled_from(NAMES[1:-1]), values) | st.sampled_from(["[1]", "{", "null", "7", '"x"'])


@SETTINGS
@given(st.lists(st.lists(objects, min_size=20, max_size=60), min_size=3, max_size=6))
def test_json_lines_are_all_accounted_for(folder, contents):
    files, tags = {}, []
    whole = dict.fromkeys(NAMES, "1") | {"no": "first"}
    for number, rows in enumerate(contents):
        text = json.dumps(whole) + "\n"
        for row in rows:
            if isinstance(row, str):
                text += row + "\n"
                continue
            tags.append(f"T{len(tags):06}")
            text += json.dumps({"no": tags[-1], **row}, ensure_ascii=bool(len(tags) % 2)) + "\n\n"
        files[f"f{number:02}.jsonl"] = text.encode("utf-8", errors="replace")
    # a number such as 4.04e+16 would stop the run: it is a customer's no more
    run, account = shop(folder, files, cleaning={"severity": {"broken_customer_id": "quarantine"}})
    clean, aside = frames(run)
    (row,) = account.reconciliation.to_dict("records")
    assert row["lines_in"] == sum(len(rows) + 1 for rows in contents) == len(clean) + len(aside)
    found = Counter([*clean["order_id"], *map(tag_of, aside["original"])])
    assert {tag: found[tag] for tag in tags} == dict.fromkeys(tags, 1)
