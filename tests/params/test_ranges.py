"""A number or a range, and what is refused with what would do."""

import pytest

from crmlib.params import ParameterError, load_parameters, write_parameters

SHOP = """\
series: shop
title: A shop
as_of: 2026-11-01
sources: {{transactions: {{path: lines.csv, columns: {{ordered_at: When, amount: Paid}}}}}}
churn:
  {given}
"""


def loaded(folder, given):
    file = folder / "shop.yaml"
    file.write_text(SHOP.format(given=given), encoding="utf-8")
    return load_parameters(file)


def test_a_number_or_a_range_is_taken_and_written_again_as_it_was(tmp_path):
    params = loaded(tmp_path, "{share_kept: [0.1, 0.3, 0.5], contact_cost: 2, least_risk: money}")
    assert (params.churn.share_kept, params.churn.contact_cost) == ((0.1, 0.3, 0.5), 2)
    assert params.churn.least_risk == "money"
    write_parameters(params, tmp_path / "resolved.json")
    assert load_parameters(tmp_path / "resolved.json").churn == params.churn


def test_what_files_had_before_goes_on_working(tmp_path):
    churn = loaded(
        tmp_path, "{kept_value: 80, incentive_share: 0.05, contact_cost_share: 0.005, least_risk: 0.4}"
    ).churn
    assert (churn.kept_value, churn.incentive_share, churn.contact_cost_share) == (80, 0.05, 0.005)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("share_kept: [0.1, 0.3]", r":6: churn.share_kept: give a number, or a range \[low, likely, high\]; found"),
        ("share_kept: much", r":6: churn.share_kept: give a number, or a range .*; found 'much'"),
        ("share_kept: [0.5, 0.3, 0.1]", r":6: churn.share_kept: a range runs from low over likely to high"),
        ("margin: [0, 0.3, 0.5]", r":6: churn.margin: is above 0 and at most 1; found \[0, 0.3, 0.5\]"),
        ("incentive_share: 1.2", r":6: churn.incentive_share: is not below 0 and at most 1; found 1.2"),
        ("contact_cost: -1", r":6: churn.contact_cost: is not below 0; found -1"),
        ("acceptance_alpha: 6", r"acceptance_alpha: the share of leavers .* Write share_kept: \[0.1, 0.3, 0.5\]"),
    ],
)
def test_anything_else_is_refused_with_a_remedy(tmp_path, given, message):
    with pytest.raises(ParameterError, match=message):
        loaded(tmp_path, given)
