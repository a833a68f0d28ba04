"""Letters without their accents, as headers and words of several languages are compared."""

import unicodedata


def without_accents(text: str) -> str:
    """Write Latin letters without their accents; other scripts stay.

    Examples
    --------
    >>> without_accents("größe"), without_accents("código"), without_accents("が")
    ('große', 'codigo', 'が')
    """
    if text.isascii():
        return text
    parts = (unicodedata.normalize("NFD", each) for each in text)
    return "".join(each[0] if each[0].isascii() else unicodedata.normalize("NFC", each) for each in parts)
