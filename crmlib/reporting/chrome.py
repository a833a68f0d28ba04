"""What every page carries (style, short script, policy), and the same look for cells where they are written."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from crmlib.reporting.palette import ROLES
from crmlib.reporting.shown import Shown

TEMPLATES: Final = Path(__file__).parent / "template"

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS: Final = re.compile(r"\s+")
_AROUND: Final = re.compile(r"\s*([{};,])\s*")
_SHOWN: Final = re.compile(
    r"/\* shown:.*?\*/(?P<first>.*?)/\* tables:.*?\*/(?P<tables>.*?)/\* shown again \*/(?P<rest>.*?)/\* of pages",
    re.DOTALL,
)
_LONGEST: Final = 240
"""Letters of a frame's cell; pandas cuts at 50, in the middle of what `run.tables` says of a column."""
_STRONGER: Final = ":root:not(#crm)"
"""Before every rule, so that it counts for more than those of JupyterLab, which float a definition's term."""


@cache
def style() -> str:
    """Give the style sheet with the palette's colours, light and dark, packed."""
    light = ";".join(f"--{role}:{colour}" for role, (colour, _dark) in ROLES.items())
    dark = ";".join(f"--{role}:{colour}" for role, (_light, colour) in ROLES.items())
    sheet = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    roles = f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return roles + packed(sheet)


@cache
def paper() -> str:
    """Give what a report that is printed has beside its style."""
    return packed((TEMPLATES / "paper.css").read_text(encoding="utf-8"))


def packed(sheet: str) -> str:
    """Take blanks and comments out of a style sheet."""
    return _AROUND.sub(r"\1", _BLANKS.sub(" ", _COMMENT.sub("", sheet))).replace(";}", "}").strip()


@cache
def script() -> str:
    """Give the page's only script: it opens or closes all code at once where style alone cannot."""
    return (TEMPLATES / "page.js").read_text(encoding="utf-8").strip()


@cache
def policy() -> str:
    """Give the policy of a page: nothing is loaded, nothing runs but our script, known by its hash."""
    digest = b64encode(hashlib.sha256(script().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


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
