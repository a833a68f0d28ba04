"""What every page carries: its style, its short script, and the policy that allows no more."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Final

from crmlib.reporting.palette import ROLES

TEMPLATES: Final = Path(__file__).parent / "template"

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS: Final = re.compile(r"\s+")
_AROUND: Final = re.compile(r"\s*([{};,])\s*")


@cache
def style() -> str:
    """Give the style sheet with the palette's colours, light and dark, packed."""
    light = ";".join(f"--{role}:{colour}" for role, (colour, _dark) in ROLES.items())
    dark = ";".join(f"--{role}:{colour}" for role, (_light, colour) in ROLES.items())
    sheet = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    roles = f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return roles + packed(sheet)


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
