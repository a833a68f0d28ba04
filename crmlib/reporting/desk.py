"""How a notebook's cells look where they are written: in JupyterLab, light or dark, and as nbconvert exports them."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import pandas as pd

from crmlib.reporting.chrome import TEMPLATES, packed
from crmlib.reporting.palette import ROLES
from crmlib.reporting.shown import Shown

_SHOWN: Final = re.compile(
    r"/\* shown:.*?\*/(?P<first>.*?)/\* tables:.*?\*/(?P<tables>.*?)/\* shown again \*/(?P<rest>.*?)/\* of pages",
    re.DOTALL,
)
_LONGEST: Final = 240
"""Letters of a frame's cell; pandas cuts at 50, in the middle of what `run.tables` says of a column."""
_STRONGER: Final = ":root:not(#crm)"
"""Before every rule, so that it counts for more than those of JupyterLab, which float a definition's term."""


def desk() -> Shown:
    """Give this notebook the look of the report's pages, and frames room for whole sentences; a page leaves it out."""
    pd.set_option("display.max_colwidth", _LONGEST)
    return Shown("style", f"<style>{_style()}</style>", "")


@cache
def _style() -> str:
    """Take the rules of shown objects from the pages' style sheet, and follow the theme of the application."""
    found = _SHOWN.search((TEMPLATES / "style.css").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("style.css lacks one of the comments that mark what is shown")
    light = _roles(place=0) + "--surface:var(--jp-layout-color0,#fff);"
    dark = _roles(place=1) + "--surface:var(--jp-layout-color0,#111);"
    sizes = "--small:.8125rem;--large:1.5rem;--text:38rem;"
    rules = packed(f"{found['first']}{found['rest']}.crm-table{{{found['tables']}}}")
    more = (
        ":is(.crm-strip,.crm-figure,.crm-table,.crm-answer){max-width:45rem;line-height:1.4;color:var(--ink)}"
        ".crm-strip dt{float:none;width:auto;padding:0;margin:0}.crm-strip dd{padding:0}"
        ".crm-table :is(tr,th,td){background:none;color:inherit;max-width:none}.crm-table tr:hover{background:none}"
        ".crm-table thead th{color:var(--muted)}"
        "summary{cursor:pointer;color:var(--muted)}"
    )
    return f":root{{{light}{sizes}}}:is([data-jp-theme-light=false],.vscode-dark){{{dark}}}{_STRONGER}{{{rules}{more}}}"


def _roles(place: int) -> str:
    return "".join(f"--{role}:{colours[place]};" for role, colours in ROLES.items() if role != "surface")
