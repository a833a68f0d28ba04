"""How axes look before anyone draws: quiet, aligned, grey where there is nothing to say."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any, Final

from crmlib.reporting import palette

CHINESE: Final = ("Noto Sans CJK SC", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC", "Source Han Sans SC")

log = logging.getLogger(__name__)


@cache
def fonts() -> tuple[str, ...]:
    """Give the fonts that letters are measured with: matplotlib's own, and behind it a Chinese one where there is one.

    The page draws its words with the reader's fonts, so that a missing one costs a little spacing at most; that is
    logged once.
    """
    from matplotlib import font_manager

    installed = set(font_manager.get_font_names())
    found = tuple(name for name in CHINESE if name in installed)
    if not found:
        log.info("no Chinese font found (%s): Chinese labels may sit a little off", ", ".join(CHINESE))
    return ("DejaVu Sans", *found[:1])


def settings() -> dict[str, Any]:
    """Give matplotlib's settings for a page's figures.

    Text stays text, ids and dates are fixed so that the bytes repeat, and a dollar sign is a dollar sign.
    """
    from cycler import cycler

    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "crm",
        "text.parse_math": False,
        "font.family": list(fonts()),
        "font.size": 10,
        "axes.prop_cycle": cycler(color=palette.SERIES),
        "axes.titlesize": 10,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlecolor": palette.INK,
        "axes.labelsize": 10,
        "axes.labelcolor": palette.MUTED,
        "axes.edgecolor": palette.LINE,
        "axes.linewidth": 0.8,
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.unicode_minus": True,
        "axes.formatter.use_mathtext": False,
        "axes.xmargin": 0.02,
        "grid.color": palette.LINE,
        "grid.linewidth": 0.6,
        "text.color": palette.INK,
        "xtick.color": palette.LINE,
        "ytick.color": palette.LINE,
        "xtick.labelcolor": palette.MUTED,
        "ytick.labelcolor": palette.MUTED,
        "xtick.labelsize": 9.5,
        "ytick.labelsize": 9.5,
        "xtick.major.size": 3,
        "ytick.major.size": 0,
        "lines.linewidth": 2,
        "lines.markersize": 5,
        "lines.solid_capstyle": "round",
        "patch.linewidth": 0,
        "hatch.linewidth": 0.6,
        "legend.frameon": False,
        "legend.fontsize": 9.5,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.facecolor": "none",
        "savefig.bbox": None,
        "image.cmap": "Blues",
    }
