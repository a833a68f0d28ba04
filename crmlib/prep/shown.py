"""What chapter 01 shows: its headline strip, the days, what came in, what was set aside, the reconciliation."""

from datetime import timedelta

import pandas as pd

from crmlib.prep import figures
from crmlib.prep.preparation import Preparation
from crmlib.prep.profile import completeness, customers_known
from crmlib.prep.verdict import Fitness, Quality, fitness
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Indicator, Shown, Shows, figure, formats, note, strip, table
from crmlib.words import _, plural
from crmlib.workspace import Run

_GRADES: dict[Fitness, int] = {"fit": 2, "reservations": 1, "unfit": 0}


def headline_strip(quality: Quality, run: Run) -> Shown:
    """Show and record the headline numbers of the data."""
    before = run.table("transactions")
    now, then = customers_known(before, run.as_of), customers_known(before, run.previous_as_of)
    rows = [
        ("lines_seen", _("Order lines seen"), int(now["lines"]), int(then["lines"]), "count",
         _("clean order lines before the end of the period")),
        ("money_seen", _("Money seen"), now["revenue"], then["revenue"], "money",
         _("money of those lines, returns taken off")),
        ("lines_set_aside", _("Set aside"), quality.set_aside, None, "share",
         _("share of delivered order lines in quarantine, all dates")),
        ("lines_with_customer", _("With a customer"), _over(now["known"], now["lines"]),
         _over(then["known"], then["lines"]), "share", _("share of the lines seen that carry a customer number")),
    ]  # fmt: skip
    for name, _label, value, previous, unit, definition in rows:
        run.record("01_data_prep", name, value, unit=unit, definition=definition, previous=previous)
    grade = _("2 fit for use, 1 with reservations, 0 not")
    run.record("01_data_prep", "fit_for_use", _GRADES[fitness(quality)], unit="number", definition=grade)
    return strip(
        [Indicator(label, value, unit, previous, definition=text) for _n, label, value, previous, unit, text in rows],
        run,
    )


def _rounded_people(rows: pd.DataFrame, columns: list[str], run: Run) -> pd.DataFrame:
    """Round the rows of the customers table, numbers of people, as the gate does; too few are left out."""
    of_people = rows["table"] == "customers"
    rounded = rows[columns].map(lambda n: float(run.rules.rounded(n) or "nan") if n else 0.0)
    return rows.assign(**{name: rounded[name].where(of_people, rows[name]) for name in columns})


