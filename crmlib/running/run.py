"""``crm run``: from a parameters file to published reports, or to three lines that say why not."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
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
    asked_params = [load_checked(request) for request in requests]
    first, params = requests[0], asked_params[0]
    refuse_open_questions(params, first.params_file)
    places = [Places.of(each, request.out) for request, each in zip(requests, asked_params, strict=True)]
    with (
        private_writing(),
        held(places[0]),
        opened(params, places[0]),
        everything_logged(),
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="render") as renderer,
        _schedule(first, params) as schedule,
    ):
        mend(places[0].reports)
        later = [*(each.period for each in places[1:]), None]
        periods = [_Period(*each) for each in zip(requests, asked_params, places, later, strict=True)]
        return _finished(periods, Press(printer, renderer), watchers, schedule)


@dataclass(frozen=True, slots=True)
class _Period:
    """One of the periods that are asked for, where it stands, and which one comes next."""

    request: Request
    params: Parameters
    places: Places
    following: str | None

    def make(self, press: Press, watchers: Sequence[Watcher]) -> Steps[Path]:
        """Look at the inputs of the report and make it."""
        request, places = self.request, self.places
        told = [watcher.of_period(places.period) for watcher in watchers]
        record = _begin(request, self.params, places.period)
        return (yield from Making(request, record, places, press, told, self.following).make())

    def noticed(self) -> AbstractContextManager[None]:
        """Tell whom the parameters name how the report ended; nobody of a notebook alone."""
        return noticed(self.params, self.places) if self.request.only is None else nullcontext()


def _finished(periods: Sequence[_Period], press: Press, watchers: Sequence[Watcher], schedule: Schedule) -> list[Path]:
    """Finish report after report; at the first that fails the next one is given up."""
    reports = [Report(partial(period.make, press, watchers)) for period in periods]
    pages = []
    try:
        for period, report, following in zip(periods, reports, [*reports[1:], None], strict=True):
            with period.noticed():
                pages.append(report.finish(schedule, following))
    finally:
        schedule.end()
        for report in reports:
            report.give_up()
    return pages


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
