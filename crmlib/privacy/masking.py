"""Masking: personal data in free text give way to a word that says what stood there."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from crmlib.privacy.detector import Kind, find_personal_data

MASKS: Final[Mapping[Kind, str]] = MappingProxyType(
    {"phone": "[phone]", "email": "[e-mail]", "id_card": "[identity card]", "bank_card": "[bank card]"}
)


def mask(text: str) -> str:
    """Replace phone numbers, e-mail addresses, identity and bank cards in a text.

    Examples
    --------
    >>> mask("请打 138-1234-5678, or write to li.wei@example.com!")
    '请打 [phone], or write to [e-mail]!'
    """
    masked, end = "", 0
    for find in find_personal_data(text):
        masked += text[end : find.start] + MASKS[find.kind]
        end = find.end
    return masked + text[end:]