def _over(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def days_figure(quality: Quality, run: Run) -> Shown:
    """Show lines and money by day, with the days without a line and the end of the period."""
    days, gaps = quality.days, quality.gaps
    end = pd.DataFrame({"day": [pd.Timestamp(run.as_of)]})
    missing = int(gaps["days"].sum()) if len(gaps) else 0
    last_day = run.as_of - timedelta(days=1)
    partial = run.as_of.day != 1
    title = (
        _("Every day that usually has sales has some")
        if not missing
        else plural("{n} day that usually has sales has none", "{n} days that usually have sales have none", missing)
    )
    limits = _("A day without a line may be a closed shop or a missing file; only the source can tell.")
    if partial:
        limits += " " + _("The last month ends on {day} and is partial.").format(day=formats.day(last_day))
    return figure(
        figures.days,
        {
            "days": disclose(days, labels=["day"], exact=["lines", "revenue"], rules=run.rules),
            "gaps": disclose(gaps, labels=["start", "end"], exact=["days"], rules=run.rules),
            "end": disclose(end, labels=["day"], rules=run.rules),
        },
        title=title.format(n=formats.count(missing)),
        alt=_(
            "Two line charts by day, {first} to {last}: order lines (median {lines} a day) and money (median {money}). "
            "{gaps} runs of days without a line are marked."
        ).format(
            first=formats.day(days["day"].min()),
            last=formats.day(days["day"].max()),
            lines=formats.count(int(days["lines"].median())),
            money=formats.money(float(days["revenue"].median()), run.params.currency),
            gaps=len(gaps),
        ),
        read=_("Grey: each day. Coloured: mean of 28 days. Amber: days without a line. Dotted: the end of the period."),
        limits=limits,
        source=_("Clean order lines before {day}, n = {n}.").format(
            day=formats.day(run.as_of), n=formats.count(int(days["lines"].sum()))
        ),
        size=(7.2, 4.4),
        panels=(2, 1),
    )


def sources_table(done: Preparation, run: Run) -> Shown:
    """Show what was delivered: files, lines and bytes of each source."""
    grouped = done.files.groupby(["table", "source"], sort=False)
    rows = grouped.agg(
        files=("name", "size"),
        lines=("lines", "sum"),
        broken=("broken", "sum"),
        megabytes=("size", lambda size: round(size.sum() / 1e6, 2)),
        encoding=("encoding", lambda names: ", ".join(sorted({name for name in names if name})) or "–"),
    ).reset_index()
    rows = _rounded_people(rows, ["lines", "broken"], run)
    return table(
        disclose(
            rows,
            labels=["table", "source", "encoding"],
            exact=["files", "lines", "broken", "megabytes"],
            rules=run.rules,
        ),
        _("What was delivered"),
        {
            "source": Shows(_("Source")),
            "table": Shows(_("Table")),
            "files": Shows(_("Files"), "count"),
            "lines": Shows(_("Lines"), "count", missing=_("few")),
            "broken": Shows(_("Broken lines"), "count", missing=_("few")),
            "megabytes": Shows(_("Megabytes"), "number"),
            "encoding": Shows(_("Text")),
        },
        note=_("The hash of every file stands in the manifest of the report."),
    )


def reconciliation_table(done: Preparation, run: Run) -> Shown:
    """Show and record that no line is lost: lines in = clean + quarantined + merged."""
    columns = ["lines_in", "clean", "quarantined", "merged", "after_as_of"]
    _record_lines(done, run)
    rows = _rounded_people(done.reconciliation[["table", "source", *columns]], columns, run)
    rows = rows.assign(name=rows["table"] + ": " + rows["source"])
    return table(
        disclose(rows.drop(columns=["table", "source"]), labels=["name"], exact=columns, rules=run.rules),
        _("Lines in = clean + quarantined + merged"),
        {
            "name": Shows(_("Table and source")),
            "lines_in": Shows(_("Lines in"), "count", missing=_("few")),
            "clean": Shows(_("Clean"), "count", missing=_("few")),
            "quarantined": Shows(_("Quarantined"), "count", missing=_("few")),
            "merged": Shows(_("Merged"), "count", missing=_("few")),
            "after_as_of": Shows(_("Clean, after the period"), "count", missing=_("few")),
        },
        note=_(
            "Checked in the run, which stops where a line is unaccounted for. Chapters see nothing after the period. "
            "Lines of customers are rounded."
        ),
    )


def _record_lines(done: Preparation, run: Run) -> None:
    """Record the account of the order lines for `results.json`."""
    sales = done.reconciliation[done.reconciliation["table"] == "transactions"]
    meanings = {
        "lines_in": _("order lines delivered, all dates"),
        "lines_clean": _("of them clean"),
        "lines_quarantined": _("of them set aside with a reason"),
        "lines_merged": _("of them merged into a line delivered before"),
        "lines_after_as_of": _("clean lines after the end of the period, which no chapter sees"),
    }
    for name, meaning in meanings.items():
        column = name if name == "lines_in" else name.removeprefix("lines_")
        run.record("01_data_prep", name, int(sales[column].sum()), unit="count", definition=meaning)


def money_table(done: Preparation, run: Run) -> Shown:
    """Show that no money is lost, by source of the order lines."""
    columns = ["money_in", "money_clean", "money_quarantined", "money_merged", "money_after_as_of"]
    rows = done.reconciliation[done.reconciliation["table"] == "transactions"]
    frame = rows[["source", *columns, "money_unknown"]].astype(dict.fromkeys(columns, float))
    return table(
        disclose(frame, labels=["source"], exact=[*columns, "money_unknown"], rules=run.rules),
        _("Money in = clean + quarantined + merged"),
        {
            "source": Shows(_("Source")),
            "money_in": Shows(_("Money in"), "money", decimals=2),
            "money_clean": Shows(_("Clean"), "money", decimals=2),
            "money_quarantined": Shows(_("Quarantined"), "money", decimals=2),
            "money_merged": Shows(_("Merged"), "money", decimals=2),
            "money_after_as_of": Shows(_("Clean, after the period"), "money", decimals=2),
            "money_unknown": Shows(_("Lines of unknown money"), "count"),
        },
        currency=run.params.currency,
        note=_("Exact to four decimals; returns count as negative money."),
    )


def rules_table(done: Preparation, run: Run) -> Shown:
    """Show every rule that lines broke, what happened to them, and how many they are."""
    if done.rules.empty:
        return note(_("No line broke a rule and none was merged."))
    fate = {
        "warn": _("kept and counted"), "quarantine": _("set aside"), "stop": _("stops the run"), "merge": _("merged"),
    }  # fmt: skip
    rows = done.rules.assign(fate=done.rules["severity"].map(fate))[["table", "meaning", "fate", "lines"]]
    rows = _rounded_people(rows, ["lines"], run).sort_values("lines", ascending=False, kind="stable", ignore_index=True)
    return table(
        disclose(rows, labels=["table", "meaning", "fate"], exact=["lines"], rules=run.rules),
        _("Rules that lines broke"),
        {
            "meaning": Shows(_("What was found")),
            "table": Shows(_("Table")),
            "fate": Shows(_("What happened")),
            "lines": Shows(_("Lines"), "count", missing=_("few")),
        },
        note=_("A line may break several rules. Quarantine keeps each with its file, line number and every reason."),
    )


def completeness_figure(run: Run) -> Shown:
    """Show for each column of the order lines how many have a value."""
    frame = completeness(run, "transactions")
    frame = frame[(frame["filled"] > 0) & ~frame["column"].isin(["source", "file", "line", "line_id"])]
    frame = frame.assign(label=frame["column"].str.replace("_", " ")).sort_values(
        "share", ascending=False, kind="stable"
    )
    shown = frame[["label", "share"]].reset_index(drop=True)
    least = shown.iloc[-1]
    return figure(
        figures.completeness,
        disclose(shown, labels=["label"], exact=["share"], rules=run.rules),
        title=_("The emptiest column that was delivered is {name}, with a value on {share} of the lines").format(
            name=least["label"], share=formats.share(least["share"])
        ),
        alt=_("Bars: share of order lines with a value. {list}.").format(
            list=", ".join(f"{row.label} {formats.share(row.share)}" for row in shown.itertuples())
        ),
        read=_("A full bar: every line has a value. Columns that no source delivers are left out."),
        limits=_("A value may be filled in and still be wrong."),
        source=_("All clean order lines, n = {n}.").format(n=formats.count(int(frame["rows"].max()))),
        size=(7.2, 0.32 * len(shown) + 0.8),
    )


def identity_note(done: Preparation, run: Run) -> Shown:
    """Say how many customer numbers became how many customers, and by which key."""
    kinds = {
        "member_id": _("a card number"), "email": _("an e-mail address"),
        "phone": _("a phone number"), "platform_id": _("a platform number"),
    }  # fmt: skip
    sentences = [
        _("{accounts} customer numbers of all channels are {persons} customers.").format(
            accounts=_people(done.accounts, run), persons=_people(done.persons, run)
        )
    ]
    if len(done.links):
        links = ", ".join(f"{kinds[r.key]} {_people(r.links, run)}" for r in done.links.itertuples())
        sentences.append(_("Links between numbers by what they share: {links}.").format(links=links))
    if len(done.shared_keys):
        keys = int(done.shared_keys["keys"].sum())
        sentences.append(
            plural(
                "{n} key is shared by more than {most} numbers and joins nobody.",
                "{n} keys are shared by more than {most} numbers each and join nobody.",
                keys,
            ).format(n=keys, most=run.params.cleaning.identity.shared_by_at_most)
        )
    if done.conflicts:
        sentences.append(_("Numbers that share a key but not their date of birth were kept apart."))
    sentences.append(_key_sentence(done))
    return note(*sentences)


def _people(n: int, run: Run) -> str:
    """Write a number of people as the gate allows."""
    return (
        formats.count(run.rules.rounded(float(n)))
        if n >= run.rules.threshold
        else _("fewer than {n}").format(n=run.rules.threshold)
    )


def _key_sentence(done: Preparation) -> str:
    if done.key_published:
        return _(
            "Pseudonyms are made with the published demo key: right for simulated or public data, not for a shop's."
        )
    return _("Pseudonyms are made with the key {id}; names, phone numbers and addresses stay behind.").format(
        id=done.key_id
    )


def tables_table(run: Run) -> Shown:
    """Show the clean tables that later chapters read."""
    clean = {name: run.table(name) for name in run.params.sources.given}
    frame = pd.DataFrame(
        {
            "table": list(clean),
            "rows": [int(rows.count().to_pandas()) for rows in clean.values()],
            "columns": [len(rows.columns) for rows in clean.values()],
        }
    )
    return table(
        disclose(_rounded_people(frame, ["rows"], run), labels=["table"], exact=["rows", "columns"], rules=run.rules),
        _("Clean tables written"),
        {
            "table": Shows(_("Table")),
            "rows": Shows(_("Rows"), "count", missing=_("few")),
            "columns": Shows(_("Columns"), "count"),
        },
        note=_("Rows of customers are rounded.") if "customers" in clean else "",
    )
