"""The colours of a report: few, told apart by colour-blind readers and in grey print, the same for the same thing.

Six in the manner of Okabe and Ito (2008), moved so that their lightness climbs in steps. Each has a partner for dark
pages; figures name colours by role, and the page fills in its own.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

INK: Final = "#1a1f26"
MUTED: Final = "#5b6470"
CONTEXT: Final = "#9aa3ad"
LINE: Final = "#d5dae0"
SURFACE: Final = "#ffffff"
ALERT: Final = "#b3261e"
CAUTION: Final = "#8f5d00"

BLUE: Final = "#0a4688"
RED: Final = "#ad3e09"
GREEN: Final = "#16836a"
PURPLE: Final = "#bb77ad"
ORANGE: Final = "#e0a01c"
SKY: Final = "#8bcbf5"
ACCENT: Final = BLUE

SERIES: Final = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY)

# role on the page -> (light, dark); `ink` follows the text around the figure where there is no page
ROLES: Final[dict[str, tuple[str, str]]] = {
    "ink": (INK, "#e8ebef"),
    "muted": (MUTED, "#a3adb8"),
    "context": (CONTEXT, "#6f7a86"),
    "line": (LINE, "#333b45"),
    "surface": (SURFACE, "#14181d"),
    "alert": (ALERT, "#ff8a80"),
    "caution": (CAUTION, "#e9b64b"),
    "blue": (BLUE, "#4f93dd"),
    "orange": (ORANGE, "#efc050"),
    "green": (GREEN, "#35b592"),
    "red": (RED, "#e8743a"),
    "purple": (PURPLE, "#d79bcb"),
    "sky": (SKY, "#bfe3fb"),
}

# text on a coloured cell keeps its colour in light and dark, since the cell does
ON_DARK_CELL: Final = "#fdfdfd"
ON_LIGHT_CELL: Final = "#101418"
LOW_TO_HIGH: Final = ("#eef3f8", "#c6d9ea", "#8db4d6", "#4f86b8", "#1f5c99", "#0b3a70")
# no end is the colour of a role: a map of colours stays as it is on a dark page
BELOW_TO_ABOVE: Final = ("#9c3a0b", "#d98a5a", "#f2d4c0", "#f4f4f2", "#c6d9ea", "#6a9cc8", "#0a4687")

_TELLING: Final = 128  # the relative lightness, of 255, below which white text reads better


def colour(key: object) -> str:
    """Give the colour of a segment, a stage, a store: the same name has the same colour on every page of every report.

    Those that segments and stages use are chosen to go together; any other name gets one from its letters. Upper and
    lower case and full-width forms make no difference.
    """
    name = unicodedata.normalize("NFKC", str(key)).casefold().replace("_", " ").replace("'", "").strip()
    if name in _CHOSEN:
        return _CHOSEN[name]
    return SERIES[int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % len(SERIES)]


def colours(keys: Iterable[object]) -> dict[Any, str]:
    """Give the colour of each key, for seaborn's and matplotlib's palettes."""
    return {key: colour(key) for key in keys}


def on(background: str) -> str:
    """Give the colour in which text on a coloured cell can be read."""
    red, green, blue = (int(background[i : i + 2], 16) for i in (1, 3, 5))
    return ON_DARK_CELL if 0.299 * red + 0.587 * green + 0.114 * blue < _TELLING else ON_LIGHT_CELL


def sequential() -> Any:
    """Give the colour map from little to much, light to dark, readable in grey."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("crm_low_to_high", LOW_TO_HIGH)


def diverging() -> Any:
    """Give the colour map from below to above a middle that means "as expected"."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("crm_below_to_above", BELOW_TO_ABOVE)


_CHOSEN: Final = {
    # the best in blue, the fresh in green, those slipping in orange and red, the gone in grey
    "champions": BLUE,
    "cooling": ORANGE,
    "first timers": GREEN,
    "first-timers": GREEN,
    "loyal": GREEN,
    "loyal customers": GREEN,
    "potential loyalists": SKY,
    "new": ORANGE,
    "new customers": ORANGE,
    "promising": SKY,
    "developing": SKY,
    "need attention": PURPLE,
    "about to sleep": PURPLE,
    "at risk": RED,
    "slipping": RED,
    "cannot lose": RED,
    "cant lose": RED,
    "cant lose them": RED,
    "dormant": PURPLE,
    "hibernating": CONTEXT,
    "lost": CONTEXT,
    "back again": GREEN,
    "prospect": LINE,
    "treatment": BLUE,
    "control": CONTEXT,
    "promoters": BLUE,
    "passives": CONTEXT,
    "detractors": RED,
}
