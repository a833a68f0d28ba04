"""Dirt as real exports have it, planted in text columns and counted."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.plan import Plan

Texts = npt.NDArray[np.object_]

_FULL_WIDTH: Final = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789"} | {ord("."): "．"}


@dataclass(frozen=True, slots=True)
class Dirt:
    """How often one kind of dirt was planted in one table's files, and the money on those lines (yuan)."""

    kind: str
    table: str
    file: str
    lines: int
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One raw file: the table it feeds, its data lines (no header) and the money that can be read from them."""

    file: str
    table: str
    lines: int
    amount: float = 0.0


def some(
    plan: Plan, rng: np.random.Generator, n: int, wanted: int, allowed: npt.ArrayLike | None = None
) -> npt.NDArray[np.int64]:
    """Choose rows to soil: ``wanted`` of ``n`` in a demo of full size, fewer in a smaller one, at least one."""
    pool = np.arange(n) if allowed is None else np.flatnonzero(allowed)
    k = min(max(round(wanted * plan.scale), 1), len(pool))
    return np.sort(rng.choice(pool, k, replace=False))


def full_width(written: str) -> str:
    """Write digits as an East Asian keyboard in full-width mode does."""
    return written.translate(_FULL_WIDTH)


def soiled_phones(rng: np.random.Generator, phones: Texts) -> Texts:
    """Write phone numbers as people do: with +86, blanks, hyphens, full-width digits, a trailing blank."""
    ways = (
        lambda p: f"+86 {p[:3]} {p[3:7]} {p[7:]}",
        lambda p: f"+86{p}",
        lambda p: f"{p[:3]}-{p[3:7]}-{p[7:]}",
        full_width,
        lambda p: f" {p} ",
        str,
    )
    way = rng.choice(len(ways), len(phones), p=[0.06, 0.05, 0.05, 0.02, 0.03, 0.79])
    return np.array(
        [ways[w](p) if isinstance(p, str) else None for p, w in zip(phones, way, strict=True)], dtype=object
    )


def soiled_emails(rng: np.random.Generator, emails: Texts) -> Texts:
    """Write e-mail addresses in capitals or with blanks now and then."""
    ways = (str.upper, lambda e: f" {e} ", str)
    way = rng.choice(len(ways), len(emails), p=[0.08, 0.04, 0.88])
    return np.array(
        [ways[w](e) if isinstance(e, str) else None for e, w in zip(emails, way, strict=True)], dtype=object
    )


def text(values: pd.Series, form: str) -> pd.Series:
    """Format numbers as text, missing ones as the empty string."""
    written = pd.Series([form % v for v in values.fillna(0.0)], index=values.index, dtype=object)
    return written.where(values.notna(), "")
