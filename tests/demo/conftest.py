"""One chain for all tests of the demo, and its raw files: simulated once."""

from pathlib import Path

import pytest

from crmlib.demo import Chain, Plan, RawFiles, Truth, simulate, truth_of, write_raw_files

SMALL = 600


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
    return write_raw_files(tmp_path_factory.mktemp("demo") / "raw", seed=7, size=SMALL)


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> RawFiles:
    """Write the raw files of the published demo."""
    return write_raw_files(tmp_path_factory.mktemp("published") / "raw")


@pytest.fixture
def folder(raw: RawFiles) -> Path:
    """Give the folder of the raw files."""
    return raw.folder
