"""The proposal as a parameters file: YAML with its evidence in comments, safe whatever the data hold."""

from collections import Counter
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
from crmlib.prep.proposal.scalars import comment, flow, listed, named, percent, scalar
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
    lines = [
        *_opening(proposal, home), *question_lines(proposal, home.folder, _names(proposal, "transactions")),
        *_files(proposal, home),
        *_sources(proposal, home), *_cleaning(proposal),
    ]  # fmt: skip
    return "\n".join(aligned(each) for each in [*lines, *_ending(proposal)]) + "\n"


def aligned(line: str | tuple[str, str]) -> str:
    """Put a remark behind a value, in one column as far as values are short."""
    if isinstance(line, str):
        return line
    text, remark = line
    wide = len(text) + sum(east_asian_width(letter) in "WF" for letter in text)
    return f"{text}{' ' * max(_COLUMN - wide, 2)}{comment(remark)}"


def _opening(proposal: Proposal, home: Home) -> Iterator[str | tuple[str, str]]:
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


def _money_and_time(proposal: Proposal) -> Iterator[str | tuple[str, str]]:
    if proposal.currency is None:
        yield "currency: EUR", _("could not tell: no amount has a sign; put the right one")
        yield comment(_("timezone: could not tell; times are taken as the shop's own"))
        return
    yield f"currency: {proposal.currency.value}", _("guess: {why}").format(why=proposal.currency.why)
    zone = _ZONES.get(proposal.currency.value)
    if zone is not None:
        yield f"timezone: {zone}", _("guess: by the currency")


def _files(proposal: Proposal, home: Home) -> Iterator[str | tuple[str, str]]:
    joined, returned = proposal.joined, proposal.returned
    files = {"lines": joined.lines, "orders": joined.orders} if joined is not None else {}
    files |= {"returns": returned.sample} if returned is not None else {}
    if not files:
        return
    yield "files:"
    for name, sample in files.items():
        yield f"  {name}:"
        yield from (
            (f"    {each}" if isinstance(each, str) else (f"    {each[0]}", each[1]))
            for each in file_lines(sample, home.folder)
        )
    yield ""


def _sources(proposal: Proposal, home: Home) -> Iterator[str | tuple[str, str]]:
    yield "sources:" if proposal.joined or any(each.choice for each in proposal.found) else "sources: {}"
    if not proposal.of("transactions") and proposal.joined is None:
        yield f"  {comment(_('transactions: could not tell: no file has order lines (when, and how much)'))}"
    for table in TABLES:
        found = proposal.of(table)
        if table == "transactions" and proposal.joined is not None:
            yield from _joined(proposal)
        elif found:
            yield f"  {table}:"
            for each, name in zip(found, _names(proposal, table), strict=True):
                yield from _item(delivery_lines(each, name, home.folder, alone=_alone(proposal)))
    yield ""


def _alone(proposal: Proposal) -> bool:
    """Say whether customer numbers come from one source only, so that no other register can be meant."""
    who = [each for each in proposal.found if each.choice is not None and "customer_id" in each.choice.matches]
    return len({each.choice.matches["customer_id"].raw for each in who if each.choice is not None}) < 2


def _item(lines: Iterator[str | tuple[str, str]]) -> Iterator[str | tuple[str, str]]:
    """Indent a source as an item of the table's list."""
    for place, line in enumerate(lines):
        start = "    - " if place == 0 else "      "
        yield f"{start}{line}" if isinstance(line, str) else (f"{start}{line[0]}", line[1])


def _joined(proposal: Proposal) -> Iterator[str | tuple[str, str]]:
    joined = proposal.joined
    if joined is None:
        return
    yield "  transactions:"
    yield f"    query: {scalar(joined.query)}"
    share = percent(joined.found)
    why = _("guess: the time stands in another file than the money; {share} of the lines sampled find their order")
    yield f"    {comment(why.format(share=share))}"
    yield "    columns:"
    both = {each.name: each for each in (*joined.orders.columns, *joined.lines.columns)}
    for name, match in joined.choice.matches.items():
        yield f"      {name}: {scalar(match.raw)}", column_remark("transactions", match, both[match.raw])
    yield from (f"    {each}" for each in who_remark(joined.orders, joined.choice.matches))


def _names(proposal: Proposal, table: str) -> list[str]:
    return _unique([_source_name(each) for each in proposal.of(table)])


def _source_name(found: Found) -> str:
    group = found.sample.group
    name = group.first.path.parent.name if len(group.layouts) > 1 else group.first.path.name.split(".")[0]
    return name or (found.choice.table if found.choice else "source")


