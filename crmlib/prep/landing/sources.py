"""From the sources of the parameters to tables of the engine: files landed, Parquet in place, queries run."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis

from crmlib.params import FileSource, ParameterError, Parameters, Source, did_you_mean
from crmlib.params.globbing import matching
from crmlib.prep.landing.archives import find_members, suffix
from crmlib.prep.landing.databases import land_database
from crmlib.prep.landing.inplace import read_in_place
from crmlib.prep.landing.lines import BROKEN, FILE, LINE, OWN, nearest_columns
from crmlib.prep.landing.queries import refuse_reading_queries
from crmlib.prep.landing.reading import format_of, is_workbook
from crmlib.prep.landing.writing import DeliveredFile, land_files
from crmlib.privacy.masking import mask
from crmlib.workspace import write_parquet


@dataclass(frozen=True, slots=True)
class Landed:
    """One source in the engine, its values as delivered beside ``_file``, ``_line`` and ``_broken``."""

    table: str
    name: str
    source: Source
    rows: ibis.Table
    files: tuple[DeliveredFile, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The delivered columns, those that landing adds apart."""
        return tuple(name for name in self.rows.columns if name not in OWN)

    @property
    def from_excel(self) -> bool:
        """Whether all of it was read from workbooks, where a plain number may be a day."""
        return bool(self.files) and all(is_workbook(file.name, self.source) for file in self.files)


def land_tables(con: ibis.BaseBackend, params: Parameters, folder: Path) -> list[Landed]:
    """Bring every source of the parameters into the engine; ``folder`` is a private one for all-text Parquet files."""
    refuse_reading_queries(params)
    queried = {name: _land_named_file(con, params, name, source, folder) for name, source in params.files.items()}
    landed = []
    for table, sources in params.sources.given.items():
        for position, source in enumerate(sources, start=1):
            several = position if len(sources) > 1 else None
            label = _Label(
                source_name(table, source, several),
                f"sources.{table}" if several is None else f"sources.{table}[{several}]",
                folder / f"{table}_{position}.parquet",
            )
            if source.query is not None and source.url is None:
                rows, files = _run_query(con, source.query, label, queried)
            else:
                rows, files = _land_origin(con, params, source, label, source.read)
            landed.append(Landed(table, label.name, source, rows, files))
            _refuse_unknown_columns(landed[-1], label.place)
    return landed


@dataclass(frozen=True, slots=True)
class _Label:
    """What a source is called in the report, where it stands in the parameters, and where it is landed."""

    name: str
    place: str
    target: Path

    def rows(self, con: ibis.BaseBackend) -> ibis.Table:
        """Open what was landed."""
        return con.read_parquet(str(self.target), table_name=f"landed_{self.target.stem}")


def source_name(table: str, source: Source, position: int | None) -> str:
    """Name a source for the report: as the parameters say, else its only file, numbers masked, else its table."""
    if source.name is not None:
        return source.name
    if isinstance(source.path, str) and not glob.has_magic(source.path):
        return mask(Path(source.path).stem)
    return table if position is None else f"{table} {position}"


def find_files(params: Parameters, source: FileSource, place: str) -> list[Path]:
    """Find the files of a source, sorted by path."""
    patterns = [source.path] if isinstance(source.path, str) else list(source.path or [])
    found: list[Path] = []
    for pattern in patterns:
        members = _members(params.root / pattern, place)
        if members is not None:
            found += members
            continue
        matches = _matching(params.root / pattern, place)
        if not matches and (params.root / pattern).is_dir():
            glob_in_it = f"{pattern.rstrip('/')}/*.csv"
            raise ParameterError(f"{place}.path: {pattern!r} is a folder. Name its files, such as {glob_in_it!r}.")
        if not matches:
            folder = (params.root / pattern).parent
            near = did_you_mean(Path(pattern).name, [file.name for file in folder.iterdir()]) if folder.is_dir() else ""
            raise ParameterError(f"{place}.path: no file matches {pattern!r}. {near or 'There is no such folder.'}")
        found += matches
    return list(dict.fromkeys(found))


