"""Many comparisons at once."""

import numpy as np
import pytest

from crmlib.stats.multiple import benjamini_hochberg


def test_the_published_example_has_four_findings():
    # Benjamini & Hochberg (1995), section 4: fifteen p-values, the first four rejected at 0.05
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    adjusted = benjamini_hochberg(p)
    assert (adjusted <= 0.05).sum() == 4
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)


def test_what_was_not_tested_does_not_count():
    assert benjamini_hochberg([np.nan, 0.04])[1] == pytest.approx(0.04)
    assert np.isnan(benjamini_hochberg([np.nan])).all()


def test_a_p_value_outside_its_range_is_refused():
    with pytest.raises(ValueError, match=r"\[0, ?1\]|within the interval|between 0 and 1"):
        benjamini_hochberg([1.2])
