"""``crm init``: the proposal written into a parameters file, and what a person should know of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crmlib.params import ParameterError, load_parameters
from crmlib.params.reading import read_file
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.writing import write_text
from crmlib.words import _, plural

if TYPE_CHECKING:
    from crmlib.prep.proposal import Proposal


def write_initial(files: Sequence[Path], out: Path | None = None, *, force: bool = False) -> list[str]:
    """Propose parameters for files and write them, or say why not.

    Parameters
    ----------
    files
        Files, folders or globs.
    out
        The parameters file; ``params/<series>.yaml`` below the present folder where not given.
    force
        Whether a file that is there may be written over.

    Raises
    ------
    RunFailureError
        With ``BAD_PARAMETERS`` if a file is not there or the parameters file is, with ``INPUT_REJECTED`` if none of
        the files can be read.
    """
    from crmlib.prep.errors import InputRejectedError
    from crmlib.prep.proposal import Home, propose, series_of, write_proposal

    series = series_of([out or Path(files[0])])
    target = out or Path("params") / f"{series}.yaml"
    if target.exists() and not force:
        raise RunFailureError(
            Outcome.BAD_PARAMETERS, f"{target}: is there already; give --out another name, or --force to write over it"
        )
    try:
        proposal = propose(files)
    except ParameterError as error:
        raise RunFailureError(Outcome.BAD_PARAMETERS, *str(error).splitlines()) from error
    except InputRejectedError as error:
        raise RunFailureError(Outcome.INPUT_REJECTED, *str(error).splitlines()) from error
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_text(target, write_proposal(proposal, Home(target, series)))
    except OSError as error:
        refused = _("{file}: cannot be written ({why}); give --out another place")
        raise RunFailureError(Outcome.BAD_PARAMETERS, refused.format(file=target, why=error.strerror)) from error
    return [*_summary(proposal), *_next(proposal, target)]


def _summary(proposal: "Proposal") -> Iterator[str]:
    """Say table by table which files it is proposed to come from."""
    from crmlib.tables import TABLES

    if proposal.joined is not None:
        orders, lines = (each.group.first.path.name for each in (proposal.joined.orders, proposal.joined.lines))
        yield _("transactions: {lines} joined with {orders} by a query").format(lines=lines, orders=orders)
    for table in TABLES:
        for each in proposal.of(table):
            group, choice = each.sample.group, each.choice
            files = plural("{n} file", "{n} files", len(group.layouts)).format(n=len(group.layouts))
            mapped = len(choice.matches) if choice else 0
            yield _("{table}: {first} ({files}), {mapped} of {all} columns").format(
                table=table, first=group.first.path.name, files=files, mapped=mapped, all=len(each.sample.columns)
            )
    for each in proposal.left_out:
        yield _("left out: {file}").format(file=each.sample.group.first.path.name)
    yield from (_("left out: {reason}").format(reason=reason) for reason in proposal.unreadable)


def _next(proposal: "Proposal", target: Path) -> Iterator[str]:
    """Say what is guessed, what is asked and what to do next; a proposal that cannot be read back would be a fault."""
    values, _places = read_file(target)
    lines = [line.strip().lstrip("# ") for line in target.read_text(encoding="utf-8").splitlines()]
    guesses = sum("# guess" in line or "# personal" in line for line in target.read_text(encoding="utf-8").splitlines())
    doubts = sum("could not tell" in line for line in lines) - 1
    yield ""
    yield _("{file}: written").format(file=target)
    yield _("sure of, with the evidence beside it: {guesses}; could not tell: {times}").format(
        guesses=plural("{n} line", "{n} lines", guesses).format(n=guesses),
        times=plural("{n} thing", "{n} things", max(doubts, 0)).format(n=max(doubts, 0)),
    )
    if not proposal.of("transactions") and proposal.joined is None:
        yield _("no order lines were found: crm check will do, crm run needs them")
    if not any(each.choice is not None for each in proposal.found) and proposal.joined is None:
        yield _("no table was recognised: give each file a table and its columns by hand")
        return
    load_parameters(target)
    asked = values.get("questions", {})
    if asked:
        yield plural("asks {n} question:", "asks {n} questions:", len(asked)).format(n=len(asked))
    for name, question in asked.items():
        yield f"  {name}: {question['asks']}"
        for answer, what in question["answers"].items():
            yield f"    {answer}: {what['means']}" + (f" → {what['gives']}" if "gives" in what else "")
    first = _("answer them in the file (`answer:`)") if asked else _("look at the guesses")
    yield _("next: {first}, then crm check {file}").format(first=first, file=target)
