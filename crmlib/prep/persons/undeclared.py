"""Personal data in columns that nobody declared: found before a table is written, masked or a reason to stop.

Free text is looked at text by text, and masked as ever. Other columns hold codes: order numbers, articles, channels. A
column of codes is suspected as a whole (:mod:`crmlib.privacy.detector`), so that an order number that happens to pass a
card's check stays what it is; a code that is a person's gives way to a keyed one, so that orders stay apart.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import ibis
import pandas as pd

from crmlib.params import Parameters
from crmlib.prep.comments import FREE_TEXT
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.judging import Judged
from crmlib.prep.landing import FILE, LINE
from crmlib.privacy.detector import Kind, find_personal_data, holds_kind, kinds_among
from crmlib.privacy.pseudonyms import load_key
from crmlib.tables import TABLES
from crmlib.words import _, formats
from crmlib.workspace import Run

FINDINGS: Final = ("table", "column", "kind", "values", "share", "file", "line")

_SUSPECT: Final = r"(?:^|[^0-9A-Za-z０-９])[0-9０-９](?:[ －-]?[0-9０-９]){10}|[@＠]"
_LOOKED_AT: Final = 200_000
"""Lines of a table that are searched for long numbers; every k-th where it has more."""
_NUMBERED: Final = frozenset({"order_id", "returned_order_id", "line_id", "response_id", "product_id"})
"""Columns in which numbers are expected, and by chance one like a person's; in the others names stand, and few."""
_DIGITS: Final = 12
_NEIGHBOURS: Final = 2_000
"""Different values by which a column of codes is judged: a run in their order shows whether they are counted up."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The tables without such codes, and what was found: :data:`FINDINGS`, one row a column and kind."""

    judged: dict[str, Judged]
    findings: pd.DataFrame


def kind_words(kind: str) -> str:
    """Call a kind of personal data as a reader does."""
    return {
        "phone": _("phone numbers"),
        "email": _("e-mail addresses"),
        "id_card": _("identity card numbers"),
        "bank_card": _("bank card numbers"),
    }[kind]


def find_undeclared(params: Parameters, judged: Mapping[str, Judged]) -> pd.DataFrame:
    """Look for personal data in every text column that would be written: one row a column and kind, ``FINDINGS``.

    With ``privacy.undeclared: stop`` the first is refused with table, column, kind, share, file and line.
    """
    found = [row for table, lines in judged.items() for row in _look(table, lines)]
    findings = pd.DataFrame(found, columns=list(FINDINGS)).astype({"values": "int64", "share": "float64"})
    if len(findings) and params.privacy.undeclared == "stop":
        _stop(findings.iloc[0])
    return findings


def watch_columns(run: Run, judged: Mapping[str, Judged], folder: Path) -> Watched:
    """Look for personal data in every text column that would be written, and take them out of columns of codes."""
    findings = find_undeclared(run.params, judged)
    places = zip(findings["table"], findings["column"], strict=True)
    coded = findings[[name not in FREE_TEXT[table] for table, name in places]]
    if coded.empty:
        return Watched(dict(judged), findings)
    kinds: dict[str, set[Kind]] = {}
    for name, kind in zip(coded["column"], coded["kind"], strict=True):
        kinds.setdefault(_alike(name), set()).add(kind)
    secret = load_key(run.params.privacy, run.params.root).expand("undeclared")
    coder = _Coder(run.con, secret, folder)
    return Watched({table: _coded(coder, table, lines, kinds) for table, lines in judged.items()}, findings)


def _alike(name: str) -> str:
    """Orders are called by one number in every table, so their columns are treated alike."""
    return "order_id" if name == "returned_order_id" else name


def _written(table: str) -> list[str]:
    """Name the text columns of a clean table that a source delivers, the customer's number left out."""
    texts = [column.name for column in TABLES[table].clean if column.kind == "text" and not column.made]
    return [name for name in texts if name != "customer_id"]


