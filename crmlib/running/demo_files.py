"""The raw files of the demo, written once for each version of the simulation."""

import hashlib
import json
from pathlib import Path
from typing import Final

import crmlib.demo
from crmlib.running.writing import private_folder, write_json

_STAMP: Final = ".written"


def write_demo(home: Path, *, again: bool = False) -> Path:
    """Write the raw files below ``home/work/demo`` unless this version of the simulation has written them.

    Returns
    -------
    Path
        The folder of the raw files.
    """
    private_folder(home / "work")
    raw = private_folder(home / "work" / "demo") / "raw"
    stamp = raw / _STAMP
    version = _simulation_version()
    if not again and stamp.exists() and json.loads(stamp.read_text(encoding="utf-8")) == _state(raw, version):
        return raw
    stamp.unlink(missing_ok=True)
    crmlib.demo.write_raw_files(raw)
    write_json(stamp, _state(raw, version))
    return raw


def _state(raw: Path, version: str) -> dict[str, str | dict[str, int]]:
    """Describe what stands in the folder: the simulation's version and the size of each file."""
    files = sorted(path for path in raw.rglob("*") if path.is_file() and path.name != _STAMP)
    return {"version": version, "files": {path.relative_to(raw).as_posix(): path.stat().st_size for path in files}}


def _simulation_version() -> str:
    """Hash the code of the simulation."""
    digest = hashlib.sha256()
    for path in sorted(Path(crmlib.demo.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
