"""Files within a zip file: named, read where they are, and refused where they are not to be trusted."""

import io
import zipfile

import pandas as pd
import pytest

from crmlib.params import ParameterError
from crmlib.prep import InputRejectedError
from crmlib.prep.landing.archives import find_members, members, size_of
from crmlib.prep.proposal.sampling import find_files

HEADER = "no,at,sku,qty,price,who\n"


def lines(first, last):
    return HEADER + "".join(f"{n},2026-02-{n:02},A,1,2.50,K{n}\n" for n in range(first, last + 1))


def packed(files):
    """Pack files into the bytes of a zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


MEMBERS = {
    "orders-1.csv": lines(1, 5), "orders-2.csv": lines(6, 8), "sub/orders-3.csv": lines(9, 9),
    "customers.csv": "who\nK1\n", "__MACOSX/._orders-1.csv": "x", ".DS_Store": "x",
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("../data/shop.zip/orders*.csv", ["shop.zip/orders-1.csv", "shop.zip/orders-2.csv"]),
        ("../data/shop.zip/orders-2.csv", ["shop.zip/orders-2.csv"]),
        (
            "../data/*.zip/**/orders*.csv",
            ["shop.zip/orders-1.csv", "shop.zip/orders-2.csv", "shop.zip/sub/orders-3.csv"],
        ),
    ],
)
def test_members_are_files_of_a_source(shop, path, names):
    run, account = shop({"shop.zip": packed(MEMBERS)}, source={"path": path})
    assert account.files["name"].tolist() == names
    rows = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")
    assert set(rows["file"]) == set(names)


def test_a_zip_file_alone_means_the_one_data_file_in_it(shop):
    files = {"README.txt": "by the till", "orders.csv": lines(1, 3)}
    _run, account = shop({"shop.zip": packed(files)}, source={"path": "../data/shop.zip"})
    assert account.files["name"].tolist() == ["shop.zip/orders.csv"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("../data/shop.zip", "shop.zip holds 4 files: customers.csv, orders-1.csv, .*Name those of this source"),
        ("../data/shop.zip/order-1.csv", "holds no file 'order-1.csv'. Did you mean orders-1.csv"),
        ("../data/shops.zip/orders*.csv", "no file matches"),
    ],
)
def test_what_is_not_meant_is_refused_with_what_is_there(shop, path, message):
    with pytest.raises(ParameterError, match=message):
        shop({"shop.zip": packed(MEMBERS)}, source={"path": path})


def test_a_zip_file_that_is_cut_off_is_named(tmp_path):
    file = tmp_path / "shop.zip"
    file.write_bytes(packed(MEMBERS)[:-40])
    with pytest.raises(InputRejectedError, match=r"shop\.zip: is no complete zip file"):
        members(file)


def test_a_member_that_is_damaged_stops_the_run(shop):
    content = bytearray(packed({"orders.csv": lines(1, 28)}))
    content[60:70] = b"\xff" * 10
    with pytest.raises(InputRejectedError, match=r"orders\.csv: cannot be read to its end"):
        shop({"shop.zip": bytes(content)}, source={"path": "../data/shop.zip"})


def test_a_zip_file_made_to_fill_a_disk_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("crmlib.prep.landing.archives._LARGE", 1 << 20)
    file = tmp_path / "bomb.zip"
    file.write_bytes(packed({"orders.csv": b"0" * (4 << 20)}))
    with pytest.raises(InputRejectedError, match="claims to hold far more than its size allows"):
        members(file)
    monkeypatch.setattr("crmlib.prep.landing.archives._LARGEST", 1 << 20)
    file.write_bytes(packed({"orders.csv": b"0" * (5 << 20)}))
    with pytest.raises(InputRejectedError, match="holds more than anybody exports"):
        members(file)


def test_a_password_is_told(tmp_path):
    content = bytearray(packed({"orders.csv": lines(1, 2)}))
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1
    (tmp_path / "shop.zip").write_bytes(bytes(content))
    with pytest.raises(InputRejectedError, match="is protected by a password"):
        members(tmp_path / "shop.zip")


def test_names_of_members_are_read_as_the_sender_wrote_them(tmp_path):
    content = packed({"aabb.csv": lines(1, 2)}).replace(b"aabb", "订单".encode("gb18030"))
    (tmp_path / "shop.zip").write_bytes(content)
    (found,) = find_members(tmp_path / "shop.zip" / "订单.csv")
    assert (found.name, size_of(found)) == ("订单.csv", len(lines(1, 2)))


def test_compressed_members_and_workbooks_are_read_too(shop, tmp_path):
    import gzip

    from openpyxl import Workbook

    book = Workbook()
    for row in lines(4, 6).splitlines():
        book.active.append(row.split(","))
    book.save(tmp_path / "book.xlsx")
    files = {"a.csv.gz": gzip.compress(lines(1, 3).encode()), "b.xlsx": (tmp_path / "book.xlsx").read_bytes()}
    _run, account = shop({"shop.zip": packed(files)}, source={"path": "../data/shop.zip/a.csv.gz"})
    assert account.reconciliation["clean"].tolist() == [3]
    _run, account = shop({}, source={"path": "../data/shop.zip/b.xlsx"})
    assert account.reconciliation["clean"].tolist() == [3]


def test_parquet_is_not_read_from_a_zip_file(shop):
    with pytest.raises(ParameterError, match="is Parquet, which is read in place: unpack the zip file"):
        shop({"shop.zip": packed({"orders.parquet": b"PAR1"})}, source={"path": "../data/shop.zip"})


def test_a_folder_with_a_zip_file_is_looked_into(tmp_path):
    (tmp_path / "shop.zip").write_bytes(packed(MEMBERS))
    (tmp_path / "torn.zip").write_bytes(b"PK")
    found = [path.relative_to(tmp_path).as_posix() for path in find_files([tmp_path])]
    assert found == [
        "shop.zip/customers.csv", "shop.zip/orders-1.csv", "shop.zip/orders-2.csv", "shop.zip/sub/orders-3.csv",
        "torn.zip",
    ]  # fmt: skip
