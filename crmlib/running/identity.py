"""What a report came from, and the run's name that follows from it: same data, parameters and code, same name."""

import hashlib
import json
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from crmlib.params import Parameters
from crmlib.running.inputs import Input

LIBRARIES: Final = (
    "retail-crm-workbook",
    "duckdb",
    "ibis-framework",
    "jupyterlab",
    "matplotlib",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "scikit-learn",
    "scipy",
    "seaborn",
    "statsmodels",
)

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_CODE: Final = {".py", ".j2", ".css", ".js", ".mo", ".ipynb"}


def run_id(params: Parameters, inputs: Sequence[Input], code: str) -> str:
    """Name a run by what it is made of, in twelve hex digits.

    The folder of the parameters is left out: the same report made elsewhere is the same report.
    """
    made_of = {
        "parameters": {key: value for key, value in params.model_dump(mode="json").items() if key != "root"},
        "inputs": [[each.path, each.sha256] for each in inputs],
        "code": code,
    }
    text = json.dumps(made_of, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def code_version(notebooks: Path) -> str:
    """Hash the library and the notebooks as they are on disk, committed or not."""
    digest = hashlib.sha256()
    for folder in (_PACKAGE, notebooks):
        for path in _sources(folder):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _sources(folder: Path) -> Iterable[Path]:
    found = (path for path in folder.rglob("*") if path.suffix in _CODE and ".ipynb_checkpoints" not in path.parts)
    return sorted(found)


def library_versions() -> dict[str, str]:
    """Give the versions of Python and of the libraries that compute or draw.

    Examples
    --------
    >>> sorted(library_versions())[0]
    'duckdb'
    """
    versions = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
