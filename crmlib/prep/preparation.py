"""The whole of chapter 01: from the sources of the parameters to clean tables, quarantine and an account of both."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from crmlib.params import Parameters
from crmlib.prep.arguing import doubt_sentences, doubts_of_list
from crmlib.prep.contracts import UNKNOWN_LISTED, refuse_unknown_rules
from crmlib.prep.control import refuse_unknown_sources
from crmlib.prep.derived import write_orders
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.finishing import Finished, finish_table
from crmlib.prep.judging import Judged, count_rules, judge_tables
from crmlib.prep.landing import Landed, land_tables
from crmlib.prep.listed import Listed, look_up_listed
from crmlib.prep.people import People, find_everybody
from crmlib.prep.persons.account import PrivacyAccount, account_of
from crmlib.prep.persons.consent import withhold
from crmlib.prep.persons.register import save_register
from crmlib.prep.persons.undeclared import watch_columns
from crmlib.prep.recent import HEADER, INVENTORY, Recent, headers, last_two_months, take_inventory
from crmlib.prep.reconciliation import as_number, count_clean, take_steps
from crmlib.prep.returns import match_returns
from crmlib.prep.reuse import keep_stage, made_of, take_stage
from crmlib.prep.rule_words import rule_words
from crmlib.prep.staging import keeper
from crmlib.tables import TABLES
from crmlib.words import _
from crmlib.workspace import Run, private_folder


@dataclass(frozen=True, slots=True)
class Preparation:
    """What came in, what became of it, and by which rules."""

    # one row a delivered file: ``table, source, name, sha256, size, encoding, columns, lines, broken``
    files: pd.DataFrame
    # one row a source: lines and money in, made, clean, quarantined, merged, left out, after ``as_of``
    reconciliation: pd.DataFrame
    rules: pd.DataFrame  # one row a rule that lines broke: ``table, rule, severity, lines, meaning``
    steps: pd.DataFrame  # one row a step: ``table, step, rows_in, rows_out, changed, rule``
    links: pd.DataFrame  # how accounts were joined: ``key, links``
    # customers found and the customer numbers they are known by
    persons: int
    accounts: int
    conflicts: int  # pairs of accounts kept apart because their birth dates differ
    shared_keys: pd.DataFrame  # keys that too many accounts share: ``key, keys, accounts``
    stand_ins: int  # accounts that tell a stand-in instead of a key
    masked: int  # different texts in which personal data were masked
    # which key made the pseudonyms (never the key), and whether it is the demo's
    key_id: str
    key_published: bool
    # links by channel, consent, personal data in columns nobody declared, and the ids of the keys
    privacy: PrivacyAccount
    # ten lines of each reason that set lines aside, fit for a page: ``table, rule, source, file, line, text``
    examples: pd.DataFrame
    recent: Recent  # the last two months side by side
    inventory: pd.DataFrame  # what the last month and the files hold: ``kind, name``
    # what in the data speaks against the mapping, a sentence each; the verdict and the manifest repeat them
    doubts: tuple[str, ...] = ()


def prepare(run: Run) -> Preparation:
    """Prepare the clean tables of a run.

    Writes ``clean/<table>.parquet`` and ``quarantine/<table>.parquet`` into the run's folder, beside the lines
    ``clean/orders.parquet`` and ``clean/customer_days.parquet``, which are made of them, the pseudonyms of
    customer numbers into the encrypted identity map of the series, returns with the purchases they undo as
    ``tables/return_matches.parquet``, and the account of it all as ``tables/prep_*.parquet``. What was landed on the
    way holds personal data and is removed, also when the run fails.
    """
    key, folder = made_of(run), private_folder(run.out_dir / "landed")
    try:
        earlier = take_stage(run, Preparation, key, folder) if key is not None else None
        account = _prepared(run, folder) if earlier is None else _of_this_end(run, earlier)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if key is not None:
        keep_stage(run, account, key)
    _keep(run, account)
    return account


def _of_this_end(run: Run, earlier: Preparation) -> Preparation:
    """Give the account of clean tables that were taken over, told of this report's end."""
    recent = last_two_months(run)
    delivered = earlier.inventory[earlier.inventory["kind"] == HEADER]
    reconciliation = pd.concat(
        [_counted_anew(run, rows, str(table)) for table, rows in earlier.reconciliation.groupby("table", sort=False)],
        ignore_index=True,
    )
    inventory = take_inventory(recent, delivered)
    return replace(earlier, reconciliation=reconciliation, recent=recent, inventory=inventory)


def _counted_anew(run: Run, rows: pd.DataFrame, table: str) -> pd.DataFrame:
    label = None if table == "transactions" else str(rows["source"].iloc[0])
    later = count_clean(run.table(table), run.as_of, TABLES[table].time, label).set_index("source")
    anew = rows.copy()
    for name in ("after_as_of", "money_after_as_of"):
        anew[name] = [as_number(later[name].get(source), money=name.startswith("money")) for source in rows["source"]]
    return anew


