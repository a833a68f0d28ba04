"""``crm run``: from a parameters file to a published report, or to three lines that say why not."""

import logging
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from crmlib.chapters import Chapter, chapters_of
from crmlib.params import (
    ParameterError,
    Parameters,
    did_you_mean,
    load_parameters,
    require_order_lines,
    write_parameters,
)
from crmlib.params.places import located
from crmlib.params.questions import DECIDING, open_questions
from crmlib.running.execution import execute, secrets
from crmlib.running.fork_server import STACK, ForkServer
from crmlib.running.forking import FORKS
from crmlib.running.front_door import refresh_front_door
from crmlib.running.manifest import Record, sentences_of, warnings_of, write_results
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.pages import Pages, Printer, refuse_unfit
from crmlib.running.places import LANDED, WORK_FOLDERS, Places
from crmlib.running.publishing import building, mend, put_in_place
from crmlib.running.schedule import Watcher
from crmlib.running.writing import private_folder, write_json
from crmlib.words import _
from crmlib.workspace import PROJECT

_log = logging.getLogger("crmlib.running")


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
    """

    params_file: Path
    as_of: date | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    only: str | None = None
    out: Path | None = None
    notebooks: Path = PROJECT / "notebooks"
    chapters: Sequence[Chapter] = ()
    modules: Sequence[str] = STACK


def run(request: Request, printer: Printer, watchers: Sequence[Watcher] = ()) -> Path:
    """Run a report series for one period and publish it.

    Returns
    -------
    Path
        The report's ``index.html``; for ``only`` the executed notebook.

    Raises
    ------
    RunFailureError
        If nothing was published; the last good report then stands as it did.
    """
    params = load_checked(request)
    _refuse_open_questions(params, request.params_file)
    places = Places.of(params, request.out)
    with held(places), _fork_server(request, params) as server:
        mend(places.reports)
        record = _begin(request, params, places)
        _prepare(places, params, full=request.only is None)
        with _kept_log(places.run), _failures_noted(record, places):
            _log.info("run %s of %s %s", record.run_id, params.series, places.period)
            write_json(places.run / "manifest.json", record.as_manifest("running"))
            if request.only is not None:
                return _run_only(request, record, places, printer=printer, server=server, watchers=watchers)
            return _run_all(request, record, places, printer=printer, server=server, watchers=watchers)


@contextmanager
def _fork_server(request: Request, params: Parameters) -> Iterator[ForkServer | None]:
    """Let the libraries be imported while the inputs are looked at; no secret is in that process's environment."""
    if not FORKS:
        yield None
        return
    environment = {name: value for name, value in os.environ.items() if name not in secrets(params)}
    with ForkServer(request.modules, environment) as server:
        yield server


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
            _chapter(request.only, chapters_in(request, params))
    except ParameterError as error:
        raise RunFailureError(Outcome.BAD_PARAMETERS, *str(error).splitlines()) from error
    return params


def _refuse_open_questions(params: Parameters, file: Path) -> None:
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


def _begin(request: Request, params: Parameters, places: Places) -> Record:
    """Look at the inputs, their headers and the key; a file, column or key that is missing is a bad parameter."""
    from crmlib.prep import InputRejectedError
    from crmlib.prep.landing.headers import refuse_unknown_columns
    from crmlib.privacy.pseudonyms import load_key

    try:
        refuse_unknown_columns(params, request.params_file)
        if any(chapter.keyed for chapter in _asked(request, params)):
            load_key(params.privacy, params.root)
        return Record.begin(params, places, request.notebooks)
    except ParameterError as error:
        raise RunFailureError(Outcome.BAD_PARAMETERS, *located(str(error), request.params_file)) from error
    except InputRejectedError as error:
        raise RunFailureError(Outcome.INPUT_REJECTED, *str(error).splitlines()) from error


def _asked(request: Request, params: Parameters) -> Sequence[Chapter]:
    """Give the chapters that are to run."""
    chapters = chapters_in(request, params)
    return chapters if request.only is None else [_chapter(request.only, chapters)]