def _unique(names: Sequence[str]) -> list[str]:
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name] += 1
        result.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return result


def _cleaning(proposal: Proposal) -> Iterator[str | tuple[str, str]]:
    codes = [code for code in proposal.codes if not find_personal_data(code)]
    odd = [code for code in proposal.odd_codes if not find_personal_data(code)][:12]
    if not codes and proposal.prefix is None and not proposal.late and proposal.returned is None:
        return
    yield "cleaning:"
    if proposal.late and proposal.last is not None:
        why = _("guess: single days stand long after {last}, the last day of the others").format(last=proposal.last)
        yield f"  latest: {(proposal.last + timedelta(days=1)).isoformat()}", why
    returns: dict[str, Any] = {"order_id_prefix": proposal.prefix.value} if proposal.prefix is not None else {}
    reasons = [proposal.prefix.why] if proposal.prefix is not None else []
    if proposal.returned is not None:
        listed_orders = {"file": "returns", "column": proposal.returned.column}
        returns["orders"] = listed_orders | (
            {"where": dict(proposal.returned.where)} if proposal.returned.where else {}
        )
        reasons.append(proposal.returned.why)
    if returns:
        yield f"  returns: {flow(returns)}", _("guess: {why}").format(why="; ".join(reasons))
    if codes:
        yield f"  non_products: {listed(codes)}", _("guess: article numbers without a digit; others have some")
    if odd:
        yield f"  {comment(_('could not tell whether these are articles: {codes}').format(codes=', '.join(odd)))}"
    yield ""


def _ending(proposal: Proposal) -> Iterator[str]:
    """Say which files no table is proposed for, and why; and where the key of the pseudonyms comes from."""
    for reason in proposal.unreadable:
        yield comment(_("left out: {reason}").format(reason=reason))
    for each in proposal.left_out:
        yield comment(_("left out: {file}: {why}").format(file=_file(each), why=_why(each)))
    yield comment(_("privacy: `crm run` reads the key of the pseudonyms from the environment variable CRM_KEY"))


def _file(found: Found) -> str:
    first = found.sample.group.first
    return (
        first.path.name
        if first.sheet is None
        else _("{file}, sheet {sheet}").format(file=first.path.name, sheet=first.sheet)
    )


def _why(found: Found) -> str:
    if found.sample.group.first.hidden:
        return _("the workbook hides this sheet, and shows another of the same kind")
    nearest = max(found.ranked, key=lambda each: each.score)
    names = ", ".join(named(each.name) for each in found.sample.columns[:12])
    if nearest.lacking and nearest.score >= 1:
        lacking = ", ".join(nearest.lacking)
        return _("could not tell: like {table}, but without {lacking}; it has {names}").format(
            table=nearest.table, lacking=lacking, names=names
        )
    return _("could not tell which table it is; it has {names}").format(names=names)


Line = str | tuple[str, str]


def question_lines(proposal: Proposal, home: Path, names: Sequence[str]) -> Iterator[Line]:
    """Write every question of the order lines, which have these names; nothing where nothing is asked."""
    asked = [
        (place, each) for place, found in enumerate(proposal.of("transactions"))
        for each in (found.reading.asked if found.reading else ())
    ]  # fmt: skip
    if not asked:
        return
    yield comment(_("Questions that only you can answer: write the name of the right answer behind `answer:`."))
    yield "questions:"
    for place, each in asked:
        yield from _question(question_key(each.code, place), (place, names[place]), each, home)
    yield ""


def _question(name: str, source: tuple[int, str], asked: Asked, home: Path) -> Iterator[Line]:
    yield f"  {name}:"
    yield f"    asks: {scalar(asked.asks)}"
    yield f"    decides: {asked.decides}"
    yield f"    source: {scalar(source[1])}"
    names = " | ".join(option.name for option in asked.options)
    waits = _("`crm run` waits for it") if asked.decides in DECIDING else _("the report can be made without it")
    yield "    answer:", f"{names}   ({waits})"
    yield "    answers:"
    for option in asked.options:
        yield from _option(source[0], option, home)


def _option(place: int, option: Option, home: Path) -> Iterator[Line]:
    yield f"      {option.name}:"
    yield f"        means: {scalar(option.means)}"
    if option.gives:
        yield f"        gives: {scalar(option.gives)}"
    if option.sets:
        values = {
            key: [relative(path, home) for path in value] if key == "path" else value
            for key, value in option.sets.items()
        }
        sets = {f"sources.transactions.{place}.{key}": value for key, value in values.items()}
        yield f"        sets: {flow(sets)}"
