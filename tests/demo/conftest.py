"""One chain for all tests of the demo, and its raw files: simulated once."""

import shutil
from pathlib import Path

import pytest

from crmlib.demo import Chain, Plan, RawFiles, Truth, simulate, truth_of, write_raw_files

SMALL, SMALL_SEED = 600, 7


@pytest.fixture(scope="session")
def chain() -> Chain:
    """Simulate the chain as it is published."""
    return simulate(Plan())


@pytest.fixture(scope="session")
def truth(chain: Chain) -> Truth:
    """Work out what is true of it."""
    return truth_of(chain)


@pytest.fixture(scope="session")
def small_raw(tmp_path_factory: pytest.TempPathFactory) -> RawFiles:
    """Write the raw files of a small chain."""
    return write_raw_files(tmp_path_factory.mktemp("demo") / "raw", seed=SMALL_SEED, size=SMALL)


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> RawFiles:
    """Write the raw files of the published demo."""
    return write_raw_files(tmp_path_factory.mktemp("published") / "raw")


@pytest.fixture(scope="session")
def demo_home(project: Path, small_raw: RawFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out a project's folders with the demo's parameters and the raw files of a small chain."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(small_raw.folder, home / "work" / "demo" / "raw")
    (home / "params").mkdir()
    shutil.copy(project / "params" / "demo.yaml", home / "params" / "demo.yaml")
    return home
