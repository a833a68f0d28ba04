"""`environment.yml`, `pyproject.toml` and `requirements.lock` say the same."""

import importlib.util
import re
import sys

import pytest
import yaml

CARD = ["jupyterlab", "papermill", "pandas", "statsmodels", "scikit-learn", "seaborn", "nbconvert", "nbval"]


@pytest.fixture(scope="module")
def environment(project):
    spec = importlib.util.spec_from_file_location("lock_environment", project / ".ci" / "environment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_environment_yml_is_what_the_lock_gives(environment, project):
    assert (project / "environment.yml").read_text() == environment.environment()


def test_environment_yml_names_every_package_once(environment, project):
    listed = yaml.safe_load((project / "environment.yml").read_text())["dependencies"]
    conda = [line.split("=")[0] for line in listed if isinstance(line, str)]
    pip = [line for block in listed if isinstance(block, dict) for line in block["pip"]]
    assert len(conda) == len(set(conda))
    assert len(conda) + len(pip) == len(environment.wanted()) + 3  # python, pip, the project itself


def test_lock_holds_every_package_asked_for_with_hashes(environment, project):
    versions = environment.locked()
    assert [name for name in environment.wanted() if name not in versions] == []
    text = (project / "requirements.lock").read_text()
    assert text.count("==") <= text.count("--hash=sha256:")
    assert "://" not in re.sub(r"#.*", "", text)


@pytest.mark.parametrize("name", CARD)
def test_the_card_is_installed_at_the_locked_version(environment, name):
    if sys.version_info[:2] != (3, 11):
        pytest.skip("the lock forks by Python version; this comparison is for 3.11")
    from importlib.metadata import version

    assert version(name) == environment.locked()[name]


def test_the_spark_lock_holds_the_spark_extra(environment, project):
    name, _, bounds = environment.spark_extra().strip().partition(">=")
    locked = re.search(rf"^{name}==(\S+)", (project / "requirements-spark.lock").read_text(), re.MULTILINE)
    lowest, highest = bounds.split(",<")
    as_numbers = [tuple(map(int, each.split("."))) for each in (lowest, locked.group(1), highest)]
    assert as_numbers[0] <= as_numbers[1] < as_numbers[2]
