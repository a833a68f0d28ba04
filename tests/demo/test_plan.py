"""Plans: dates, scale and random streams."""

from datetime import date

import numpy as np

from crmlib.demo import Plan


def test_days_are_counted_from_the_first_of_trading() -> None:
    plan = Plan()
    assert plan.day(plan.start) == 0
    assert plan.as_of_day == 730
    assert plan.horizon == 735
    assert plan.day(date(2025, 11, 1)) == 365


def test_streams_are_independent_of_each_other_and_hang_on_the_seed() -> None:
    draws = {(seed, name): Plan(seed=seed).stream(name).random(4).tobytes() for seed in (1, 2) for name in ("a", "b")}
    assert len(set(draws.values())) == 4
    assert np.frombuffer(draws[1, "a"]).tolist() == Plan(seed=1).stream("a").random(4).tolist()


def test_scale_is_one_for_the_published_demo() -> None:
    assert Plan().scale == 1.0
    assert Plan(members=600).scale == 0.1
