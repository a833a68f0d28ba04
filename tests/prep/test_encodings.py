"""The encoding of a file is told from its bytes; where they do not decide, the guess says that it is one."""

import gzip

import pytest

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing import detect_encoding
from crmlib.prep.landing.scanning import scan

CHINESE = "门店,商品名称,价格\n上海,绿茶,12\n北京,红茶,8\n"
TRADITIONAL = "商品編號,名稱,價格,門市\n1,綠茶,3,臺北信義店\n2,紅茶,4,高雄左營店\n3,烏龍茶,5,臺中西屯店\n"
RUSSIAN = "номер;название;цена\n1;Чай зелёный;120\n2;Кофе молотый;350\n"
JAPANESE = "商品番号,名前,価格\n1,緑茶のペットボトル,3\n2,コーヒー,4\n"


@pytest.mark.parametrize(
    ("content", "found", "sure"),
    [
        (b"id,name\n1,tea\n", "utf-8", True),
        (CHINESE.encode(), "utf-8", True),
        (CHINESE.encode("utf-8-sig"), "utf-8-sig", True),
        (CHINESE.encode("gb18030"), "gb18030", True),
        (CHINESE.encode("utf-16"), "utf-16", True),
        (CHINESE.encode("utf-16-be"), "utf-16-be", True),
        ("id;name\n1;café\n".encode("latin-1"), "cp1252", True),
        ("Straße;Größe;Müller\nÄpfel;Öl;Süßes €\n".encode("cp1252"), "cp1252", True),
        (TRADITIONAL.encode("big5"), "big5", False),
        (RUSSIAN.encode("cp1251"), "cp1251", False),
        (JAPANESE.encode("shift_jis"), "shift_jis", False),
    ],
)
def test_encodings(tmp_path, content, found, sure):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    guess = detect_encoding(path)
    assert (guess.encoding, guess.sure) == (found, sure)
    assert guess.evidence


def test_utf_8_with_a_stray_byte_is_utf_8_and_a_guess(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(CHINESE.encode() * 20 + b"x,\xff,1\n")
    guess = detect_encoding(path)
    assert (guess.encoding, guess.sure) == ("utf-8", False)


def test_portuguese_in_windows_letters(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("avaliação;não é bom;ótima promoção;coração\n".encode("cp1252") * 3)
    assert detect_encoding(path).encoding == "cp1252"


def test_compressed_files_too(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(CHINESE.encode("gb18030")))
    assert detect_encoding(path).encoding == "gb18030"


@pytest.mark.parametrize("line", ["P{n},N\0{n},c\0{n}\r\n", "P{n},N\0\0\0{n}\n", "{n}\0,N\0\n"])
def test_nul_bytes_alone_are_no_utf_16(tmp_path, line):
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,name\r\n" + b"".join(line.format(n=n % 10).encode() for n in range(40)))
    assert detect_encoding(path).encoding == "utf-8"
    with pytest.raises(InputRejectedError, match=r"a\.csv: has NUL bytes"):
        scan(path)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_characters_that_hold_the_byte_of_a_line_end_are_no_line_ends(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes((CHINESE + "上海,上好的茶,3\n" * 30).encode(encoding))
    assert detect_encoding(path).encoding == encoding


@pytest.mark.parametrize(("other", "words"), [("cp1252", "Müller;Käse"), ("gb18030", "张先生;绿茶")])
def test_a_file_of_two_encodings_is_read_line_by_line_and_told(tmp_path, other, words):
    path = tmp_path / "a.csv"
    lines = [f"{n};{words}\n".encode(other if n % 3 == 0 else "utf-8") for n in range(30)]
    path.write_bytes(b"n;who;what\n" + b"".join(lines))
    guess = detect_encoding(path)
    assert (guess.encoding, guess.sure) == (f"utf-8+{other}", False)
    assert guess.evidence.startswith("lines 2, 5, 8, 11, 14 … (10 of 30")
    assert path.read_text(guess.encoding).splitlines()[1:] == [f"{n};{words}" for n in range(30)]


def test_short_chinese_words_that_could_be_utf_8_are_not_mixed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("城市\n联通\n北京\n联通\n上海绿茶\n".encode("gb18030") * 5)
    assert detect_encoding(path).encoding == "gb18030"
