"""What every test shares: where the real data stand, and how a test that needs them skips aloud."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def project() -> Path:
    """Give the project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real data beside the project, or skip and say so."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real data not found: expected the folder {folder}")
    return folder


@pytest.fixture(scope="session")
def answered() -> Callable[..., pd.DataFrame]:
    """Give a function that answers five questions as customers do who are satisfied on the whole."""

    def answers_of(people: int = 240) -> pd.DataFrame:
        rng = np.random.default_rng(7)
        mood = rng.normal(size=people)

        def scores(low: int, high: int) -> np.ndarray:
            felt = 0.6 + 0.8 * mood + 0.6 * rng.normal(size=people)
            return np.clip(np.round(low + (high - low) * (felt + 2) / 4), low, high)

        names = ["satisfaction", "staff", "price", "range"]
        return pd.DataFrame({"score_recommend": scores(0, 10)} | {f"score_{name}": scores(1, 5) for name in names})

    return answers_of
