"""``crm check``: land and judge the data in a folder of its own, say what would come in and what is wrong."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from crmlib.params import ParameterError, load_parameters
from crmlib.params.reading import located
from crmlib.running.holding import remove_checks
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.places import CHECK_PREFIX
from crmlib.running.writing import private_folder
from crmlib.words import _, formats, plural, speak

if TYPE_CHECKING:
    from crmlib.params import Parameters
    from crmlib.prep.checking import Check, SourceCheck
    from crmlib.prep.problems import Problem
    from crmlib.running.request import Request

MOST_PROBLEMS: Final = 10
_NAME_WIDTH: Final = 24
_WIDTHS: Final = (6, 11, 11, 11, 10, 10, 12, 12)


def check_input(request: "Request") -> list[str]:
    """Land and judge the input of a series as a run would, and describe it in lines of text.

    Parameters, files, mapping and contracts are those of a run; nobody is identified, no key is needed, and what was
    landed goes when it has ended.

    Raises
    ------
    RunFailureError
        With ``BAD_PARAMETERS`` or ``INPUT_REJECTED`` where a run would end so, and where no line of a source is clean;
        with ``QUESTIONS_OPEN`` where something is asked that nobody has answered.
    """
    from crmlib.prep.checking import check_sources
    from crmlib.prep.errors import InputRejectedError
    from crmlib.prep.landing.headers import refuse_unknown_columns

    try:
        params = load_parameters(request.params_file, request.overrides, request.as_of)
        speak(params.language)
        home = params.home if request.out is None else request.out.resolve()
        work = private_folder(home / "work" / params.series)
        refuse_unknown_columns(params, request.params_file)
        with _own_folder(work) as folder:
            check = check_sources(params, folder)
    except ParameterError as error:
        raise RunFailureError(Outcome.BAD_PARAMETERS, *located(str(error), request.params_file)) from error
    except InputRejectedError as error:
        raise RunFailureError(Outcome.INPUT_REJECTED, *str(error).splitlines()) from error
    except OSError as error:
        raise RunFailureError(Outcome.INPUT_REJECTED, _refused(error)) from error
    asked = [*_asked(params, request.params_file), *_doubted(check)]
    lines = [*describe(check, in_question=bool(asked)), *_missing_for_a_run(params, request.params_file)]
    _refuse_nothing_clean(check, lines)
    if asked:
        raise RunFailureError(Outcome.QUESTIONS_OPEN, *lines, "", *asked)
    return lines


def _refused(error: OSError) -> str:
    """Say what the system refused; an error without a file comes from writing what was read."""
    if error.filename is None:
        refused = _("what was read cannot be written below work/ ({why}); see whether the disk is full")
        return refused.format(why=os.strerror(error.errno) if error.errno else error)
    refused = _("{file}: cannot be read ({why}); look at its owner and mode")
    return refused.format(file=error.filename, why=error.strerror)


@contextmanager
def _own_folder(work: Path) -> Iterator[Path]:
    """Give a private folder for one check, locked as long as it lives, and remove what killed checks have left."""
    from filelock import FileLock

    remove_checks(work)
    with tempfile.TemporaryDirectory(prefix=CHECK_PREFIX, dir=work) as name, FileLock(Path(name) / "lock"):
        yield private_folder(Path(name) / "landed")


def describe(check: "Check", *, in_question: bool) -> Iterator[str]:
    """Say source by source what comes in, and then the first problems, the severest and most frequent first.

    Nothing is called right while something is asked, or the shop's books say otherwise.
    """
    from crmlib.prep.persons.consent import left_out_words

    yield _row("table", "source", "files", "lines in", "clean", "set aside", "merged", "customer", "from", "to")
    for source in check.sources:
        yield _source_row(source)
    yield ""
    yield from (
        _("{source}: has a header and no lines").format(source=each.source) for each in check.sources if not each.lines
    )
    yield from _asked_for(check)
    if check.left_out is not None:
        yield left_out_words(check.left_out)
    if check.problems or check.personal:
        yield "what is wrong with it:"
    elif in_question or check.books_differ or check.holes:
        yield "no line breaks a rule; what speaks against the figures stands below"
    else:
        yield "nothing is wrong with what came in"
    yield from (f"  {each}" for each in check.personal)
    for problem in check.problems[:MOST_PROBLEMS]:
        yield from _told(problem)
    if len(check.problems) > MOST_PROBLEMS:
        yield f"  and {len(check.problems) - MOST_PROBLEMS} more"
    for part in filter(None, (check.holes, check.control)):
        yield from ("", *part)


def _asked_for(check: "Check") -> Iterator[str]:
    """Say what the parameters themselves leave out, make of refunds, and name in vain."""
    for source in check.sources:
        left = plural(
            "{source}: `where` leaves {n} line out", "{source}: `where` leaves {n} lines out", source.left_out
        )
        made = plural(
            "{source}: {n} return is made of a refund", "{source}: {n} returns are made of refunds", source.made
        )
        counts = ((left, source.left_out), (made, source.made))
        yield from (words.format(source=source.source, n=formats.count(count)) for words, count in counts if count)
    yield from check.absent


def _row(table: str, source: str, *numbers: str) -> str:
    cells = "".join(f"{number:>{width}}" for number, width in zip(numbers, _WIDTHS, strict=True))
    wide = sum(east_asian_width(letter) in "WF" for letter in source)
    return f"{table:14}{source:{_NAME_WIDTH - wide}}{cells}"


def _source_row(source: "SourceCheck") -> str:
    name = source.source if len(source.source) < _NAME_WIDTH else f"{source.source[: _NAME_WIDTH - 2]}…"
    counts = (source.files, source.lines, source.clean, source.set_aside, source.merged)
    # one cell is one word, so that columns can be cut
    share = "-" if source.customers is None else formats.share(source.customers).replace(formats.NBSP, "")
    days = ("-" if day is None else day.strftime("%Y-%m-%d") for day in (source.first, source.last))
    return _row(source.table, name, *map(formats.count, counts), share, *days)


def _told(problem: "Problem") -> Iterator[str]:
    """Say a rule with its count and what would do, and where the first lines stand; the text only by its shape."""
    lines = formats.count(problem.lines)
    yield f"  {problem.table}: {lines} × {problem.meaning} ({problem.severity}): {problem.remedy}"
    for example in problem.examples:
        yield f"    {example.file}, line {example.line}: {example.shape}"


def _missing_for_a_run(params: "Parameters", file: Path) -> Iterator[str]:
    """Say what a report needs and a check does not."""
    if "transactions" not in params.sources.given:
        yield _("{file}: no order lines: `crm run` needs sources.transactions").format(file=file)
    if params.as_of is None:
        yield _("{file}: as_of is missing: give it in the file, or --month or --as-of to `crm run`").format(file=file)


def _asked(params: "Parameters", file: Path) -> Iterator[str]:
    """List the questions of the parameters that nobody has answered."""
    from crmlib.params.questions import open_questions

    still = list(open_questions(params.questions))
    if still:
        yield plural("{n} open question in {file}:", "{n} open questions in {file}:", len(still)).format(
            n=len(still), file=file
        )
    for name, question in still:
        yield f"  {name} ({question.decides}): {question.asks}"
        for answer, what in question.answers.items():
            yield f"    {answer}: {what.means}" + (f" → {what.gives}" if what.gives else "")


def _doubted(check: "Check") -> Iterator[str]:
    """Say what the data say against the mapping, and how a person stands by it."""
    if check.doubts:
        yield _("what the data say against the mapping:")
    for doubt in check.doubts:
        yield f"  {doubt.source}: {doubt.seen}: {doubt.remedy}"
        yield _("    or stand by it: questions: {{{key}: {{answer: {answer}}}}}").format(
            key=doubt.key, answer="as_mapped"
        )


def _refuse_nothing_clean(check: "Check", lines: list[str]) -> None:
    """Refuse a source none of whose lines could be used, and order lines that are not there."""
    refused = [
        _("{source}: no line of {table} is clean; correct its mapping").format(source=each.source, table=each.table)
        for each in check.sources
        if each.lines and each.set_aside + each.left_out == each.lines
    ]
    orders = [each for each in check.sources if each.table == "transactions"]
    if orders and not any(each.lines for each in orders):
        refused.append(_("there is no order line in any file; deliver them again"))
    if refused:
        raise RunFailureError(Outcome.INPUT_REJECTED, *lines, "", *refused)
