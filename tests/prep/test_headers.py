"""A mapped column that is not in the file is refused before anything runs."""

import pytest

from crmlib.params import ParameterError, load_parameters
from crmlib.prep.landing.headers import refuse_unknown_columns

PARAMETERS = """\
series: shop
title: A shop
sources:
  transactions:
    path: lines-*.csv
    columns: {ordered_at: When,
              amount: Payd}
"""


@pytest.fixture
def file(tmp_path):
    (tmp_path / "lines-1.csv").write_text("When ,Paid\n2026-01-01,1\n")
    path = tmp_path / "shop.yaml"
    path.write_text(PARAMETERS)
    return path


def test_the_error_names_line_file_and_nearest_column(file):
    with pytest.raises(ParameterError, match=r"shop\.yaml:7: lines-1\.csv has no column 'Payd'. Did you mean Paid\?"):
        refuse_unknown_columns(load_parameters(file), file)


def test_in_a_list_of_sources_too(file):
    listed = PARAMETERS.replace("    path", "  - path").replace("    columns", "    columns")
    file.write_text(listed)
    with pytest.raises(ParameterError, match=r"shop\.yaml:7: lines-1\.csv has no column 'Payd'"):
        refuse_unknown_columns(load_parameters(file), file)


def test_a_right_mapping_passes_and_headers_are_stripped(file):
    file.write_text(PARAMETERS.replace("Payd", "Paid"))
    params = load_parameters(file)
    refuse_unknown_columns(params, file)
    assert params.sources.transactions[0].columns == {"ordered_at": "When", "amount": "Paid"}


def test_a_missing_file_is_named_with_its_neighbour(file):
    file.write_text(PARAMETERS.replace("lines-*.csv", "line-1.csv"))
    with pytest.raises(ParameterError, match=r"no file matches 'line-1.csv'. Did you mean lines-1.csv\?"):
        refuse_unknown_columns(load_parameters(file), file)


def test_a_header_that_is_no_header_is_not_printed_whole(file):
    (file.parent / "lines-1.csv").write_text("When," + ",".join(f"{n}{'x' * 5000}" for n in range(40)) + "\n1,2\n")
    with pytest.raises(
        ParameterError, match=r"has no column 'Payd'\. Known here: .* 29 more are not listed\."
    ) as caught:
        refuse_unknown_columns(load_parameters(file), file)
    assert len(str(caught.value)) < 700
