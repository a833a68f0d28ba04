"""matplotlib's SVG made fit to stand inside a page: its own ids, no style sheet, colours by role, short numbers."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from crmlib.reporting import palette

SVG: Final = "{http://www.w3.org/2000/svg}"
XLINK: Final = "{http://www.w3.org/1999/xlink}"
PIXELS_PER_INCH: Final = 100  # a figure of 7.2 inches fills the text's width

_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_BLANKS = re.compile(r"\s{2,}")
_FONT = re.compile(r"font:\s*([^;]*?)([\d.]+)px[^;]*;?")
_ROLE_OF: Final = {light: role for role, (light, _dark) in palette.ROLES.items()}
_UNTURNED = re.compile(r"rotate\(-?0 ")
_DEFAULTS: Final = frozenset({"fill-rule: nonzero", "stroke-linecap: butt", "stroke-opacity: 1", "opacity: 1"})


@dataclass(frozen=True, slots=True)
class Described:
    """What a picture is called and what it shows, for readers who cannot see it."""

    title: str
    alt: str


def page_svg(drawing: bytes, described: Described, size: tuple[float, float]) -> str:
    """Make matplotlib's SVG part of a page that shows it at a size in inches: one ``<svg role="img">``.

    Its ids no other figure has; it has no style sheet, scripts or addresses.
    """
    root = ET.fromstring(drawing)  # noqa: S314  (our own drawing, just written)
    _drop(root, {"metadata", "style"})
    prefix = "f" + hashlib.sha256(drawing + described.title.encode()).hexdigest()[:8]
    used = _references(root)
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        _tidy(element, prefix, used)
    _describe(root, described, prefix, size)
    _collapse(root)
    return ET.tostring(root, encoding="unicode")


def _drop(root: ET.Element, names: set[str]) -> None:
    """Take elements out that a page must not have twice, and the empty groups they leave."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.removeprefix(SVG) in names:
                parent.remove(child)


def _references(root: ET.Element) -> set[str]:
    """Find the ids that something points to; all others are weight."""
    used = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == XLINK + "href" and value.startswith("#"):
                used.add(value[1:])
            used.update(_REFERENCE.findall(value))
    return used


def _tidy(element: ET.Element, prefix: str, used: set[str]) -> None:
    """Rewrite the attributes of one element."""
    attributes = dict(element.attrib)
    element.attrib.clear()
    for name, value in attributes.items():
        if name == "id":
            if value in used:
                element.set("id", f"{prefix}-{value}")
        elif name == XLINK + "href":
            element.set("href", f"#{prefix}-{value[1:]}" if value.startswith("#") else value)
        elif name == "style":
            style = _style(_REFERENCE.sub(rf"url(#{prefix}-\1)", value))
            if style:
                element.set("style", style)
        elif not name.startswith("{") and not _UNTURNED.match(value):
            element.set(name, _value(_REFERENCE.sub(rf"url(#{prefix}-\1)", value)))
    if element.text and not element.text.strip():
        element.text = None
    if element.tail and not element.tail.strip():
        element.tail = None


def _value(value: str) -> str:
    """Give coordinates to a hundredth of a point, without the blanks between them that say nothing."""
    return _BLANKS.sub(" ", _NUMBER.sub(_short, value)).strip()


def _short(match: re.Match[str]) -> str:
    """Give a coordinate to a hundredth of a point."""
    return f"{float(match.group()):.2f}".rstrip("0").rstrip(".")


def _style(style: str) -> str:
    """Name colours by role, and leave the type face to the page."""
    style = _FONT.sub(_font, style)
    declarations = (part.strip() for part in style.split(";"))
    wanted = (part for part in declarations if part and part not in _DEFAULTS and not part.startswith("font-family"))
    return ";".join(_NUMBER.sub(_short, _COLOUR.sub(_role, part.replace(": ", ":", 1))) for part in wanted)


def _font(match: re.Match[str]) -> str:
    """Keep size and weight of a font."""
    weight = "font-weight:600;" if "bold" in match.group(1) or "700" in match.group(1) else ""
    return f"font-size:{match.group(2)}px;{weight}"


def _role(match: re.Match[str]) -> str:
    role = _ROLE_OF.get(match.group())
    if role is None:
        return match.group()
    # outside a page (JupyterLab) words and axes take the colour of the text around them
    return "var(--ink,currentColor)" if role == "ink" else f"var(--{role},{match.group()})"


def _describe(root: ET.Element, described: Described, prefix: str, size: tuple[float, float]) -> None:
    """Name the picture, and let its width follow the page."""
    width = round(size[0] * PIXELS_PER_INCH)
    box = {name: root.attrib[name] for name in ("viewBox",) if name in root.attrib}
    root.attrib.clear()
    root.attrib.update(
        {"xmlns": "http://www.w3.org/2000/svg"} | box | {
            "role": "img", "aria-label": described.alt,
            "width": str(width), "height": str(round(size[1] * PIXELS_PER_INCH)),
            "style": "stroke-linejoin:round;max-width:100%;height:auto",
        }
    )  # fmt: skip
    title, desc = ET.Element("title", {"id": f"{prefix}-t"}), ET.Element("desc")
    title.text, desc.text = described.title, described.alt
    root.insert(0, title)
    root.insert(1, desc)


def _collapse(root: ET.Element) -> None:
    """Lift children out of groups that say nothing, deepest first."""
    for child in list(root):
        _collapse(child)
    for position in range(len(root) - 1, -1, -1):
        child = root[position]
        if child.tag == "g" and not child.attrib:
            root[position : position + 1] = list(child)
        elif (child.tag == "defs" and not len(child)) or child.attrib.get("style") == "fill:none":
            root.remove(child)
