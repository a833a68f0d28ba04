"""Writing a judged table: pseudonyms in, personal data out, sorted, clean beside quarantine, and the counts of both."""

from dataclasses import dataclass, replace
from pathlib import Path

import ibis
import pandas as pd

from crmlib.prep.comments import mask_texts
from crmlib.prep.judging import Judged
from crmlib.prep.landing import FILE, LINE
from crmlib.prep.mapping import SOURCE
from crmlib.prep.marks import MERGED, REFUND
from crmlib.prep.people import People, one_row_a_person, with_pseudonyms
from crmlib.prep.persons.consent import is_unclear, without_originals
from crmlib.prep.quarantine import MERGED_FATE, find_examples, no_examples, set_aside
from crmlib.prep.reconciliation import count_aside, count_clean, count_in, count_made, reconcile
from crmlib.prep.refunds import with_made_returns
from crmlib.prep.sales import number_lines
from crmlib.prep.staging import keeper, step_by_step
from crmlib.prep.unusual import with_accounts, with_outliers
from crmlib.tables import TABLES
from crmlib.workspace import Run


@dataclass(frozen=True, slots=True)
class Finished:
    """A table that stands in the workspace."""

    reconciliation: pd.DataFrame  # one row a source (transactions) or one for the table, checked
    merged: pd.DataFrame  # lines merged into another, by why: ``table, rule, severity, lines``
    masked: int  # different texts in which personal data were masked
    # lines set aside, ten of each reason at most; see :func:`crmlib.prep.quarantine.find_examples`
    examples: pd.DataFrame


def finish_table(run: Run, judged: Judged, people: People, folder: Path) -> Finished:
    """Write the clean table and the quarantine, read both back and reconcile them with what came in."""
    table, lines = judged.mapped.table, judged.good
    if table == "customers":
        judged, good = _persons(run, judged, people)
    else:
        good = with_pseudonyms(judged.good, people) if "customer_id" in judged.rows.columns else judged.good
        good = _flagged(run, good, judged.good, folder) if table == "transactions" else good
    safe, masked = mask_texts(table, _completed(table, good, judged), lines, people.names, run.params.country)
    with step_by_step():
        run.write_clean(
            table, safe, by=[*_order(table, safe), *(["is_return"] if REFUND in judged.rows.columns else [])]
        )
    aside = without_originals(set_aside(judged.rows, judged.rules, judged.landed))
    run.write_clean(table, aside, by=["source", "file", "line"], folder="quarantine")
    reconciliation = _reconciled(run, judged)
    quarantine = run.out_dir / "quarantine" / f"{table}.parquet"
    some = bool(reconciliation["quarantined"].sum())
    examples = find_examples(run.con, table, quarantine, judged.landed) if some else no_examples()
    return Finished(reconciliation, _merges(run, table), masked, examples)


def _flagged(run: Run, named: ibis.Table, good: ibis.Table, folder: Path) -> ibis.Table:
    """Flag accounts, prices and quantities that are out of the ordinary."""
    keep, cleaning = keeper(run.con, folder), run.params.cleaning
    with_kinds = with_accounts(named, cleaning.accounts, run.as_of, keep)
    return with_outliers(with_kinds, good, cleaning.outliers, keep)


def _completed(table: str, good: ibis.Table, judged: Judged) -> ibis.Table:
    """Select the columns of the clean table, provenance and order numbers filled in."""
    if table == "transactions":
        good = with_made_returns(number_lines(good.mutate(source=good[SOURCE], file=good[FILE], line=good[LINE])))
    known = {column.name for column in TABLES[table].columns}
    scores = [column.name for column in judged.mapped.columns if column.name not in known]
    names = [*(column.name for column in TABLES[table].clean), *scores]
    return good.select(**{name: good[name].cast("float64") if name in scores else good[name] for name in names})