def _prepared(run: Run, folder: Path) -> Preparation:
    landed = land_tables(run.con, run.params, folder)
    judged = judge_tables(run.con, landed, run.params, folder)
    _refuse_nothing(judged)
    refuse_unknown_rules(run.params, {rule.name for table in judged.values() for rule in table.rules})
    refuse_unknown_sources(run.params.control, [source.name for source in judged["transactions"].landed])
    doubts = doubt_sentences(judged["transactions"], run.params)
    listed = look_up_listed(run.con, judged["transactions"].rows, run.params)
    watched = watch_columns(run, judged, folder)
    judged = watched.judged
    rules = judged["customers"].rules if "customers" in judged else ()
    people = find_everybody(run, {name: table.counted for name, table in judged.items()}, folder, rules)
    judged |= {"customers": withhold(judged["customers"], people.consent)} if "customers" in judged else {}
    finished = [finish_table(run, table, people, folder) for table in judged.values()]
    write_orders(run, folder)
    _match_returns(run, folder)
    account = _account(run, landed, judged, replace(people, personal=watched.findings), finished)
    save_register(people.register, run.params, run.state_dir)
    return _with_unlisted(replace(account, doubts=doubts), listed, run.params)


def _with_unlisted(account: Preparation, listed: Listed | None, params: Parameters) -> Preparation:
    """Add what the list of returned orders names in vain: among the rules, and to the doubts where it is most of it."""
    if listed is None:
        return account
    rule = {"table": "transactions", "rule": UNKNOWN_LISTED, "severity": "warn", "lines": listed.unknown}
    found = pd.DataFrame([rule | {"meaning": rule_words(UNKNOWN_LISTED)}] if listed.unknown else [])
    words = _("{file}: {seen}.")
    said = (words.format(file=doubt.source, seen=doubt.seen) for doubt in doubts_of_list(listed, params))
    return replace(account, rules=pd.concat([account.rules, found], ignore_index=True), doubts=(*account.doubts, *said))


def _refuse_nothing(judged: dict[str, Judged]) -> None:
    """Refuse files with a header only: a report of nothing would look like a shop without customers."""
    sales = judged["transactions"]
    if not int(sales.rows.count().to_pandas()):
        raise InputRejectedError(_("there is no order line in any file; deliver them again"))
    if not int(sales.counted.count().to_pandas()):
        raise InputRejectedError(_("`where` leaves every order line out; look at the values it names"))


def _match_returns(run: Run, folder: Path) -> None:
    """Keep which purchase each return undoes; see :func:`crmlib.prep.returns.match_returns` for the columns."""
    matches = match_returns(run.table("transactions"), run.params.cleaning.returns, keeper(run.con, folder))
    place = ("source", "file", "line")
    by = [*place, "purchased_at", *(f"purchase_{name}" for name in place)]
    run.write_clean("return_matches", matches, by=by, folder="tables")


def _account(
    run: Run, landed: list[Landed], judged: dict[str, Judged], people: People, finished: list[Finished]
) -> Preparation:
    recent = last_two_months(run)
    merged = pd.concat([table.merged for table in finished], ignore_index=True)
    rules = pd.concat([*(count_rules(table) for table in judged.values()), merged], ignore_index=True)
    identity = people.identity
    reconciliation = pd.concat([table.reconciliation for table in finished], ignore_index=True)
    return Preparation(
        files=_files(landed),
        reconciliation=reconciliation,
        rules=rules.assign(meaning=[rule_words(name) for name in rules["rule"]]),
        steps=take_steps(list(judged.values()), rules, reconciliation),
        links=identity.links.groupby("key", as_index=False).agg(links=("left", "size")),
        persons=int(identity.people["person"].nunique()),
        accounts=len(identity.people),
        conflicts=identity.conflicts,
        shared_keys=identity.shared_keys,
        stand_ins=identity.stand_ins,
        masked=sum(table.masked for table in finished),
        key_id=people.key.id,
        key_published=people.key.published,
        privacy=account_of(people),
        examples=pd.concat([table.examples for table in finished], ignore_index=True),
        recent=recent,
        inventory=take_inventory(recent, headers(landed)),
    )


def _files(landed: list[Landed]) -> pd.DataFrame:
    columns = ["table", "source", "name", "sha256", "size", "encoding", "columns", "lines", "broken"]
    rows: list[tuple[Any, ...]] = [
        (source.table, source.name, f.name, f.sha256, f.size, f.encoding, f.columns, f.lines, f.broken)
        for source in landed
        for f in source.files
    ]
    return pd.DataFrame(rows, columns=columns)


def _keep(run: Run, account: Preparation) -> None:
    """Leave the account where the summary and the manifest find it."""
    run.write("prep_files", account.files, by=["table", "source", "name"])
    run.write("prep_reconciliation", account.reconciliation, by=["table", "source"])
    run.write("prep_rules", account.rules, by=["table", "rule"])
    run.write("prep_steps", account.steps.reset_index(names="position"), by=["position"])
    run.write(INVENTORY, account.inventory, by=["kind", "name"])
