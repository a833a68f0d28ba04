import importlib

import pytest


@pytest.fixture(scope="package")
def small_shops(project):
    """Give the benchmark of small shops, which runs notebooks in this process with warnings as errors."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(project / "benchmarks"))
        yield importlib.import_module("small_shops")
