"""The files that a pattern names: a link that leads nowhere or in a circle is an error."""

import pytest

from crmlib.params import ParameterError
from crmlib.params.globbing import matching


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.csv").write_text("a")
    return tmp_path


def test_files_come_sorted_and_folders_are_none(folder):
    (folder / "0.csv").write_text("0")
    (folder / "b.csv").mkdir()
    assert [each.name for each in matching(folder / "*.csv")] == ["0.csv", "a.csv"]


def test_a_link_to_nothing_is_told(folder):
    (folder / "b.csv").symlink_to(folder / "gone.csv")
    with pytest.raises(ParameterError, match=r"'b\.csv' is a link to nothing"):
        matching(folder / "*.csv")


def test_folders_that_lead_in_a_circle_do_not_count_a_file_twice(folder):
    (folder / "again").symlink_to(folder)
    with pytest.raises(ParameterError, match=r"'a\.csv' is found twice"):
        matching(folder / "**" / "*.csv")


def test_a_link_to_a_file_elsewhere_is_that_file(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("share") / "b.csv"
    elsewhere.write_text("b")
    (folder / "b.csv").symlink_to(elsewhere)
    assert [each.name for each in matching(folder / "*.csv")] == ["a.csv", "b.csv"]
