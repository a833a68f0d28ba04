"""One run's folders: tables in and out, results, paths, and the state that outlives a period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from crmlib import words
from crmlib.cautions import keep_cautions
from crmlib.chapters import maker
from crmlib.engine import connect
from crmlib.params import ParameterError, Parameters, load_parameters, require_order_lines
from crmlib.privacy.disclosure import DisclosureRules
from crmlib.results import Number, Result, add_result, make_result, read_results
from crmlib.stats import Estimate
from crmlib.words import label_of
from crmlib.words.saying import Speaker

PROJECT = Path(__file__).resolve().parents[1]


class MissingTableError(FileNotFoundError):
    """A table that an earlier notebook writes is not there; the message says which command makes it."""


def months_before(as_of: date, months: int) -> date:
    """Move the exclusive end of a period back by months: of whole months the first of one, else by its last day.

    Examples
    --------
    >>> [str(months_before(date(2026, 3, day), 1)) for day in (1, 15, 29, 31)]
    ['2026-02-01', '2026-02-15', '2026-03-01', '2026-03-01']
    """
    if as_of.day == 1:
        return (pd.Timestamp(as_of) - pd.DateOffset(months=months)).date()
    last = pd.Timestamp(as_of) - pd.Timedelta(days=1)
    return (last - pd.DateOffset(months=months) + pd.Timedelta(days=1)).date()


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
    """

    params: Parameters
    as_of: date
    run_dir: Path
    con: Any

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

    def say(self, sentence: str, **values: Any) -> str:
        """Put numbers into a sentence, each past the gate; see :meth:`crmlib.words.saying.Speaker.say`."""
        return Speaker(self.rules, self.params.currency).say(sentence, values)

    @property
    def state_dir(self) -> Path:
        """The series' folder of what outlives a period: cut points, fitted models, the crosswalk of ids."""
        return private_folder(self.run_dir.parent / "state")

    def has(self, name: str) -> bool:
        """Say whether the parameters give a source for a canonical table."""
        return name in self.params.sources.given

    def table(self, name: str) -> Any:
        """Open a clean table in the engine.

        Raises
        ------
        MissingTableError
            If preparation has not written it.
        """
        return self.con.read_parquet(str(self._existing("clean", name)), table_name=f"clean_{name}")

    def frame(self, name: str) -> pd.DataFrame:
        """Read a table that an earlier chapter wrote, one row a customer.

        Raises
        ------
        MissingTableError
            If that chapter has not run.
        """
        return pd.read_parquet(self._existing("tables", name))

    def _existing(self, folder: str, name: str) -> Path:
        path = self.run_dir / folder / f"{name}.parquet"
        if path.exists():
            return path
        raise MissingTableError(
            f"{folder}/{name}.parquet of {self.params.series} {self.period} is not there yet. Run "
            f"notebooks/{maker(name)}.ipynb first with the same parameters, or everything with "
            f"`crm run` and the parameters file."
        )

    def write(self, name: str, rows: pd.DataFrame, by: Sequence[str]) -> Path:
        """Write a table for later chapters, sorted by its key so that two runs give the same bytes."""
        path = private_folder(self.run_dir / "tables") / f"{name}.parquet"
        rows.sort_values(list(by), kind="stable").reset_index(drop=True).to_parquet(path, index=False)
        return path

    def write_clean(self, name: str, rows: Any, by: Sequence[str], folder: str = "clean") -> Path:
        """Write an Ibis table, sorted by its key, from the engine into one Parquet file."""
        path = private_folder(self.run_dir / folder) / f"{name}.parquet"
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
        add_result(self.run_dir / "results", result)
        return result

    def caution(self, chapter: str, sentences: Sequence[str]) -> None:
        """Keep what a reader must know of the data; the manifest's warnings repeat it."""
        keep_cautions(self.run_dir / "cautions", chapter, sentences)

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
        Parameters by dotted key; ``None`` means as the file says.

    Raises
    ------
    crmlib.params.ParameterError
        If the parameters cannot be used, have no order lines, or neither they nor the caller say ``as_of``.
    """
    params = load_parameters(_find(Path(params_file)), knobs, as_of)
    require_order_lines(params, params_file)
    if params.as_of is None:
        raise ParameterError(f"{params_file}: as_of is missing. Add `as_of: 2026-11-01`, or give --as-of or --month.")
    words.speak(params.language)
    default = params.home / "work" / params.series / period_of(params.as_of)
    folder = private_folder(Path(run_dir).resolve() if run_dir is not None else default)
    return Run(params, params.as_of, folder, connect(params.engine))


def _find(file: Path) -> Path:
    """Find the parameters file from the kernel's folder, else from the notebooks'."""
    beside_notebooks = PROJECT / "notebooks" / file
    return beside_notebooks if not file.exists() and beside_notebooks.exists() else file


def period_of(as_of: date) -> str:
    """Name the period that ends before ``as_of``.

    Examples
    --------
    >>> period_of(date(2026, 11, 1)), period_of(date(2026, 11, 15))
    ('2026-10', '2026-11-15')
    """
    return f"{as_of - timedelta(days=1):%Y-%m}" if as_of.day == 1 else as_of.isoformat()


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner can enter (mode 0700), and give it."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_parquet(con: Any, rows: Any, path: Path) -> None:
    """Write an Ibis expression into one Parquet file, streaming, whatever the engine."""
    if con.name == "duckdb":
        rows.to_parquet(path)
        return
    import pyarrow.parquet as pq

    batches = rows.to_pyarrow_batches()
    with pq.ParquetWriter(path, batches.schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