def _look(table: str, judged: Judged) -> Iterable[tuple[Any, ...]]:
    """Find the suspicious columns of a table in one pass, and look closer at those."""
    rows, columns = judged.good, _written(table)
    step = sum(file.lines for source in judged.landed for file in source.files) // _LOOKED_AT + 1
    sample = rows if step == 1 else rows.filter(rows[LINE] % step == 0)
    counted = sample.agg(
        **{name: sample[name].count() for name in columns},
        **{f"{name}?": sample[name].re_search(_SUSPECT).sum().fill_null(0) for name in columns},
    ).to_pandas()
    for name in columns:
        suspects = int(counted[f"{name}?"].iloc[0])
        if suspects:
            yield from _look_closer(table, name, rows, suspects / int(counted[name].iloc[0]))


def _look_closer(table: str, name: str, rows: ibis.Table, suspects: float) -> Iterable[tuple[Any, ...]]:
    """Say which kinds of personal data a column holds, on what share of its filled lines, and where first."""
    free = name in FREE_TEXT[table]
    place = rows[FILE] + "\x1f" + rows[LINE].cast("string").lpad(_DIGITS, "0")
    suspicious = rows.mutate(_v=rows[name], _place=place).filter(lambda t: t["_v"].re_search(_SUSPECT))
    values = suspicious.group_by("_v").agg(lines=ibis._.count(), place=ibis._["_place"].min()).order_by("_v")
    seen = (values if free else values.limit(_NEIGHBOURS)).to_pandas()
    kinds = [{find.kind for find in find_personal_data(text)} for text in seen["_v"]]
    for kind in sorted(
        set[Kind]().union(*kinds) if free else kinds_among(seen["_v"].tolist(), enough=3 if name in _NUMBERED else 1)
    ):
        held = seen[[kind in in_value for in_value in kinds]]
        share = suspects * float(held["lines"].sum() / seen["lines"].sum())
        file, _sep, line = held["place"].min().partition("\x1f")
        yield table, name, kind, len(held), share, file, int(line)


def _stop(first: pd.Series) -> None:
    raise InputRejectedError.at(
        str(first["file"]),
        _("{share} of the lines with a value in {table}.{column} hold {kind}, which nobody declared").format(
            share=formats.share(first["share"]),
            table=first["table"],
            column=first["column"],
            kind=kind_words(first["kind"]),
        ),
        _("take the column out of the mapping, or let them be masked: privacy.undeclared: mask"),
        int(first["line"]),
    )


@dataclass(frozen=True, slots=True)
class _Coder:
    """Gives codes under a key of their own; who has not the key cannot turn them back."""

    con: ibis.BaseBackend
    secret: bytes
    folder: Path

    def table(self, texts: list[str], name: str) -> ibis.Table:
        """Give the codes of texts as a table of the engine: ``_v, _code``."""
        codes = [f"x{hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()[:16]}" for text in texts]
        path = self.folder / f"{name}.parquet"
        pd.DataFrame({"_v": texts, "_code": codes}, dtype="str").to_parquet(path, index=False)
        return self.con.read_parquet(str(path), table_name=name)


def _coded(coder: _Coder, table: str, judged: Judged, kinds: Mapping[str, set[Kind]]) -> Judged:
    """Put codes in the place of values that are personal data."""
    rows = judged.rows
    for name in (column for column in _written(table) if _alike(column) in kinds and column not in FREE_TEXT[table]):
        values = rows.filter(rows[name].re_search(_SUSPECT)).select(_v=rows[name]).distinct().to_pyarrow()["_v"]
        texts = sorted(text for text in values.to_pylist() if holds_kind(text, kinds[_alike(name)]))
        if texts:
            codes = coder.table(texts, f"coded_{table}_{name}")
            joined = rows.left_join(codes, rows[name] == codes["_v"])
            rows = joined.mutate(**{name: ibis.coalesce(joined["_code"], joined[name])}).drop("_v", "_code")
    return replace(judged, mapped=replace(judged.mapped, rows=rows))
