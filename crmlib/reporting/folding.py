"""What most readers do not need at once: folded behind one line, by the page's own means, without a script."""

from collections.abc import Iterable
from html import escape

from crmlib.reporting.shown import Shown, show_all


def folded(summary: str, *parts: Shown) -> Shown:
    """Fold shown objects behind a line that says what they are; a printed page shows them."""
    if not summary.strip() or not parts:
        raise ValueError("say what is folded, and fold something")
    inside = show_all(*parts)
    html = f'<details class="crm-fold"><summary>{escape(summary)}</summary>{inside.html}</details>'
    return Shown("group", html, f"{summary}\n{inside.text}", inside.data, inside.words)


def definitions(summary: str, items: Iterable[tuple[str, str]]) -> Shown:
    """Fold a list of words and what they mean."""
    pairs = list(items)
    rows = "".join(f"<li><b>{escape(word)}</b>: {escape(meaning)}</li>" for word, meaning in pairs)
    return folded(
        summary, Shown("note", f"<ul>{rows}</ul>", "\n".join(f"{word}: {meaning}" for word, meaning in pairs))
    )
