"""The chapter's own table of forecasts on CDNOW: 39 weeks to fit, 39 held out, the choice inside the first 39."""

from datetime import date

import ibis
import numpy as np
import pytest

from crmlib.segmentation.value.holdout import HEURISTICS, MODELS, accuracy, judge

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def judged(cdnow_orders):
    rows = cdnow_orders.assign(customer_id=cdnow_orders["master_id"].astype("str"), is_purchase=True)
    table = ibis.memtable(rows[["customer_id", "ordered_at", "amount", "is_purchase"]]).cast(
        {"amount": "decimal(18, 4)"}
    )
    return judge(table, date(1997, 1, 1), date(1997, 10, 1), date(1998, 7, 1))


def test_all_forecasts_in_one_table_with_paired_differences_to_the_choice_made_before(judged):
    # An honest choice inside the fit window takes MBG/NBD or BG/NBD, not the Pareto/NBD that turns out closest.
    assert judged.chosen in {"MBG/NBD", "BG/NBD"}
    table = accuracy(judged, np.random.default_rng(1)).set_index("forecast")
    assert set(table.index) == {*MODELS, *HEURISTICS}
    assert table.loc["Pareto/NBD", "mae"] == pytest.approx(0.7545, abs=5e-5)
    assert table.loc["Pareto/NBD", "rmse"] == pytest.approx(1.603, abs=5e-4)
    assert table.loc["MBG/NBD", "mae"] == pytest.approx(0.765, abs=5e-4)
    assert table.loc["BG/NBD", "mae"] == pytest.approx(0.785, abs=5e-4)
    assert table.loc[judged.chosen, "mae_difference"] == 0
    assert table.loc["Pareto/NBD", "mae_difference_high"] < 0
    assert (table["customers"] == 2357).all()


def test_the_held_out_means_by_frequency_of_the_literature(judged):
    # Fader, Hardie & Lee (2005): means made, and those of Pareto/NBD and BG/NBD, by purchases before.
    group = judged.held.summary["frequency"].clip(upper=7).astype(int)
    printed = {
        "Pareto/NBD": [0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403],
        "BG/NBD": [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157],
    }
    made = judged.held.actual.groupby(group).mean()
    assert made.tolist() == pytest.approx([0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359], abs=5e-4)
    for name, means in printed.items():
        # the parameters behind the printed means were rounded; a thousandth of a purchase is what that leaves
        assert judged.forecasts[name].groupby(group).mean().tolist() == pytest.approx(means, abs=1.5e-3)
