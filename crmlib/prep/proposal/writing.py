"""The proposal as a parameters file: YAML with its evidence in comments, safe whatever the data hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from crmlib.params.questions import DECIDING
from crmlib.prep.arguing.doubts import question_key
from crmlib.prep.proposal.choosing import Found
from crmlib.prep.proposal.delivery import delivery_lines, file_lines, who_remark
from crmlib.prep.proposal.evidence_words import column_remark
from crmlib.prep.proposal.groups import relative
from crmlib.prep.proposal.proposing import Proposal
from crmlib.prep.proposal.readings import Asked, Option
from crmlib.prep.proposal.scalars import Line, comment, flow, indented, listed, named, percent, scalar
from crmlib.privacy.detector import find_personal_data
from crmlib.tables import TABLES
from crmlib.words import _

_COLUMN = 44
_ZONES = {"CNY": "Asia/Shanghai", "GBP": "Europe/London", "BRL": "America/Sao_Paulo", "JPY": "Asia/Tokyo"}


@dataclass(frozen=True, slots=True)
class Home:
    """Where the parameters file will stand and what its series is called."""

    file: Path
    series: str

    @property
    def title(self) -> str:
        """The series as the title of its report."""
        return _("{series}, customer report").format(series=self.series.replace("-", " ").capitalize())

    @property
    def folder(self) -> Path:
        """The folder that paths are relative to."""
        return self.file.parent


def write_proposal(proposal: Proposal, home: Home) -> str:
    """Write a proposal as the text of a parameters file."""
    lines = (
        *_opening(proposal, home), *_questions(proposal, home.folder, _names(proposal, "transactions")),
        *_files(proposal, home), *_sources(proposal, home), *_cleaning(proposal), *_ending(proposal),
    )  # fmt: skip
    return "\n".join(map(aligned, lines)) + "\n"


def aligned(line: Line) -> str:
    """Put a remark behind a value, in one column as far as values are short."""
    if isinstance(line, str):
        return line
    text, remark = line
    wide = len(text) + sum(east_asian_width(letter) in "WF" for letter in text)
    return f"{text}{' ' * max(_COLUMN - wide, 2)}{comment(remark)}"


def _opening(proposal: Proposal, home: Home) -> Iterator[Line]:
    if (home.folder / "schema.json").exists():
        yield "# yaml-language-server: $schema=schema.json"
    yield comment(
        _("Proposed by `crm init`. Look at every guess, answer what it could not tell, then run `crm check`.")
    )
    yield f"series: {scalar(home.series)}"
    yield f"title: {scalar(home.title)}"
    if proposal.as_of is None or proposal.last is None:
        yield comment(_("as_of: could not tell: no order lines. Give it here, or --month to `crm run`"))
    else:
        why = _("guess: the day after the last whole month; the last day seen is {last}").format(last=proposal.last)
        yield f"as_of: {proposal.as_of.isoformat()}", why
    yield from _money_and_time(proposal)
    yield ""


def _money_and_time(proposal: Proposal) -> Iterator[Line]:
    if proposal.currency is None:
        yield "currency: EUR", _("could not tell: no amount has a sign; put the right one")
        yield comment(_("timezone: could not tell; times are taken as the shop's own"))
        return
    yield f"currency: {proposal.currency.value}", _("guess: {why}").format(why=proposal.currency.why)
    zone = _ZONES.get(proposal.currency.value)
    if zone is not None:
        yield f"timezone: {zone}", _("guess: by the currency")


def _files(proposal: Proposal, home: Home) -> Iterator[Line]:
    joined, returned = proposal.joined, proposal.returned
    files = {"lines": joined.lines, "orders": joined.orders} if joined is not None else {}
    files |= {"returns": returned.sample} if returned is not None else {}
    if not files:
        return
    yield "files:"
    for name, sample in files.items():
        yield f"  {name}:"
        yield from (indented(line, "    ") for line in file_lines(sample, home.folder))
    yield ""


def _sources(proposal: Proposal, home: Home) -> Iterator[Line]:
    yield "sources:" if proposal.joined or any(delivery.choice for delivery in proposal.found) else "sources: {}"
    if not proposal.of("transactions") and proposal.joined is None:
        yield f"  {comment(_('transactions: could not tell: no file has order lines (when, and how much)'))}"
    for table in TABLES:
        found = proposal.of(table)
        if table == "transactions" and proposal.joined is not None:
            yield from _joined(proposal)
        elif found:
            yield f"  {table}:"
            for delivery, name in zip(found, _names(proposal, table), strict=True):
                lines = delivery_lines(delivery, name, home.folder, alone=_alone(proposal))
                yield from (indented(line, "      " if place else "    - ") for place, line in enumerate(lines))
    yield ""


def _alone(proposal: Proposal) -> bool:
    """Say whether customer numbers come from one source only, so that no other register can be meant."""
    matches = [delivery.choice.matches for delivery in proposal.found if delivery.choice is not None]
    return len({columns["customer_id"].raw for columns in matches if "customer_id" in columns}) < 2


def _joined(proposal: Proposal) -> Iterator[Line]:
    joined = proposal.joined
    if joined is None:
        return
    yield "  transactions:"
    yield f"    query: {scalar(joined.query)}"
    share = percent(joined.found)
    why = _("guess: the time stands in another file than the money; {share} of the lines sampled find their order")
    yield f"    {comment(why.format(share=share))}"
    yield "    columns:"
    both = {column.name: column for column in (*joined.orders.columns, *joined.lines.columns)}
    for name, match in joined.choice.matches.items():
        yield f"      {name}: {scalar(match.raw)}", column_remark("transactions", match, both[match.raw])
    yield from (f"    {line}" for line in who_remark(joined.orders, joined.choice.matches))


def _names(proposal: Proposal, table: str) -> list[str]:
    """Name a table's sources after their file or folder; a number tells those of one name apart."""
    names: list[str] = []
    for group in (delivery.sample.group for delivery in proposal.of(table)):
        path = group.first.path
        names.append((path.parent.name if len(group.layouts) > 1 else path.name.split(".")[0]) or table)
    seen = [names[:place].count(name) for place, name in enumerate(names, start=1)]
    return [name if n == 1 else f"{name} {n}" for name, n in zip(names, seen, strict=True)]


