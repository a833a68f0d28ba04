"""The audit log: who used the identity map for what, a line each, only ever added to; a changed line is noticed.

A line holds no personal data. Each carries a code over itself and the line before (HMAC-SHA256 under a key of its own),
so that a line cannot be changed, taken out or put in between by who has not the key.
"""

import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any, Final

from crmlib.privacy.pseudonyms import Key
from crmlib.workspace import private_folder

_FIRST: Final = "0" * 16


def audit_file(state_dir: Path) -> Path:
    """Say where the log of a series stands."""
    return state_dir / "identity" / "audit.jsonl"


def note(state_dir: Path, key: Key, **facts: str | int) -> None:
    """Add a line: when, who, what, how many, and the id of the key."""
    file = audit_file(state_dir)
    private_folder(file.parent)
    before = read_log(state_dir)
    line: dict[str, Any] = {**facts, "key": key.id}
    line["code"] = _code(line, before[-1]["code"] if before else _FIRST, key)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as log:
        log.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
        log.flush()
        os.fsync(log.fileno())


def read_log(state_dir: Path) -> list[dict[str, Any]]:
    """Read the lines of the log, oldest first."""
    file = audit_file(state_dir)
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def first_broken_line(state_dir: Path, key: Key) -> int | None:
    """Find the first line that was changed or stands in the wrong place, counted from one; lines of other keys pass."""
    before = _FIRST
    for number, line in enumerate(read_log(state_dir), start=1):
        if line["key"] == key.id and not hmac.compare_digest(line["code"], _code(line, before, key)):
            return number
        before = line["code"]
    return None


def _code(line: dict[str, Any], before: str, key: Key) -> str:
    facts = {name: value for name, value in line.items() if name != "code"}
    text = before + json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return hmac.new(key.expand("audit"), text.encode(), hashlib.sha256).hexdigest()[:16]
