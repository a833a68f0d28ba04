"""``crm init`` as a command: what it writes, what it refuses to write over, how it ends."""

import pytest

from crmlib.params import load_parameters
from crmlib.running.initial import write_initial
from crmlib.running.outcomes import Outcome, RunFailureError

ORDERS = "order no,customer,order date,amount\n" + "".join(
    f"{n},c{n % 3},2026-10-{n:02},{n}.50\n" for n in range(1, 32)
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a folder with an export in it, and stand in it."""
    (tmp_path / "my exports").mkdir()
    (tmp_path / "my exports" / "orders.csv").write_text(ORDERS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_out_the_file_is_named_after_the_folder(folder):
    said = write_initial([folder / "my exports"])
    params = load_parameters("params/my-exports.yaml")
    assert (params.series, params.title) == ("my-exports", "My exports, customer report")
    assert params.sources.transactions[0].path == "../my exports/orders.csv"
    assert said[0] == "transactions: orders.csv (1 file), 4 of 4 columns"
    assert said[-1] == "next: look at the guesses, then crm check params/my-exports.yaml"


def test_what_is_there_is_written_over_only_when_asked(folder):
    file = folder / "shop.yaml"
    file.write_text("mine")
    with pytest.raises(RunFailureError, match="is there already") as refused:
        write_initial([folder / "my exports"], file)
    assert refused.value.outcome is Outcome.BAD_PARAMETERS
    assert file.read_text() == "mine"
    write_initial([folder / "my exports"], file, force=True)
    assert load_parameters(file).series == "shop"


def test_files_that_are_not_there_or_cannot_be_read_end_with_their_codes(folder):
    with pytest.raises(RunFailureError, match=r"Did you mean orders\.csv") as refused:
        write_initial([folder / "my exports" / "order.csv"])
    assert refused.value.outcome is Outcome.BAD_PARAMETERS
    (folder / "my exports" / "orders.csv").write_bytes(b"")
    with pytest.raises(RunFailureError, match="is empty") as refused:
        write_initial([folder / "my exports"])
    assert refused.value.outcome is Outcome.INPUT_REJECTED
    assert not (folder / "params").exists()


def test_a_place_that_cannot_be_written_is_said(folder):
    (folder / "params").write_text("a file where a folder should be")
    with pytest.raises(RunFailureError, match="cannot be written") as refused:
        write_initial([folder / "my exports"])
    assert refused.value.outcome is Outcome.BAD_PARAMETERS


def test_nothing_recognised_is_said_and_the_file_names_what_was_seen(folder):
    (folder / "my exports" / "orders.csv").rename(folder / "my exports" / "notes.csv").write_text("a,b\nx,y\nz,w\n")
    said = write_initial([folder / "my exports"], folder / "shop.yaml")
    assert said[-1] == "no table was recognised: give each file a table and its columns by hand"
    assert "# left out: notes.csv: could not tell which table it is; it has a, b" in (folder / "shop.yaml").read_text()


def test_it_ends_with_what_it_asks(folder):
    rows = "".join(f"o{n},c{n % 3},s{n % 20},2026-10-{n % 28 + 1:02},{n % 3 + 1},{n % 7 + 1}.50\n" for n in range(40))
    (folder / "my exports" / "orders.csv").write_text(f"order no,customer,sku,order date,units,price\n{rows}")
    said = write_initial([folder / "my exports"], folder / "shop.yaml")
    start = said.index("asks 1 question:")
    assert said[start + 1].startswith("  price_or_line_total: Is price the price of one")
    assert said[start + 2].startswith("    price_of_one: price × units is the money of a line → 2026-10: ")
    assert said[-1] == f"next: answer them in the file (`answer:`), then crm check {folder / 'shop.yaml'}"
    revenue = sum((n % 3 + 1) * (n % 7 + 1.5) for n in range(40))
    assert said[start + 2].endswith(f"2026-10: {revenue:,.2f} of 40 orders")
