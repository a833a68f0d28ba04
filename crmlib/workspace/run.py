"""One run's folders: tables in and out, results, paths, and the state that outlives a period."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
from ibis import Table

from crmlib import words
from crmlib.engine import connect
from crmlib.months import months_before
from crmlib.orders import complete_orders, customer_days, in_columns, order_rows
from crmlib.params import ParameterError, Parameters, load_parameters, require_order_lines
from crmlib.privacy.rules import DOMINANCE, DisclosureRules
from crmlib.privacy.safe_csv import write_safe_csv
from crmlib.privacy.sealed_files import SUFFIX
from crmlib.results import Number, Result, add_result, keep_cautions, make_result, read_results
from crmlib.stats import Estimate
from crmlib.tables import DERIVED
from crmlib.words import label_of
from crmlib.words.saying import Speaker
from crmlib.workspace.catalogue import MissingTableError, catalogue, columns_of, no_such_table
from crmlib.workspace.folders import begin_experiment, numbers, period_of, private_folder, write_parquet
from crmlib.workspace.provenance import (
    check_made_alike,
    differing,
    is_cleaned_alike,
    is_made_alike,
    note_cleaning,
    note_parameters,
)
from crmlib.workspace.shared import kept_once

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a report series: its parameters, its period, its folders and its engine.

    Attributes
    ----------
    params
        The validated parameters.
    as_of
        Exclusive end of what the report may see.
    run_dir
        The private folder of the run, ``work/<series>/<period>``.
    con
        The Ibis backend that order lines stay in.
    scratch
        Whether it is an experiment: its knobs differ from the file. It writes to ``work/<series>/scratch/<period>``,
        reads what the run has cleaned, unless it cleans otherwise itself, and leaves the run and the state of the
        series alone.
    """

    params: Parameters
    as_of: date
    run_dir: Path
    con: Any
    scratch: bool = False

    @property
    def period(self) -> str:
        """``2026-10`` for a month, else the full date of ``as_of``."""
        return period_of(self.as_of)

    @property
    def period_label(self) -> str:
        """The period as a reader calls it: ``October 2026``, or the days of a month that is not over."""
        return label_of(self.as_of)

    @property
    def previous_as_of(self) -> date:
        """The ``as_of`` of the period before: one month earlier."""
        return months_before(self.as_of, 1)

    @property
    def rules(self) -> DisclosureRules:
        """What the disclosure gate asks for."""
        return DisclosureRules(threshold=self.params.privacy.threshold, base=self.params.privacy.base)

    @property
    def fewest(self) -> int:
        """The fewest people that a page tells of."""
        return self.rules.threshold

    def too_few(self, people: float | None, largest: float = 0.0) -> bool:
        """Say whether so many people are too few to tell of, or one of them holds too large a share of their money."""
        return self.rules.hides(people) or largest > DOMINANCE

    def say(self, sentence: str, **values: Any) -> str:
        """Put numbers into a sentence, each past the gate; see :meth:`crmlib.words.saying.Speaker.say`."""
        return Speaker(self.rules, self.params.currency).say(sentence, values)

    @property
    def out_dir(self) -> Path:
        """The folder that this run writes to: its own, or that of experiments."""
        return private_folder(self.run_dir.parent / "scratch" / self.period) if self.scratch else self.run_dir

    @property
    def state_dir(self) -> Path:
        """The series' folder of what outlives a period: cut points, fitted models, the crosswalk of ids.

        An experiment has a copy of it.
        """
        return private_folder((self.out_dir if self.scratch else self.run_dir.parent) / "state")

    def has(self, name: str) -> bool:
        """Say whether the parameters give a source for a canonical table."""
        return name in self.params.sources.given

    def table(self, name: str) -> Table:
        """Open a clean table in the engine: everything delivered, what lies at or after ``as_of`` as well.

        What a report may see is `purchases`, or ``crmlib.features.before(run.table(name), run.as_of)``.

        Raises
        ------
        MissingTableError
            If preparation has not written it.
        """
        path = self._clean / f"{name}.parquet"
        if path.exists():
            return self.con.read_parquet(str(path), table_name=f"clean_{name}")
        if name not in DERIVED or not (self._clean / "transactions.parquet").exists():
            raise self._missing("clean", name)
        return self._derived(name)

    @property
    def _clean(self) -> Path:
        cleaned_here = self.scratch and is_cleaned_alike(self.out_dir, self.params)
        return (self.out_dir if cleaned_here else self.run_dir) / "clean"

    def _derived(self, name: str) -> Table:
        """Make orders or customers' days of clean lines beside which they do not stand."""
        if name == "orders":
            products = self.table("products") if (self._clean / "products.parquet").exists() else None
            made = complete_orders(order_rows(self.table("transactions"), products))
        else:
            made = customer_days(self.table("orders"))
        return self.once(name, in_columns(made, DERIVED[name]))

    def once(self, name: str, rows: Table, *key: object) -> Table:
        """Compute an expression once a run: two chapters, or two parts of one, that ask the same find it kept.

        Parameters
        ----------
        name
            What it is called: letters, digits and underlines.
        rows
            The Ibis expression over clean tables; its query and the clean tables are part of the key.
        key
            What a table brought along by the expression hangs on besides: dates, names.
        """
        return kept_once(self.con, self.out_dir, self._clean, name, rows, *key)

    def purchases(self) -> Table:
        """Open the purchases that a report may see: products bought before ``as_of``, anonymous sales included."""
        lines = self.table("transactions")
        return lines.filter(lines.is_purchase, lines.ordered_at < ibis.timestamp(self.as_of.isoformat()))

    def orders(self) -> Table:
        """Open the orders that a report may see, those of nothing but returns included: one row an order."""
        orders = self.table("orders")
        return orders.filter(orders.ordered_at < ibis.timestamp(self.as_of.isoformat()))

    def customer_days(self) -> Table:
        """Open the days on which known customers bought that a report may see: one row a customer and day."""
        days = self.table("customer_days")
        return days.filter(days.day < ibis.date(self.as_of.isoformat()))

    def frame(self, wanted: str | Table) -> pd.DataFrame:
        """Read a table that a chapter wrote, or bring what the engine computed into pandas; money is a number.

        An experiment reads its own tables, where they were made with the same knobs.

        Parameters
        ----------
        wanted
            A table's name, or an Ibis table: ``run.frame(run.purchases().group_by("store_id").agg(...))``.

        Raises
        ------
        MissingTableError
            If that chapter has not run.
        crmlib.workspace.provenance.MixedRunError
            If it ran with other parameters than this run has.
        """
        if not isinstance(wanted, str):
            return numbers(wanted.to_pandas())
        if self.scratch and is_made_alike(self.out_dir, wanted, self.params):
            return numbers(pd.read_parquet(self.out_dir / "tables" / f"{wanted}.parquet"))
        path = self.run_dir / "tables" / f"{wanted}.parquet"
        if not path.exists():
            raise self._missing("tables", wanted)
        if not self.scratch:
            check_made_alike(self.run_dir, wanted, self.params)
        return numbers(pd.read_parquet(path))

    def tables(self, name: str = "") -> pd.DataFrame:
        """List the tables there are, with what each holds; of one table its columns, with unit and meaning.

        Parameters
        ----------
        name
            A table's name; all tables where not given.
        """
        return columns_of(name) if name else catalogue(self.run_dir)

    def _missing(self, folder: str, name: str) -> MissingTableError:
        of = f"{self.params.series} {self.period}"
        return no_such_table(folder, name, of)

    def write(self, name: str, rows: pd.DataFrame, by: Sequence[str]) -> Path:
        """Write a table for later chapters, sorted by its key so that two runs give the same bytes."""
        path = private_folder(self.out_dir / "tables") / f"{name}.parquet"
        rows.sort_values(list(by), kind="stable").reset_index(drop=True).to_parquet(path, index=False)
        note_parameters(self.out_dir, name, self.params)
        return path

    def write_list(self, name: str, rows: pd.DataFrame) -> Path:
        """Write a list for the team, pseudonyms only, safe to open in a spreadsheet and readable by its owner alone."""
        path = private_folder(self.out_dir / "lists") / f"{name}.csv"
        write_safe_csv(rows, path)
        return path

    def keep_model(self, name: str, told: Mapping[str, Any]) -> str:
        """Keep a fitted model as JSON that anybody can read, and give its SHA-256, by which the manifest names it."""
        path = private_folder(self.out_dir / "models") / f"{name}.json"
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        path.write_text(text, encoding="utf-8")
        return sha256(text.encode()).hexdigest()

    def write_clean(self, name: str, rows: Any, by: Sequence[str], folder: str = "clean") -> Path:
        """Write an Ibis table, sorted by its key, from the engine into one Parquet file."""
        path = private_folder(self.out_dir / folder) / f"{name}.parquet"
        note_cleaning(self.out_dir, self.params)
        aside = path.with_suffix(".writing")
        write_parquet(self.con, rows.order_by(list(by)), aside)
        aside.replace(path)
        return path

    def record(
        self,
        chapter: str,
        name: str,
        value: Estimate | Number | None,
        *,
        unit: str,
        definition: str,
        people: int | None = None,
        previous: Estimate | Number | None = None,
        previous_people: int | None = None,
        label: str = "",
    ) -> Result:
        """Record a headline number through the gate; see :func:`crmlib.results.make_result`."""
        result = make_result(
            chapter,
            name,
            value,
            unit=unit,
            definition=definition,
            period=self.period,
            rules=self.rules,
            people=people,
            previous=previous,
            previous_people=previous_people,
            label=label,
        )
        add_result(self.out_dir / "results", result)
        return result

    def caution(self, chapter: str, sentences: Sequence[str]) -> None:
        """Keep what a reader must know of the data; the manifest's warnings repeat it."""
        keep_cautions(self.out_dir / "cautions", chapter, sentences)

    def results(self, chapter: str | None = None) -> list[Result]:
        """Read the recorded results of one chapter or of all."""
        return read_results(self.run_dir / "results", chapter)


