"""Masking in the engine: only texts that may hold personal data come to Python, each once, and go back masked."""

from typing import Final

import ibis
import pandas as pd

from crmlib.privacy.masking import KnownNames, mask

FREE_TEXT: Final = {
    "transactions": ("description",),
    "customers": ("occupation", "city", "region", "acquired_by"),
    "products": ("name",),
    "stores": ("name",),
    "interactions": ("topic", "owner", "text"),
    "surveys": ("comment",),
    "contacts": ("offer",),
}
"""Columns in which anybody may have typed anything."""

SPOKEN: Final = {"interactions": ("owner", "text"), "surveys": ("comment",)}
"""Columns in which people may be named: by customers who speak, or for the team in charge; all their texts come to
Python."""

_SUSPECT: Final = r"[0-9０-９][0-9０-９ .()（）．／/·\x{00a0}\x{3000}\x{2010}-\x{2014}－-]{6,}[0-9０-９XxＸｘ]|[@＠]"


def mask_texts(
    table: str, rows: ibis.Table, judged: ibis.Table, names: KnownNames, country: str | None = None
) -> tuple[ibis.Table, int]:
    """Mask phone numbers, e-mail addresses, identity and bank cards in the free text of a table, names in comments."""
    columns = FREE_TEXT[table]
    spoken = SPOKEN.get(table, ())
    said = [
        judged.filter(judged[name].notnull() if name in spoken else judged[name].re_search(_SUSPECT)).select(
            _said=judged[name]
        )
        for name in columns
    ]
    texts = sorted((said[0] if len(said) == 1 else ibis.union(*said)).distinct().to_pyarrow()["_said"].to_pylist())
    masked = [(text, mask(text, names, country) if spoken else mask(text)) for text in texts]
    masked = [(text, safe) for text, safe in masked if text != safe]
    if not masked:
        return rows, 0
    safe = ibis.memtable(pd.DataFrame(masked, columns=["_said", "_masked"], dtype="str"))
    for name in columns:
        joined = rows.left_join(safe, rows[name] == safe["_said"])
        rows = joined.mutate(**{name: ibis.coalesce(joined["_masked"], joined[name])}).drop("_said", "_masked")
    return rows, len(masked)
