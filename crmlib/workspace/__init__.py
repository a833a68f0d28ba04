"""One run's folders: tables in and out, results, paths, and the state that outlives a period."""

from crmlib.workspace.catalogue import MissingTableError
from crmlib.workspace.folders import period_of, private_folder, write_parquet
from crmlib.workspace.provenance import MixedRunError
from crmlib.workspace.run import PROJECT, Run, open_run

__all__ = [
    "PROJECT",
    "MissingTableError",
    "MixedRunError",
    "Run",
    "open_run",
    "period_of",
    "private_folder",
    "write_parquet",
]
