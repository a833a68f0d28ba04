"""Whole reports, each made once for all tests of this folder, in a folder of their own."""

import subprocess
import sys
from pathlib import Path

import pytest


def crm(project, *arguments):
    """Run the command as a user does."""
    command = [str(Path(sys.executable).with_name("crm")), *map(str, arguments)]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=600, check=False)


OPTIONS = {"demo": ["--per-store"]}


def published(project, series, out):
    """Run a series and give the folder of its published period."""
    done = crm(project, "run", project / "params" / f"{series}.yaml", "--out", out, *OPTIONS.get(series, []))
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-3000:]
    return next(each.parent for each in (out / "reports").rglob("manifest.json"))


@pytest.fixture(scope="session")
def demo_files(project):
    """Give the demo's raw files and truths, written by `crm demo` where the parameters look for them."""
    done = crm(project, "demo")
    assert done.returncode == 0, done.stderr
    return project / "work" / "demo"


@pytest.fixture(scope="session")
def demo_report(project, demo_files, tmp_path_factory):
    assert demo_files.exists()
    return published(project, "demo", tmp_path_factory.mktemp("demo"))


@pytest.fixture
def again(project, tmp_path):
    """Give a function that runs a series once more, elsewhere."""
    return lambda series: published(project, series, tmp_path)


@pytest.fixture(scope="session")
def online_retail_report(project, shared_data, tmp_path_factory):
    assert (shared_data / "online_retail").exists()
    return published(project, "online_retail", tmp_path_factory.mktemp("online_retail"))


@pytest.fixture(scope="session")
def cdnow_report(project, shared_data, tmp_path_factory):
    assert (shared_data / "cdnow").exists()
    return published(project, "cdnow", tmp_path_factory.mktemp("cdnow"))
