"""What is published: when, from what, in what time."""

import json

import pytest

from crmlib.running.commands.status import status
from crmlib.running.outcomes import RunFailureError


def test_a_row_a_period_and_the_warnings_of_the_newest(published, capsys):
    status(published.reports.parent)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:2] == ["tiny", "2026-10"]
    assert lines[2] == "tiny 2026-10: customers' pseudonyms were made with the published demo key"


def test_json_has_the_same(published, capsys):
    status(published.reports, as_json=True)
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["series"], row["period"], row["files"], row["lines"]) == ("tiny", "2026-10", 1, 2)
    assert row["seconds"] > 0


def test_an_empty_folder_and_none(tmp_path, capsys):
    status(tmp_path)
    assert capsys.readouterr().out == "nothing is published there yet\n"
    with pytest.raises(RunFailureError, match="there is no such folder"):
        status(tmp_path / "none")
