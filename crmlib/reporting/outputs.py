"""What of a notebook's outputs may stand on a page: shown objects, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class UnshowableOutputError(ValueError):
    """A cell put out something that did not go through the gate; the message names the cell, never the values."""


def shown_outputs(cell: Mapping[str, Any], position: int, notebook: str) -> list[str]:
    """Take the HTML of a code cell's shown objects; a cell that printed, failed, or shows anything else is an error.

    What a library wrote to standard error, such as a numerical warning, is left out: it is for whoever runs the report
    (the manifest names it), and no reason to publish nothing.
    """
    outputs = [output for output in cell.get("outputs", ()) if not (_is_aside(output) or _is_style(output))]
    return [_html(output, cell, position, notebook) for output in outputs]


def _is_aside(output: Mapping[str, Any]) -> bool:
    """Say whether an output is what a library wrote to standard error."""
    return output.get("output_type") == "stream" and output.get("name") == "stderr"


def _is_style(output: Mapping[str, Any]) -> bool:
    """Say whether an output is how the notebook looks at the desk: a page has its own style."""
    return output.get("metadata", {}).get("crm", {}).get("kind") == "style"


def _html(output: Mapping[str, Any], cell: Mapping[str, Any], position: int, notebook: str) -> str:
    data = output.get("data", {})
    if "crm" in output.get("metadata", {}) and "text/html" in data:
        return _joined(data["text/html"])
    raise UnshowableOutputError(
        f"{notebook}, cell {position} (id {cell.get('id', '?')}): {_what(output)} cannot stand on a page. "
        "Show it with answer, note, table or figure of crmlib.reporting, or end the cell without an output."
    )


def _what(output: Mapping[str, Any]) -> str:
    """Name an output by its kind; its content may be personal."""
    kind = output.get("output_type")
    if kind == "stream":
        return f"text on {output.get('name', 'stdout')}"
    if kind == "error":
        return f"the error {output.get('ename', '')}".strip()
    types = sorted(output.get("data", {}))
    if "text/html" in types:
        return "a raw table or other HTML"
    if any(each.startswith("image/") for each in types):
        return "a raw image"
    return f"a raw value ({', '.join(types) or 'empty'})"


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