def open_run(
    params_file: str | Path,
    as_of: date | str | None = None,
    run_dir: str | Path | None = None,
    knobs: Mapping[str, Any] | None = None,
) -> Run:
    """Open the run that a notebook belongs to.

    Parameters
    ----------
    params_file
        The parameters file, relative to where the kernel runs or to the folder of the notebooks.
    as_of
        Exclusive end of what the report may see; the file's where not given.
    run_dir
        Folder of the run; ``work/<series>/<period>`` beside ``params/`` where not given.
    knobs
        Parameters by dotted key; ``None`` means as the file says. Where one differs from the file, the run is an
        experiment: see `Run`.

    Raises
    ------
    crmlib.params.ParameterError
        If the parameters cannot be used, have no order lines, or neither they nor the caller say ``as_of``; or if the
        state is encrypted at the moment.
    """
    file = _find(Path(params_file))
    params = load_parameters(file, knobs, as_of)
    require_order_lines(params, params_file)
    if params.as_of is None:
        raise ParameterError(f"{params_file}: as_of is missing. Add `as_of: 2026-11-01`, or give --as-of or --month.")
    words.speak(params.language)
    default = params.home / "work" / params.series / period_of(params.as_of)
    folder = private_folder(Path(run_dir).resolve() if run_dir is not None else default)
    as_filed = (
        load_parameters(file, None, as_of) if any(value is not None for value in (knobs or {}).values()) else params
    )
    if any((folder.parent / "state").glob(f"*{SUFFIX}")):
        raise ParameterError(
            f"the state of {params.series} is encrypted (privacy.encrypt). Run the chapter with `crm run … --only`, "
            "which has the key."
        )
    scratch = bool(differing(params, as_filed))
    run = Run(params, params.as_of, folder, connect(params.engine, folder / "landed_spill"), scratch)
    if scratch:
        begin_experiment(folder.parent / "state", run.state_dir)
    return run


def _find(file: Path) -> Path:
    """Find the parameters file from the kernel's folder, else from the notebooks'."""
    beside_notebooks = PROJECT / "notebooks" / file
    return beside_notebooks if not file.exists() and beside_notebooks.exists() else file
