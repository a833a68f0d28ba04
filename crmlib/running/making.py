"""Making one report: its folder, its notebooks, its pages, its place; the record is kept however that ends."""

import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmlib.chapters import Chapter
from crmlib.params import write_parameters
from crmlib.running.batch import Batch
from crmlib.running.disk import room
from crmlib.running.execution import execute
from crmlib.running.front_door import refresh_front_door
from crmlib.running.holding import failures_noted, inputs_watched, kept_log, refuse_changed
from crmlib.running.journal import Journal
from crmlib.running.manifest import (
    Record,
    is_up_to_date,
    models_of,
    predecessor_of,
    sentences_of,
    warnings_of,
    write_results,
)
from crmlib.running.pages import Pages, Press, refuse_unfit
from crmlib.running.places import WORK_FOLDERS, Places
from crmlib.running.publishing import building, put_in_place, remove_old_stages
from crmlib.running.request import Request, chapters_in, find_chapter, unregistered
from crmlib.running.stores import store_chapters
from crmlib.running.timetable import Timetable, lines_of
from crmlib.running.turns import Steps
from crmlib.running.watching import Finished, Watcher
from crmlib.running.writing import private_folder, write_json
from crmlib.words import _

_log = logging.getLogger("crmlib.running")


@dataclass(frozen=True, slots=True)
class Making:
    """One report in the making: what was asked, what it is made of, where it stands and who helps."""

    request: Request
    record: Record
    places: Places
    press: Press
    watchers: Sequence[Watcher]
    following: str | None = None
    """The period that comes next in this run and may be begun meanwhile."""

    def make(self) -> Steps[Path]:
        """Make what was asked for, its record kept whatever happens; what would be the same has no notebooks."""
        request, record, places = self.request, self.record, self.places
        if request.only is None and not request.again and is_up_to_date(record, places):
            for watcher in self.watchers:
                watcher.up_to_date(places.period)
            yield Batch()
            return places.published / "index.html"
        journal = self._prepare()
        only = "" if request.only is None else f"_{find_chapter(request.only, self._chapters).stem}"
        kept_record = places.run / f"manifest{only}.json"  # one notebook leaves the record of the whole run alone
        with kept_log(places.run), failures_noted(record, kept_record), inputs_watched(record):
            self._log.info("run %s of %s %s", record.run_id, record.params.series, places.period)
            write_json(kept_record, record.as_manifest("running"))
            timetable = Timetable.of_last_run(places.work, lines_of(record.inputs))
            for watcher in self.watchers:
                watcher.begun(timetable if request.only is None else None)
            page = yield from self._publish(journal) if request.only is None else self._one()
            if request.only is not None:
                write_json(kept_record, record.as_manifest("done"))
        return page

    @property
    def _log(self) -> logging.LoggerAdapter[logging.Logger]:
        return logging.LoggerAdapter(_log, {"period": self.places.period})

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

    def _one(self) -> Steps[Path]:
        """Run one notebook on the tables that are there, and say what a full run would refuse of its page."""
        chapter, printer = find_chapter(str(self.request.only), self._chapters), self.press.printer
        (ran,) = yield from self._execute([chapter], self.watchers)
        refuse_unfit(chapter.stem, printer, lambda: printer.page(ran.job.executed, chapter, self.record.edition))
        return ran.job.executed

    def _execute(
        self, chapters: Sequence[Chapter], watchers: Sequence[Watcher], done: Sequence[Finished] = ()
    ) -> Steps[list[Finished]]:
        return execute(
            chapters, self.record, self.places, notebooks=self.request.notebooks, watchers=watchers, done=done
        )

    def _publish(self, journal: Journal) -> Steps[Path]:
        """Run all notebooks, render beside them, publish."""
        places, record = self.places, self.record
        self._refresh_front_door()
        pages = Pages(self._chapters, self.press, record.edition)
        yield from self._execute(self._chapters, [*self.watchers, pages, journal], journal.resumed)
        stores = store_chapters(places.run) if record.params.running.per_store else ()
        of_stores = Pages(stores, self.press, record.edition)
        if stores:
            yield from self._execute(stores, [*self.watchers, of_stores])
        refuse_changed(record)
        with building(places.reports, places.period) as folder:
            pages.write(folder)
            of_stores.write(folder)
            write_results(places.run, folder)
            manifest = self._manifest()
            write_json(folder / "manifest.json", manifest)
            put_in_place(folder, places.published)
        self._refresh_front_door()
        write_json(places.run / "manifest.json", manifest)
        self._log.info("published %s", places.published)
        for period in remove_old_stages(places.work, record.params.running.keep_stages, self.following):
            self._log.info("the clean tables of %s are older than running.keep_stages and were removed", period)
        return places.published / "index.html"

    def _refresh_front_door(self) -> None:
        """Let the front door be made in its turn: pages of another period may be under way."""
        self.press.renderer.submit(refresh_front_door, self.places.reports, self.press.printer).result()

    def _manifest(self) -> dict[str, Any]:
        executed = [self.places.run / "notebooks" / f"{chapter.stem}.ipynb" for chapter in self._chapters]
        left_out = [_("notebooks/{stem}.ipynb is no chapter of this report").format(stem=stem)
                    for stem in unregistered(self.request, self.record.params)]  # fmt: skip
        return self.record.as_manifest(
            "published",
            predecessor=predecessor_of(self.places),
            models=models_of(self.places.run),
            warnings=warnings_of(self.record.params, executed, self.places.run) + left_out,
            sentences=sentences_of(executed[-1]),
        )
