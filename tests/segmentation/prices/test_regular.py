"""Articles that sell regularly: counted between their own first week and last."""

import numpy as np
import pandas as pd
import pytest

from crmlib.segmentation.prices.elasticity import MOST_SILENT, regular_articles, silent_share


def weeks_of(**sold):
    return pd.concat([pd.DataFrame({"product_id": name, "week": list(weeks)}) for name, weeks in sold.items()])


def test_weeks_without_a_sale_are_counted():
    weeks = weeks_of(p=range(40), q=[week for week in range(40) if week % 4 != 1])
    assert silent_share(weeks) == pytest.approx(10 / 80)
    assert np.isnan(silent_share(weeks.head(0)))


def test_an_article_that_came_late_or_left_early_is_not_silent():
    weeks = weeks_of(p=range(40), late=range(25, 40), early=range(10))
    assert silent_share(weeks) == 0
    assert len(regular_articles(weeks)) == len(weeks)


def test_weeks_in_which_nothing_was_sold_at_all_do_not_count():
    assert silent_share(weeks_of(p=[0, 1, 3, 4], q=[0, 1, 3, 4])) == 0


@pytest.mark.parametrize(("gone", "kept"), [(2, True), (3, False)])
def test_the_limit_is_five_per_cent_of_an_article_s_weeks(gone, kept):
    weeks = weeks_of(p=range(40), q=[week for week in range(40) if week not in range(5, 5 + gone)])
    assert MOST_SILENT == 0.05
    assert ("q" in set(regular_articles(weeks)["product_id"])) is kept
