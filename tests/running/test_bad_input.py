"""What a newcomer does wrong: each refusal names the file or the line of the parameters, and what would do."""

import pytest

from crmlib.running.checking import check_input
from crmlib.running.outcomes import Outcome, RunFailureError

ORDERS = "id,who,when,how_much\n1,a,2026-10-01,5\n2,b,2026-10-02,7\n"
PATH = "    path: ../data/*.csv\n"


@pytest.fixture
def refused(series):
    """Give a function that checks changed parameters on a changed file and gives the refusal."""

    def tried(old="", new="", content=ORDERS):
        data = content if isinstance(content, bytes) else content.encode()
        (series.folder / "data" / "orders.csv").write_bytes(data)
        text = series.request.params_file.read_text()
        assert old in text
        series.request.params_file.write_text(text.replace(old, new, 1) if old else text)
        with pytest.raises(RunFailureError) as failure:
            check_input(series.request)
        return failure.value

    return tried


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (PATH, f"{PATH}    delimiter: '||'\n", 9, "is one character, such as ';' or tab; found '||'"),
        (PATH, f"{PATH}    delimiter: ';'\n", 10, "The header was not split: look at `delimiter`."),
        (PATH, f"{PATH}    encoding: utf-88\n", 9, "there is no encoding 'utf-88'. Did you mean utf-8"),
        (PATH, f"{PATH}    timezone: Europe/Londn\n", 9, "Did you mean Europe/London"),
        (PATH, f"{PATH}    timezone: Mars\n", 9, "Names are such as Europe/London"),
        (PATH, f"{PATH}    date_format: '%Q'\n", 9, "%Q in date format '%Q' is not known"),
        (PATH, f"{PATH}    header: false\n", 10, "`header: false` leaves the columns without names."),
        (PATH, "    path: ../data\n", 8, "'../data' is a folder. Name its files, such as '../data/*.csv'."),
        (PATH, "    path: ../data/order.csv\n", 8, "Did you mean orders.csv?"),
        (PATH, "    path: ../dat/*.csv\n", 8, "There is no such folder."),
        (PATH, "    url: ${NOPE_DB}\n    table: t\n", 8, "the environment has no variable NOPE_DB"),
        ("ordered_at: when", "ordered_at: wenn", 9, "orders.csv has no column 'wenn'. Did you mean when?"),
        ("sources:", "sorces:", 6, "unknown key 'sorces'. Did you mean sources"),
        ("title: Tiny", "title: Tiny\ntitle: Tiny", 3, "'title' stands twice, first on line 2; remove one"),
        ("title: Tiny", "title: [Tiny", 3, "is no YAML"),
        ("privacy:", "cleaning: {severity: {no_such: warn}}\nprivacy:", 4, "there is no rule 'no_such'. Known here: "),
    ],
)
def test_wrong_parameters_are_named_with_their_line(refused, old, new, line, says):
    failure = refused(old, new)
    assert failure.outcome is Outcome.BAD_PARAMETERS
    assert any(f"tiny.yaml:{line}: " in each and says in each for each in failure.lines), failure.lines


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "orders.csv: is empty; deliver it again, or take it out of the folder"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20, "orders.csv: is no text file; give its `format`"),
        ("id,who,when,how_much\n", "there is no order line in any file; deliver them again"),
        ("id,who,when,how_much\n1,a,31/12/2026,5\n", "no line of transactions is clean; correct its mapping"),
    ],
)
def test_a_file_that_is_no_use_is_named(refused, content, says):
    failure = refused(content=content)
    assert failure.outcome is Outcome.INPUT_REJECTED
    assert says in failure.lines[-1]


def test_a_huge_field_is_set_aside_and_not_raised(series):
    content = ORDERS + "3,a,2026-10-03," + "5" * 5_000_000 + "\n"
    (series.folder / "data" / "orders.csv").write_text(content)
    said = check_input(series.request)
    assert said[1].split()[2:6] == ["1", "3", "2", "1"]
    assert max(map(len, said)) < 300


@pytest.mark.parametrize("written", ["tab", r'"\t"', r"\t"])
def test_a_tab_may_be_written_in_any_way(series, written):
    (series.folder / "data" / "orders.csv").write_text(ORDERS.replace(",", "\t"))
    text = series.request.params_file.read_text()
    series.request.params_file.write_text(text.replace(PATH, f"{PATH}    delimiter: {written}\n"))
    assert check_input(series.request)[1].split()[3:5] == ["2", "2"]


def test_a_blank_may_group_thousands(series):
    (series.folder / "data" / "orders.csv").write_text('id,who,when,how_much\n1,a,2026-10-01,"1 250,50"\n')
    text = series.request.params_file.read_text()
    marks = f'{PATH}    thousands: " "\n    decimal: ","\n'
    series.request.params_file.write_text(text.replace(PATH, marks))
    assert check_input(series.request)[1].split()[3:5] == ["1", "1"]
