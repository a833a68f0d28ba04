"""``crm run``: from a parameters file to a published report, or to three lines that say why not."""

import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmlib.chapters import Chapter
from crmlib.params import ParameterError, Parameters, write_parameters
from crmlib.params.reading import located
from crmlib.running.at_rest import opened
from crmlib.running.disk import room
from crmlib.running.execution import execute, secrets
from crmlib.running.fork_server import ForkServer
from crmlib.running.forking import FORKS
from crmlib.running.front_door import refresh_front_door
from crmlib.running.holding import failures_noted, held, inputs_watched, kept_log, refuse_changed
from crmlib.running.journal import Journal
from crmlib.running.manifest import Record, is_up_to_date, models_of, sentences_of, warnings_of, write_results
from crmlib.running.notices import noticed
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.pages import Pages, Printer, refuse_unfit
from crmlib.running.places import WORK_FOLDERS, Places
from crmlib.running.publishing import building, mend, put_in_place, remove_old_stages
from crmlib.running.request import (
    Request,
    asked,
    chapters_in,
    find_chapter,
    load_checked,
    refuse_open_questions,
    unregistered,
)
from crmlib.running.schedule import Finished, Watcher
from crmlib.running.timetable import Timetable, lines_of
from crmlib.running.writing import private_folder, private_writing, write_json
from crmlib.words import _

_log = logging.getLogger("crmlib.running")


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
    refuse_open_questions(asked_params[0], requests[0].params_file)
    first = Places.of(asked_params[0], requests[0].out)
    for watcher in watchers:
        watcher.period(first.period)
    with (
        private_writing(),
        held(first),
        opened(asked_params[0], first),
        _fork_server(requests[0], asked_params[0]) as server,
    ):
        mend(first.reports)
        pages = []
        for request, params in zip(requests, asked_params, strict=True):
            places = Places.of(params, request.out)
            for watcher in watchers if request is not requests[0] else ():
                watcher.period(places.period)
            with noticed(params, places) if request.only is None else nullcontext():
                record = _begin(request, params, places)
                pages.append(_Making(request, record, places, printer, server, watchers).make())
        return pages


@contextmanager
def _fork_server(request: Request, params: Parameters) -> Iterator[ForkServer | None]:
    """Let the libraries be imported while the inputs are looked at; no secret is in that process's environment."""
    if not FORKS:
        yield None
        return
    environment = {name: value for name, value in os.environ.items() if name not in secrets(params)}
    with ForkServer(request.modules, environment) as server:
        yield server


def _begin(request: Request, params: Parameters, places: Places) -> Record:
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
        return Record.begin(params, places, request.notebooks)
    except ParameterError as error:
        raise RunFailureError(Outcome.BAD_PARAMETERS, *located(str(error), request.params_file)) from error
    except InputRejectedError as error:
        raise RunFailureError(Outcome.INPUT_REJECTED, *str(error).splitlines()) from error


@dataclass(frozen=True, slots=True)
class _Making:
    """One report in the making: what was asked, what it is made of, where it stands and who helps."""

    request: Request
    record: Record
    places: Places
    printer: Printer
    server: ForkServer | None
    watchers: Sequence[Watcher]

    def make(self) -> Path:
        """Make what was asked for, its record kept whatever happens."""
        request, record, places = self.request, self.record, self.places
        if request.only is None and not request.again and is_up_to_date(record, places):
            for watcher in self.watchers:
                watcher.up_to_date(places.period)
            return places.published / "index.html"
        journal = self._prepare()
        only = "" if request.only is None else f"_{find_chapter(request.only, self._chapters).stem}"
        kept_record = places.run / f"manifest{only}.json"  # one notebook leaves the record of the whole run alone
        with kept_log(places.run), failures_noted(record, kept_record), inputs_watched(record):
            _log.info("run %s of %s %s", record.run_id, record.params.series, places.period)
            write_json(kept_record, record.as_manifest("running"))
            timetable = Timetable.of_last_run(places.work, lines_of(record.inputs))
            for watcher in self.watchers:
                watcher.begun(timetable if request.only is None else None)
            page = self._publish(journal) if request.only is None else self._one()
            if request.only is not None:
                write_json(kept_record, record.as_manifest("done"))
        return page

    @property
    def _chapters(self) -> Sequence[Chapter]:
        return chapters_in(self.request, self.record.params)

    def _prepare(self) -> Journal:
        """Make the run's folder, and empty what a full run writes anew unless it goes on with an earlier one."""
        private_folder(self.places.work.parent)
        run = private_folder(self.places.run)
        journal = Journal(run, self.record.made_of)
        if self.request.resume:
            journal.resume(self._chapters, self.request.notebooks)
            for watcher in self.watchers:
                watcher.goes_on([each.job.stem for each in journal.resumed])
        if self.request.only is None and not journal.resumed:
            said = room(self.record.inputs, self.places)
            for watcher in self.watchers:
                watcher.room(said)
            for name in WORK_FOLDERS:
                shutil.rmtree(run / name, ignore_errors=True)
        private_folder(run / "notebooks")
        write_parameters(self.record.params, run / "parameters.json")
        return journal

    def _one(self) -> Path:
        """Run one notebook on the tables that are there, and say what a full run would refuse of its page."""
        chapter = find_chapter(str(self.request.only), self._chapters)
        executed = self._execute([chapter], self.watchers)[0].job.executed
        refuse_unfit(chapter.stem, self.printer, lambda: self.printer.page(executed, chapter, self.record.edition))
        return executed

    def _execute(
        self, chapters: Sequence[Chapter], watchers: Sequence[Watcher], done: Sequence[Finished] = ()
    ) -> list[Finished]:
        return execute(
            chapters,
            self.record,
            self.places,
            notebooks=self.request.notebooks,
            server=self.server,
            watchers=watchers,
            done=done,
        )

    def _publish(self, journal: Journal) -> Path:
        """Run all notebooks, render beside them, publish."""
        places, record = self.places, self.record
        refresh_front_door(places.reports, self.printer)
        with Pages(self._chapters, self.printer, record.edition) as pages:
            self._execute(self._chapters, [*self.watchers, pages, journal], journal.resumed)
            refuse_changed(record)
            with building(places.reports, places.period) as folder:
                pages.write(folder)
                write_results(places.run, folder)
                manifest = self._manifest()
                write_json(folder / "manifest.json", manifest)
                put_in_place(folder, places.published)
        refresh_front_door(places.reports, self.printer)
        write_json(places.run / "manifest.json", manifest)
        _log.info("published %s", places.published)
        for period in remove_old_stages(places.work, record.params.running.keep_stages):
            _log.info("the clean tables of %s are older than running.keep_stages and were removed", period)
        return places.published / "index.html"

    def _manifest(self) -> dict[str, Any]:
        executed = [self.places.run / "notebooks" / f"{chapter.stem}.ipynb" for chapter in self._chapters]
        left_out = [_("notebooks/{stem}.ipynb is no chapter of this report").format(stem=stem)
                    for stem in unregistered(self.request, self.record.params)]  # fmt: skip
        return self.record.as_manifest(
            "published",
            models=models_of(self.places.run),
            warnings=warnings_of(self.record.params, executed, self.places.run) + left_out,
            sentences=sentences_of(executed[-1]),
        )
