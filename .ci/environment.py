"""Write environment.yml from pyproject.toml and requirements.lock, so that conda-forge gives the same environment."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONDA_NAMES = {"ibis-framework": "ibis-duckdb", "duckdb": "python-duckdb", "types-pyyaml": "types-pyyaml"}
PIP_ONLY = {"playwright"}
"""conda-forge has no package of that name with the same Python API."""


def canonical(name: str) -> str:
    """Give a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted() -> list[str]:
    """Give the packages that the project and its development ask for, in order."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["dev"]
    return [canonical(re.split(r"[\[<>=~!; ]", line, maxsplit=1)[0]) for line in asked]


def locked() -> dict[str, str]:
    """Give the locked version of each package for the oldest Python."""
    pattern = re.compile(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)( *; *([^\\]*))?", re.MULTILINE)
    versions: dict[str, str] = {}
    for name, version, _, marker in pattern.findall((ROOT / "requirements.lock").read_text()):
        if canonical(name) not in versions or "<" in marker:
            versions[canonical(name)] = version
    return versions


def environment() -> str:
    """Give the text of environment.yml."""
    versions = locked()
    conda = [f"  - {CONDA_NAMES.get(name, name)}={versions[name]}" for name in wanted() if name not in PIP_ONLY]
    pip = [f"      - {name}=={versions[name]}" for name in wanted() if name in PIP_ONLY]
    head = [
        "# Written by `make lock` from pyproject.toml and requirements.lock.",
        "name: retail-crm",
        "channels: [conda-forge, nodefaults]",
        "dependencies:",
    ]
    lines = ["  - python=3.11", "  - pip", *conda, "  - pip:", *pip, "      - --editable ."]
    return "\n".join([*head, *lines]) + "\n"


def spark_extra() -> str:
    """Give what the spark extra asks for, as a requirements file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return "\n".join(project["optional-dependencies"]["spark"]) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["spark"]:
        sys.stdout.write(spark_extra())
        sys.exit()
    (ROOT / "environment.yml").write_text(environment())
