"""What customers write in their own words: sentences put together from parts, in Chinese, in English, or in both.

What is said hangs on the scores alone: the subject that stands out, and often a second one, praised or blamed by its
own score. The parts stand in ``remarks.json``.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

_GIVEN: Final[Mapping[str, Any]] = json.loads(files("crmlib.demo").joinpath("remarks.json").read_text(encoding="utf-8"))
PARTS: Final[Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]] = _GIVEN["aspects"]
"""By subject and language: what it is said ``of``, how it is praised, blamed and asked about."""

SUBJECTS: Final = tuple(PARTS)

CHINESE: Final = 0.60
BOTH: Final = 0.25
"""Share of remarks in Chinese, and of those that say it once more in English; the others are in English."""

ASIDES: Final = 0.30
"""Share of remarks on a purchase with a word on a second subject."""

MORE: Final = 0.60
"""Share of remarks that go on about their subject."""

FRAMED: Final = 0.35
"""Share of remarks with an opening, and of those with a closing."""

_TONES: Final = {-1: "blame", 0: "ask", 1: "praise"}
_AGAIN: Final = {"zh": "，", "en": ", "}
_BUT: Final = {"zh": "，不过", "en": ", but "}
_DRAWS: Final = 11
_MIDDLE: Final = 3


def draw_asides(
    rng: np.random.Generator, scores: npt.NDArray[np.float64], subject: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """Draw on which second subject customers have a word: ``aside`` (−1: none), and in its score's ``aside_tone``."""
    n = len(scores)
    aside = (subject + rng.integers(1, len(SUBJECTS), n)) % len(SUBJECTS)
    score = scores[np.arange(n), aside]
    silent = (rng.random(n) >= ASIDES) | (score == _MIDDLE)
    return pd.DataFrame({"aside": np.where(silent, -1, aside), "aside_tone": np.where(score > _MIDDLE, 1, -1)})


def write_remarks(rng: np.random.Generator, told: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Write a remark for each row of ``subject, tone, language, aside, aside_tone``.

    ``subject`` and ``aside`` are numbers of :data:`SUBJECTS` (−1: no aside), tones −1 displeased, 0 asking, 1 pleased;
    ``language`` runs from 0 to 1.
    """
    draws = rng.random((len(told), _DRAWS))
    rows = zip(told.itertuples(index=False), draws.tolist(), strict=True)
    return np.array([_remark(row, u) for row, u in rows], dtype=object)


def _remark(row: Any, u: list[float]) -> str:
    tongue = "zh" if row.language < CHINESE + BOTH else "en"
    body = _body(row, tongue, u) if row.tone else _pick(_parts(row.subject, tongue)["ask"], u[0])
    first, last = (
        _pick(parts[_TONES[row.tone]], v / FRAMED) if v < FRAMED else ""
        for parts, v in zip(_GIVEN["frame"][tongue].values(), u[1:3], strict=True)
    )
    said = first + body + last
    return said[0].upper() + said[1:]


def _body(row: Any, tongue: str, u: list[float]) -> str:
    """Praise or blame the subject, at times at more length, with a word on another, or once more in English."""
    body = _clause(row.subject, row.tone, tongue, u[3], u[4])
    if u[5] < MORE:
        body += _AGAIN[tongue] + _pick(_parts(row.subject, tongue)[f"{_TONES[row.tone]}_more"], u[6])
    if row.aside >= 0:
        join = _AGAIN if row.aside_tone == row.tone else _BUT
        body += join[tongue] + _clause(row.aside, row.aside_tone, tongue, u[7], u[8])
    if CHINESE <= row.language < CHINESE + BOTH:
        body += _AGAIN["zh"] + _clause(row.subject, row.tone, "en", u[9], u[10])
    return body


def _parts(subject: int, tongue: str) -> Mapping[str, Sequence[str]]:
    return PARTS[SUBJECTS[subject]][tongue]


def _clause(subject: int, tone: int, tongue: str, about: float, verdict: float) -> str:
    """Say of a part of the subject how it was."""
    parts, gap = _parts(subject, tongue), "" if tongue == "zh" else " "
    return _pick(parts["of"], about) + gap + _pick(parts[_TONES[tone]], verdict)


def _pick(parts: Sequence[str], u: float) -> str:
    return parts[int(u * len(parts))]