def delivered_files(params: Parameters) -> frozenset[Path]:
    """List the files that the parameters name and that are there, zip files whole, as resolved paths."""
    given = [*params.files.values(), *(source for sources in params.sources.given.values() for source in sources)]
    patterns = [path for each in given for path in ([each.path] if isinstance(each.path, str) else each.path or [])]
    patterns += [each.url.partition("://")[2].removeprefix("/") for each in given if each.url is not None]
    whole = [params.root / pattern for pattern in patterns]
    files = [next((up for up in each.parents if up.suffix.lower() == ".zip"), each) for each in whole]
    return frozenset(Path(name).resolve() for each in files for name in glob.glob(str(each), recursive=True))  # noqa: PTH207


def _matching(pattern: Path, place: str) -> list[Path]:
    try:
        return matching(pattern)
    except ParameterError as error:
        raise ParameterError(f"{place}.path: {error}") from None


def _members(pattern: Path, place: str) -> list[Path] | None:
    """Find files within zip files; nothing where the path leads into none."""
    try:
        members = find_members(pattern)
    except ParameterError as error:
        raise ParameterError(f"{place}.path: {error}") from None
    for file in members or ():
        if suffix(file) in (".parquet", ".pq"):
            raise ParameterError(f"{place}.path: {file.name!r} is Parquet, which is read in place: unpack the zip file")
    return members


def _land_origin(
    con: ibis.BaseBackend, params: Parameters, source: FileSource, label: _Label, needed: Sequence[str] = ()
) -> tuple[ibis.Table, tuple[DeliveredFile, ...]]:
    """Land what the parameters give by path or by the address of a database."""
    if source.url is not None:
        files = land_database(
            source, params.root, label.name, label.place, label.target, outside=params.privacy.queries_read_files
        )
        return label.rows(con), files
    paths, broken_files = find_files(params, source, label.place), params.cleaning.broken_files
    if format_of(paths[0], source) == "parquet":
        return read_in_place(con, paths, label.name, label.target, needed, broken_files=broken_files)
    files = land_files(paths, source, label.name, label.target, needed, broken_files=broken_files)
    return label.rows(con), files


def _land_named_file(
    con: ibis.BaseBackend, params: Parameters, name: str, source: FileSource, folder: Path
) -> tuple[DeliveredFile, ...]:
    """Land a file under the name that queries call it."""
    label = _Label(name, f"files.{name}", folder / f"file_{name}.parquet")
    rows, files = _land_origin(con, params, source, label)
    con.create_view(name, rows.filter(rows[BROKEN].isnull()).drop(BROKEN), overwrite=True)
    return files


def _run_query(
    con: ibis.BaseBackend, query: str, label: _Label, queried: dict[str, tuple[DeliveredFile, ...]]
) -> tuple[ibis.Table, tuple[DeliveredFile, ...]]:
    """Run SQL over the landed files and give its rows numbers, in the order of all their columns."""
    view = f"query_{label.target.stem}"
    try:
        con.raw_sql(f"CREATE OR REPLACE TEMPORARY VIEW {view} AS {query}")
        result = con.table(view)
        order = [column for column in result.columns if column not in OWN]
        numbered = result.mutate(
            **{
                FILE: result[FILE] if FILE in result.columns else ibis.literal(label.name),
                LINE: result[LINE] if LINE in result.columns else ibis.row_number().over(order_by=order) + 1,
                BROKEN: ibis.null("string"),
            }
        )
        write_parquet(con, numbered, label.target)
    except Exception as error:  # noqa: BLE001  (every engine has exceptions of its own for bad SQL)
        reason = str(error).strip().splitlines()[0]
        raise ParameterError(f"{label.place}.query: {reason}") from None
    files = tuple(file for name, delivered in queried.items() if name in query for file in delivered)
    return label.rows(con), files


def _refuse_unknown_columns(landed: Landed, place: str) -> None:
    """Refuse mapped columns that the source does not have."""
    wrong = [
        f"{place}.{'.'.join(key)}: {landed.name} has no column {raw!r}. {nearest_columns(raw, landed.columns)}"
        for key, raw in landed.source.places()
        if raw not in landed.columns
    ]
    if wrong:
        raise ParameterError("\n".join(wrong))
