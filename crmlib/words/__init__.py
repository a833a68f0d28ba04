"""Every word a reader sees goes through one catalogue (gettext, English the source).

Words are data: a report in another language is another catalogue in ``crmlib/locale``, not another program.
"""

import gettext as _gettext
from datetime import date, timedelta
from pathlib import Path

_CATALOGUES = Path(__file__).parents[1] / "locale"
_current: _gettext.NullTranslations = _gettext.NullTranslations()


def speak(language: str) -> bool:
    """Choose the language of all later sentences; say whether a catalogue for it was found.

    Without a catalogue the words stay English, so the caller can say so in the report.

    Examples
    --------
    >>> speak("en")
    True
    >>> _("customers")
    'customers'
    """
    global _current  # noqa: PLW0603  (one process renders one report in one language)
    if language == "en":
        _current = _gettext.NullTranslations()
        return True
    found = _gettext.find("crmlib", str(_CATALOGUES), [language]) is not None
    _current = _gettext.translation("crmlib", str(_CATALOGUES), [language], fallback=True)
    return found


def _(message: str) -> str:
    """Give the message in the report's language; fill its ``{names}`` with ``str.format`` afterwards."""
    return _current.gettext(message)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a message of a constant for the catalogue; it is put into the report's language by `_` where it is said."""
    return message


def plural(singular: str, many: str, n: int) -> str:
    """Give the singular or plural message for a count in the report's language."""
    return _current.ngettext(singular, many, n)


def label_of(as_of: date) -> str:
    """Give the period that ends before ``as_of`` as a reader calls it.

    Examples
    --------
    >>> label_of(date(2026, 11, 1)), label_of(date(2026, 11, 15)), label_of(date(2026, 11, 2))
    ('October 2026', '1–14 November 2026', '1 November 2026')
    """
    last = as_of - timedelta(days=1)
    if as_of.day == 1:
        return f"{last:%B %Y}"
    return f"{'1–' if last.day > 1 else ''}{last.day} {last:%B %Y}"
