"""The rules that delivered lines break, ranked, each with its first lines by their place and shape."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import pandas as pd

from crmlib.prep.contracts import LEFT_OUT_RULE, REASONS, WARNINGS
from crmlib.prep.judging import Judged, count_rules
from crmlib.prep.landing import BROKEN, FILE, LINE, Landed
from crmlib.prep.mapping import SOURCE
from crmlib.prep.marks import MERGED
from crmlib.prep.rule_words import remedy, rule_words

LONGEST: Final = 100

_CLASSES: Final = {"Nd": "9", "Lu": "A", "Lt": "A", "Ll": "a", "Lo": "字", "Lm": "字"}
_SPACES: Final = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\ufeff\x00-\x1f]")
MOST_PROBLEMS: Final = 10
_SEVEREST_FIRST: Final = ("stop", "quarantine", "merge", "warn")


@dataclass(frozen=True, slots=True)
class Example:
    """One line that breaks a rule: where it stands and the shape of its text, never the text."""

    file: str
    line: int
    shape: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that lines break, how many, and the first of them."""

    table: str
    rule: str
    severity: str
    lines: int
    meaning: str
    remedy: str
    examples: tuple[Example, ...]


def shape(text: str, longest: int = LONGEST) -> str:
    """Write a value with 9 for each digit, a or A for each letter, 字 for each other character of a word.

    Marks stay, so that a wrong date format or a wrong decimal mark is seen; a name, a number or a comment is not. What
    a person typed into a column nobody expected it in is hidden too, which no detector of personal data promises.
    """
    written = "".join(_mark(character) for character in text[: longest + 1])
    return written if len(written) <= longest else f"{written[:longest]}…"


def _mark(character: str) -> str:
    if _SPACES.match(character):
        return " "
    kind = unicodedata.category(character)
    known = _CLASSES.get(kind)
    if known is not None:
        return known
    return character if kind[0] in "PSZ" else "?"


def rank_problems(judged: Sequence[Judged]) -> Iterator[Problem]:
    """Rank the broken rules of all tables; the first ten come with examples, ten in all."""
    counts = pd.concat([*(count_rules(table) for table in judged), *(_count_merged(table) for table in judged)])
    counts = counts[counts["rule"] != LEFT_OUT_RULE]
    ranked = counts.assign(rank=counts["severity"].map(_SEVEREST_FIRST.index))
    ranked = ranked.sort_values(["rank", "lines"], ascending=[True, False], kind="stable")
    tables = {table.mapped.table: table for table in judged}
    each_shows = max(MOST_PROBLEMS // max(len(ranked), 1), 1)
    for place, row in enumerate(ranked.to_dict("records")):
        table, rule = str(row["table"]), str(row["rule"])
        examples = _examples(tables[table], rule, each_shows) if place < MOST_PROBLEMS else ()
        words = rule_words(rule), remedy(table, rule)
        yield Problem(table, rule, str(row["severity"]), int(row["lines"]), *words, examples)


def _count_merged(judged: Judged) -> pd.DataFrame:
    rows = judged.rows.filter((judged.rows[REASONS] == 0) & judged.rows[MERGED].notnull())
    counts = rows.group_by(rule=rows[MERGED]).agg(lines=rows.count()).order_by("rule").to_pandas()
    return counts.assign(table=judged.mapped.table, severity="merge")


def _examples(judged: Judged, rule: str, most: int) -> tuple[Example, ...]:
    """Find the first lines that break a rule, by file and line."""
    rows = judged.rows
    first = rows.filter(_breaks(judged, rule)).order_by([SOURCE, FILE, LINE]).limit(most)
    places = first.select(SOURCE, FILE, LINE).to_pandas()
    return tuple(
        Example(str(file), int(line), _shape_of_line(judged.landed, str(source), str(file), int(line)))
        for source, file, line in places.itertuples(index=False)
    )


def _breaks(judged: Judged, rule: str) -> ibis.Value:
    rows = judged.rows
    for position, candidate in enumerate(judged.rules):
        if candidate.name == rule:
            bits = rows[WARNINGS if candidate.severity == "warn" else REASONS]
            return (bits & (1 << position)) != 0
    return (rows[REASONS] == 0) & (rows[MERGED] == rule)


def _shape_of_line(landed: Sequence[Landed], source: str, file: str, line: int) -> str:
    """Read a delivered line back and give its shape, its fields separated by commas."""
    for delivered in landed:
        if delivered.name == source:
            rows = delivered.rows.filter((delivered.rows[FILE] == file) & (delivered.rows[LINE] == line)).limit(1)
            fields = [rows[BROKEN], *(rows[name].cast("string") for name in delivered.columns)]
            found = rows.select(**{f"c{position}": field for position, field in enumerate(fields)}).to_pandas()
            if len(found):
                broken, *values = (None if pd.isna(value) else str(value) for value in found.iloc[0])
                return shape(broken) if broken is not None else shape(",".join(value or "" for value in values))
    return ""
