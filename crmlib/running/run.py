"""``crm run``: from a parameters file to published reports, or to three lines that say why not."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

from crmlib.params import ParameterError, Parameters
from crmlib.params.reading import located
from crmlib.running.at_rest import opened
from crmlib.running.execution import secrets
from crmlib.running.fork_server import ForkServer
from crmlib.running.forking import FORKS
from crmlib.running.holding import everything_logged, held
from crmlib.running.making import Making
from crmlib.running.manifest import Record
from crmlib.running.notices import noticed
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.pages import Press, Printer
from crmlib.running.places import Places
from crmlib.running.publishing import mend
from crmlib.running.request import Request, asked, load_checked, refuse_open_questions
from crmlib.running.schedule import Schedule, Settings
from crmlib.running.turns import Report, Steps
from crmlib.running.watching import Watcher
from crmlib.running.writing import private_writing


def run(request: Request, printer: Printer, watchers: Sequence[Watcher] = ()) -> Path:
    """Run a report series for one period and publish it, unless it is published already and would be the same.

    Returns
    -------
    Path
        The report's ``index.html``; for ``only`` the executed notebook.

    Raises
    ------
    RunFailureError
        If nothing was published; the last good report then stands as it did.
    """
    return run_periods([request], printer, watchers)[0]


def run_periods(requests: Sequence[Request], printer: Printer, watchers: Sequence[Watcher] = ()) -> list[Path]:
    """Run one series for several periods, the oldest first; see :func:`run`.

    Raises
    ------
    RunFailureError
        At the first period that fails; those before it are published.
    """
    checked = [(request, load_checked(request)) for request in requests]
    first, params = checked[0]
    refuse_open_questions(params, first.params_file)
    places = Places.of(params, first.out)
    with (
        private_writing(),
        held(places),
        opened(params, places),
        everything_logged(),
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="render") as renderer,
        _schedule(first, params) as schedule,
    ):
        mend(places.reports)
        press = Press(printer, renderer)
        periods = [Places.of(params, request.out).period for request, params in checked]
        reports = [
            Report(partial(_make, *each, press, watchers, following))
            for each, following in zip(checked, [*periods[1:], None], strict=True)
        ]
        try:
            return list(_in_order(reports, checked, schedule))
        finally:
            schedule.end()
            for report in reports:
                report.give_up()


def _in_order(
    reports: Sequence[Report], checked: Sequence[tuple[Request, Parameters]], schedule: Schedule
) -> Iterator[Path]:
    """Finish report after report, and tell how each ended."""
    for report, following, (request, params) in zip(reports, [*reports[1:], None], checked, strict=True):
        with noticed(params, Places.of(params, request.out)) if request.only is None else nullcontext():
            page = report.finish(schedule, following)
        yield page


def _make(
    request: Request, params: Parameters, press: Press, watchers: Sequence[Watcher], following: str | None
) -> Steps[Path]:
    """Look at the inputs of a report and make it."""
    places = Places.of(params, request.out)
    told = [watcher.of_period(places.period) for watcher in watchers]
    record = _begin(request, params, places.period)
    return (yield from Making(request, record, places, press, told, following).make())


@contextmanager
def _schedule(request: Request, params: Parameters) -> Iterator[Schedule]:
    """Let the libraries be imported while the inputs are looked at; no secret is in that process's environment."""
    with tempfile.TemporaryDirectory(prefix="crm-") as sockets:
        settings = Settings(params.running.parallel, Path(sockets))
        if not FORKS:
            yield Schedule(settings)
            return
        environment = {name: value for name, value in os.environ.items() if name not in secrets(params)}
        with ForkServer(request.modules, environment) as server:
            yield Schedule(replace(settings, server=server))


def _begin(request: Request, params: Parameters, period: str) -> Record:
    """Look at the inputs, their headers and the key; a file, column or key that is missing is a bad parameter."""
    from crmlib.prep import InputRejectedError
    from crmlib.prep.landing.headers import refuse_unknown_columns
    from crmlib.prep.landing.queries import refuse_reading_queries
    from crmlib.privacy.pseudonyms import load_key

    try:
        refuse_reading_queries(params)
        refuse_unknown_columns(params, request.params_file)
        if any(chapter.keyed for chapter in asked(request, params)):
            load_key(params.privacy, params.root)
        return Record.begin(params, period, request.notebooks)
    except ParameterError as error:
        raise RunFailureError(Outcome.BAD_PARAMETERS, *located(str(error), request.params_file)) from error
    except InputRejectedError as error:
        raise RunFailureError(Outcome.INPUT_REJECTED, *str(error).splitlines()) from error
