"""What the documentation shows at work does work."""

import doctest
from pathlib import Path

import pytest

DOCS = sorted(file for file in (Path(__file__).parents[1] / "docs").glob("*.md") if ">>> " in file.read_text())


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.stem)
def test_examples_of_the_documentation_work(file):
    found = doctest.testfile(str(file), module_relative=False, encoding="utf-8")
    assert found.attempted
    assert not found.failed


def test_there_are_examples():
    assert "beyond_the_notebooks" in [file.stem for file in DOCS]
