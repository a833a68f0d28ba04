"""What all sections share: nothing unknown, nothing changed after reading, marks, zones and countries that exist."""

import codecs
from typing import Annotated, Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from crmlib.params.errors import did_you_mean

_ENCODINGS: Final = ("utf-8", "utf-16", "gb18030", "gbk", "big5", "cp1252", "latin-1", "cp1251", "shift_jis", "euc_kr")
_TAB: Final = ("tab", r"\t", "\t")


class Section(BaseModel):
    """Base of all sections: unknown keys are refused, values are frozen, text is stripped."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
        allow_inf_nan=False,
    )


def _separator(text: str) -> str:
    """Take one character; a tab may be written as a word."""
    if text in _TAB:
        return "\t"
    if len(text) != 1 or text in '"\r\n':
        raise ValueError(f"is one character, such as ';' or tab; found {text!r}")
    return text


def _encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        raise ValueError(f"there is no encoding {name!r}. {did_you_mean(name, _ENCODINGS)}") from None
    return name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        known = sorted(available_timezones()) if len(name) > 3 else ["UTC", "Europe/London", "Asia/Shanghai"]
        near = did_you_mean(name, known)
        hint = near if near.startswith("Did") else "Names are such as Europe/London, Asia/Shanghai and UTC."
        raise ValueError(f"there is no time zone {name!r}. {hint}") from None
    return name


def _country(code: str) -> str:
    """Take a country whose public holidays are known, or a part of one: DE, DE-BY."""
    from holidays import list_supported_countries

    known = list_supported_countries(include_aliases=False)
    nation, dash, part = code.partition("-")
    if nation not in known:
        near = did_you_mean(nation, known) if len(nation) == 2 else "Codes are those of ISO 3166-1, such as DE and CN."
        raise ValueError(
            f"no public holidays are known of {nation!r}. {near if near.startswith(('Did', 'Codes')) else ''}".strip()
        )
    if dash and part not in known[nation]:
        raise ValueError(f"{nation} has no part {part!r} with holidays of its own. {did_you_mean(part, known[nation])}")
    return code


Separator = Annotated[str, StringConstraints(strip_whitespace=False), AfterValidator(_separator)]
"""A field separator; a tab is no blank to be stripped."""
Mark = Annotated[str, StringConstraints(min_length=1, max_length=1)]
"""A decimal mark."""
Grouping = Annotated[str, StringConstraints(strip_whitespace=False, max_length=1)]
"""A thousands mark; it may be a blank."""
Encoding = Annotated[str, AfterValidator(_encoding)]
Zone = Annotated[str, AfterValidator(_zone)]
Country = Annotated[str, AfterValidator(_country)]
"""ISO 3166-1 code, with or without a part of the country (ISO 3166-2)."""
