"""Queries over files read the names under `files` and nothing else, unless the parameters say that they may."""

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from crmlib.params import ParameterError, Parameters, did_you_mean

if TYPE_CHECKING:
    from sqlglot import exp

_FUNCTIONS_OF_TABLES: Final = frozenset({"generate_series", "range", "unnest", "explode"})
_OUTWARD: Final = re.compile(r"(?i)^(?:read_|getenv|current_setting|reflect|java_method|try_reflect|query|load_|glob$)")
_ALLOW: Final = "or allow it with privacy.queries_read_files: true"


def refuse_reading_queries(params: Parameters) -> None:
    """Refuse queries over files that read a file, a table or a setting by themselves, or do anything but select.

    Raises
    ------
    ParameterError
        With the key of the query and what it would do.
    """
    if params.privacy.queries_read_files:
        return
    for table, sources in params.sources.given.items():
        for position, source in enumerate(sources, start=1):
            if source.query is not None and source.url is None:
                place = f"sources.{table}" + (f"[{position}]" if len(sources) > 1 else "")
                refused = next(_refused(source.query, params.files, params.engine), None)
                if refused is not None:
                    raise ParameterError(f"{place}.query: {refused}")


def _refused(query: str, names: Collection[str], engine: str) -> Iterator[str]:
    """Say what a query does that it may not."""
    import sqlglot
    from sqlglot import exp

    try:
        statements = sqlglot.parse(query, dialect={"spark": "spark"}.get(engine, "duckdb"))
    except sqlglot.ParseError as error:
        at = error.errors[0] if error.errors else {}
        yield f"cannot be read (line {at.get('line')}: {at.get('description')}); correct it, {_ALLOW}"
        return
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        yield f"is more than one SELECT; write it as one, {_ALLOW}"
        return
    yield from _outward(statements[0], names)


def _outward(query: "exp.Expr", names: Collection[str]) -> Iterator[str]:
    from sqlglot import exp

    within = {each.alias.lower() for each in query.find_all(exp.CTE)}
    known = {name.lower() for name in names} | {name for name in within if re.fullmatch(r"\w+", name)}
    for table in query.find_all(exp.Table):
        if isinstance(table.this, exp.Func):
            if _called(table.this) not in _FUNCTIONS_OF_TABLES:
                yield f"reads with {_called(table.this)}(); name the file under `files`, {_ALLOW}"
        elif table.db or table.name.lower() not in known:
            near = did_you_mean(table.name, names)
            yield f"reads {table.name[:60]!r}, which is no name under `files`. {near}"
    for function in query.find_all(exp.Func):
        if _OUTWARD.match(_called(function)):
            yield f"calls {_called(function)}(); leave it out, {_ALLOW}"


def _called(function: "exp.Func") -> str:
    """Give the name by which a query calls a function."""
    from sqlglot import exp

    name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
    return name.lower() or "a function"