def _cleaning(proposal: Proposal) -> Iterator[Line]:
    codes = [code for code in proposal.codes if not find_personal_data(code)]
    odd = [code for code in proposal.odd_codes if not find_personal_data(code)][:12]
    if not codes and proposal.prefix is None and not proposal.late and proposal.returned is None:
        return
    yield "cleaning:"
    if proposal.late and proposal.last is not None:
        why = _("guess: single days stand long after {last}, the last day of the others").format(last=proposal.last)
        yield f"  latest: {(proposal.last + timedelta(days=1)).isoformat()}", why
    prefix, returned = proposal.prefix, proposal.returned
    returns: dict[str, Any] = {"order_id_prefix": prefix.value} if prefix else {}
    if returned:
        where = {"where": dict(returned.where)} if returned.where else {}
        returns["orders"] = {"file": "returns", "column": returned.column, **where}
    if returns:
        why = "; ".join(guess.why for guess in (prefix, returned) if guess)
        yield f"  returns: {flow(returns)}", _("guess: {why}").format(why=why)
    if codes:
        yield f"  non_products: {listed(codes)}", _("guess: article numbers without a digit; others have some")
    if odd:
        yield f"  {comment(_('could not tell whether these are articles: {codes}').format(codes=', '.join(odd)))}"
    yield ""


def _ending(proposal: Proposal) -> Iterator[str]:
    """Say which files no table is proposed for, and why; and where the key of the pseudonyms comes from."""
    for reason in proposal.unreadable:
        yield comment(_("left out: {reason}").format(reason=reason))
    for delivery in proposal.left_out:
        file, why = delivery.sample.group.first.title, _why(delivery)
        yield comment(_("left out: {file}: {why}").format(file=file, why=why))
    yield comment(_("privacy: `crm run` reads the key of the pseudonyms from the environment variable CRM_KEY"))


def _why(found: Found) -> str:
    if found.sample.group.first.hidden:
        return _("the workbook hides this sheet, and shows another of the same kind")
    nearest = max(found.ranked, key=lambda choice: choice.score)
    names = ", ".join(named(column.name) for column in found.sample.columns[:12])
    if nearest.lacking and nearest.score >= 1:
        lacking = ", ".join(nearest.lacking)
        why = _("could not tell: like {table}, but without {lacking}; it has {names}")
        return why.format(table=nearest.table, lacking=lacking, names=names)
    return _("could not tell which table it is; it has {names}").format(names=names)


def _questions(proposal: Proposal, home: Path, names: Sequence[str]) -> Iterator[Line]:
    """Write every question of the order lines, which have these names; nothing where nothing is asked."""
    readings = [delivery.reading for delivery in proposal.of("transactions")]
    if not any(reading and reading.asked for reading in readings):
        return
    yield comment(_("Questions that only you can answer: write the name of the right answer behind `answer:`."))
    yield "questions:"
    for place, (reading, source) in enumerate(zip(readings, names, strict=True)):
        for question in reading.asked if reading else ():
            yield from _question(question, place, source, home)
    yield ""


def _question(asked: Asked, place: int, source: str, home: Path) -> Iterator[Line]:
    yield f"  {question_key(asked.code, place)}:"
    yield f"    asks: {scalar(asked.asks)}"
    yield f"    decides: {asked.decides}"
    yield f"    source: {scalar(source)}"
    names = " | ".join(option.name for option in asked.options)
    waits = _("`crm run` waits for it") if asked.decides in DECIDING else _("the report can be made without it")
    yield "    answer:", f"{names}   ({waits})"
    yield "    answers:"
    for option in asked.options:
        yield from _option(place, option, home)


def _option(place: int, option: Option, home: Path) -> Iterator[Line]:
    yield f"      {option.name}:"
    yield f"        means: {scalar(option.means)}"
    if option.gives:
        yield f"        gives: {scalar(option.gives)}"
    if option.sets:
        sets = {
            f"sources.transactions.{place}.{key}": [relative(path, home) for path in value] if key == "path" else value
            for key, value in option.sets.items()
        }
        yield f"        sets: {flow(sets)}"