def _order(table: str, rows: ibis.Table) -> list[str]:
    """Sort by time and key first, then by everything, so that two runs write the same bytes."""
    first = {"transactions": ["ordered_at", "source", "file", "line"], "interactions": ["at"]}.get(table)
    if first is None:
        first = list(TABLES[table].key)
    return first if table == "transactions" else [*first, *(name for name in rows.columns if name not in first)]


def _persons(run: Run, judged: Judged, people: People) -> tuple[Judged, ibis.Table]:
    """Merge the accounts of each person into one row; the other accounts' lines count as merged."""
    trust = {source.name: -position for position, source in enumerate(judged.landed)}
    named = with_pseudonyms(judged.rows, people)
    good = named.filter((named["_reasons"] == 0) & named.customer_id.notnull() & named[MERGED].isnull())
    # a word that is neither yes nor no is a no
    unclear = is_unclear(good, judged.rules, "contact_consent")
    good = good.mutate(contact_consent=ibis.ifelse(unclear, ibis.literal(value=False), good.contact_consent))
    trusted = ibis.cases(*[(good[SOURCE] == name, rank) for name, rank in trust.items()], else_=0)
    order = [good.known_at.fill_null(ibis.timestamp("1900-01-01")), trusted, good[FILE], good[LINE]]
    ranked = good.mutate(_rank=ibis.row_number().over(order_by=order))
    newest_first = ibis.window(group_by=ranked.customer_id, order_by=ranked["_rank"].desc())
    other = ranked.mutate(_place=ibis.row_number().over(newest_first)).filter(lambda t: t["_place"] > 0)
    merged = other.select(SOURCE, FILE, LINE, _why=ibis.literal("same_person"))
    rows = judged.rows.left_join(merged, [SOURCE, FILE, LINE])
    rows = rows.mutate(**{MERGED: ibis.coalesce(rows[MERGED], rows["_why"])}).select(*judged.rows.columns)
    return replace(judged, mapped=replace(judged.mapped, rows=rows)), _with_birth_year(one_row_a_person(ranked), run)


def _with_birth_year(persons: ibis.Table, run: Run) -> ibis.Table:
    """Keep the year of birth and leave the day behind; an age counts back from when it was true."""
    known = persons.known_at.year().fill_null(run.as_of.year)
    year = ibis.coalesce(persons.birth_date.year().cast("int64"), known.cast("int64") - persons.age)
    return persons.mutate(birth_year=year.cast("int64"))


def _merges(run: Run, table: str) -> pd.DataFrame:
    aside = pd.read_parquet(run.out_dir / "quarantine" / f"{table}.parquet", columns=["fate", "reasons"])
    counts = aside.loc[aside["fate"] == MERGED_FATE, "reasons"].value_counts().sort_index()
    return pd.DataFrame({"table": table, "rule": counts.index, "severity": "merge", "lines": counts.to_numpy()})


def _reconciled(run: Run, judged: Judged) -> pd.DataFrame:
    table = judged.mapped.table
    label = None if table == "transactions" else ", ".join(source.name for source in judged.landed)
    aside = run.con.read_parquet(str(run.out_dir / "quarantine" / f"{table}.parquet"), table_name=f"quarantine_{table}")
    counts = {
        "in": count_in(judged.rows, label),
        **({"made": count_made(judged.good)} if REFUND in judged.rows.columns else {}),
        "aside": count_aside(aside, label),
        "clean": count_clean(run.table(table), run.as_of, TABLES[table].time, label),
    }
    return reconcile(table, counts, _delivered(judged, label))


def _delivered(judged: Judged, label: str | None) -> dict[str, int]:
    """Count the lines that the readers gave, by source; a query's lines have no file to be counted in."""
    queried = [source for source in judged.landed if source.source.query is not None]
    if label is not None:
        return {} if queried else {label: sum(file.lines for source in judged.landed for file in source.files)}
    return {source.name: sum(file.lines for file in source.files) for source in judged.landed if source not in queried}
