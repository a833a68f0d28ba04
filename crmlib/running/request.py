"""What ``crm run`` was asked for, and whether that can be done at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from crmlib.chapters import Chapter, chapters_of
from crmlib.params import ParameterError, Parameters, did_you_mean, load_parameters, require_order_lines
from crmlib.params.questions import DECIDING, open_questions
from crmlib.running.fork_server import STACK
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.places import Places
from crmlib.words import _
from crmlib.workspace import PROJECT


@dataclass(frozen=True, slots=True)
class Request:
    """What ``crm run`` was asked for.

    Attributes
    ----------
    params_file
        The parameters of the series.
    as_of
        Exclusive end of what the report may see; the file's where not given.
    overrides
        Parameters by dotted key, over those of the file.
    only
        Stem of the one notebook to run; nothing is published then.
    out
        Parent of ``reports/`` and ``work/``; beside ``params/`` where not given.
    again
        Make a report anew that is published already and would be the same.
    resume
        Go on from the notebook at which an earlier run of the same inputs, parameters and code stopped.
    """

    params_file: Path
    as_of: date | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    only: str | None = None
    out: Path | None = None
    again: bool = False
    resume: bool = False
    notebooks: Path = PROJECT / "notebooks"
    chapters: Sequence[Chapter] = ()
    modules: Sequence[str] = STACK


def load_checked(request: Request) -> Parameters:
    """Read the parameters; what is wrong with them becomes an exit code.

    Raises
    ------
    RunFailureError
        With ``BAD_PARAMETERS``.
    """
    try:
        params = load_parameters(request.params_file, request.overrides, request.as_of)
        require_order_lines(params, request.params_file)
        Places.of(params, request.out)
        _refuse_missing_notebooks(params, request)
        if request.only is not None:
            find_chapter(request.only, chapters_in(request, params))
    except ParameterError as error:
        raise RunFailureError(Outcome.BAD_PARAMETERS, *str(error).splitlines()) from error
    return params


def refuse_open_questions(params: Parameters, file: Path) -> None:
    """Refuse to make a report on a guess: what decides money, returns, orders or customers must be answered."""
    still = [(name, each) for name, each in open_questions(params.questions) if each.decides in DECIDING]
    if still:
        told = [
            f"{file}: questions.{name}.answer is empty ({' | '.join(each.answers)}): {each.asks}"
            for name, each in still
        ]
        raise RunFailureError(
            Outcome.QUESTIONS_OPEN,
            *told,
            _("answer them in the file; `crm check` tells what each makes of the revenue"),
        )


def chapters_in(request: Request, params: Parameters) -> Sequence[Chapter]:
    """Give the chapters of the report, the shop's own among them."""
    return request.chapters or chapters_of(params.chapters)


def unregistered(request: Request, params: Parameters) -> list[str]:
    """Name the notebooks in the folder that are no chapter of this report: they would be left out in silence."""
    known = {each.stem for each in chapters_in(request, params)}
    return sorted(file.stem for file in request.notebooks.glob("[0-9][0-9]_*.ipynb") if file.stem not in known)


def _refuse_missing_notebooks(params: Parameters, request: Request) -> None:
    for stem in params.chapters:
        if not (request.notebooks / f"{stem}.ipynb").exists():
            near = did_you_mean(stem, unregistered(request, params))
            raise ParameterError(f"chapters: there is no notebook {stem}.ipynb in {request.notebooks.name}/. {near}")


def asked(request: Request, params: Parameters) -> Sequence[Chapter]:
    """Give the chapters that are to run."""
    chapters = chapters_in(request, params)
    return chapters if request.only is None else [find_chapter(request.only, chapters)]


def find_chapter(stem: str, chapters: Sequence[Chapter]) -> Chapter:
    """Find a chapter by its stem, its number or its name."""
    for chapter in chapters:
        number, _, name = chapter.stem.partition("_")
        if stem.removesuffix(".ipynb") in {chapter.stem, number, name}:
            return chapter
    raise ParameterError(f"--only {stem}: no such notebook. {did_you_mean(stem, [each.stem for each in chapters])}")
