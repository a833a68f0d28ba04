"""Dirt: as much as asked for, where it is allowed."""

import numpy as np
import pandas as pd

from crmlib.demo.plan import Plan
from crmlib.demo.raw.dirt import full_width, soiled_emails, soiled_phones, some, text


def test_rows_are_chosen_among_the_allowed() -> None:
    allowed = np.zeros(100, dtype=bool)
    allowed[10:20] = True
    rows = some(Plan(), np.random.default_rng(1), 100, 8, allowed)
    assert len(set(rows)) == 8
    assert ((rows >= 10) & (rows < 20)).all()
    assert len(some(Plan(), np.random.default_rng(1), 100, 50, allowed)) == 10


def test_soiled_keys_are_the_same_keys_underneath() -> None:
    phones = np.array([f"144{i:08d}" for i in range(500)], dtype=object)
    soiled = soiled_phones(np.random.default_rng(1), phones)
    assert 50 < (soiled != phones).sum() < 200
    plain = [p.translate({0xFEE0 + ord(d): d for d in "0123456789"}) for p in soiled]
    digits = ["".join(c for c in p if c.isdigit()).removeprefix("86") for p in plain]
    assert digits == phones.tolist()
    emails = np.array([f"a{i}@example.com" for i in range(300)], dtype=object)
    assert [e.strip().lower() for e in soiled_emails(np.random.default_rng(1), emails)] == emails.tolist()


def test_text_of_numbers() -> None:
    assert text(pd.Series([1.0, 0.486, None]), "%g").tolist() == ["1", "0.486", ""]
    assert full_width("-1.5") == "-１．５"