def _chapter(stem: str, chapters: Sequence[Chapter]) -> Chapter:
    """Find a chapter by its stem, its number or its name."""
    for chapter in chapters:
        number, _, name = chapter.stem.partition("_")
        if stem.removesuffix(".ipynb") in {chapter.stem, number, name}:
            return chapter
    raise ParameterError(f"--only {stem}: no such notebook. {did_you_mean(stem, [each.stem for each in chapters])}")


@contextmanager
def held(places: Places) -> Iterator[None]:
    """Hold the series for this run alone.

    Raises
    ------
    RunFailureError
        With ``HELD`` if another run has it.
    """
    from filelock import FileLock, Timeout

    private_folder(places.work)
    lock = FileLock(places.lock)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise RunFailureError(
            Outcome.HELD, f"another run holds the series {places.work.name}; try again when it has ended"
        ) from None
    try:
        yield
    finally:
        lock.release()


def _prepare(places: Places, params: Parameters, *, full: bool) -> None:
    """Make the run's folder, empty what a full run writes anew, and write the parameters that every notebook reads."""
    private_folder(places.work.parent)
    private_folder(places.run)
    for name in WORK_FOLDERS if full else ():
        shutil.rmtree(places.run / name, ignore_errors=True)
    private_folder(places.run / "notebooks")
    write_parameters(params, places.run / "parameters.json")


@contextmanager
def _kept_log(folder: Path) -> Iterator[None]:
    """Keep what the run logs, times included, in its private folder."""
    handler = logging.FileHandler(folder / "log.txt", mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("crmlib")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
        handler.close()


@contextmanager
def _failures_noted(record: Record, places: Places) -> Iterator[None]:
    """Keep a failed run's record in its private folder, nothing of what was landed; an interruption is a failure."""
    try:
        yield
    except RunFailureError as failure:
        _note(record, places, failure)
        raise
    except KeyboardInterrupt:
        interrupted = RunFailureError(Outcome.STOPPED, "interrupted; nothing was published")
        _note(record, places, interrupted)
        raise interrupted from None
    finally:
        shutil.rmtree(places.run / LANDED, ignore_errors=True)  # a preparation that was killed could not


def _note(record: Record, places: Places, failure: RunFailureError) -> None:
    _log.error("failed: %s", "; ".join(failure.lines))
    manifest = record.as_manifest("failed", exit_code=int(failure.outcome), failure=list(failure.lines))
    write_json(places.run / "manifest.json", manifest)


def _run_only(
    request: Request,
    record: Record,
    places: Places,
    *,
    printer: Printer,
    server: ForkServer | None,
    watchers: Sequence[Watcher],
) -> Path:
    """Run one notebook on the tables that are there, and say what a full run would refuse of its page."""
    chapter = _chapter(str(request.only), chapters_in(request, record.params))
    done = execute([chapter], record.params, places, notebooks=request.notebooks, server=server, watchers=watchers)
    refuse_unfit(chapter.stem, printer, lambda: printer.page(done[0].job.executed, chapter, record.edition))
    return done[0].job.executed


def _run_all(
    request: Request,
    record: Record,
    places: Places,
    *,
    printer: Printer,
    server: ForkServer | None,
    watchers: Sequence[Watcher],
) -> Path:
    """Run all notebooks, render beside them, publish."""
    chapters = chapters_in(request, record.params)
    refresh_front_door(places.reports, printer)
    with Pages(chapters, printer, record.edition) as pages:
        execute(
            chapters,
            record.params,
            places,
            notebooks=request.notebooks,
            server=server,
            watchers=[*watchers, pages],
        )
        with building(places.reports, places.period) as folder:
            pages.write(folder)
            write_results(places.run, folder)
            executed = [places.run / "notebooks" / f"{chapter.stem}.ipynb" for chapter in chapters]
            left_out = [_("notebooks/{stem}.ipynb is no chapter of this report").format(stem=stem)
                        for stem in unregistered(request, record.params)]  # fmt: skip
            manifest = record.as_manifest(
                "published",
                warnings=warnings_of(record.params, executed, places.run) + left_out,
                sentences=sentences_of(executed[-1]),
            )
            write_json(folder / "manifest.json", manifest)
            put_in_place(folder, places.published)
    refresh_front_door(places.reports, printer)
    write_json(places.run / "manifest.json", manifest)
    _log.info("published %s", places.published)
    return places.published / "index.html"
