"""What page 01 may say about persons and privacy: links by key and channel, consent, keys, personal data found."""

from dataclasses import dataclass

import pandas as pd

from crmlib.prep.people import People
from crmlib.privacy.pseudonyms import key_ids


@dataclass(frozen=True, slots=True)
class PrivacyAccount:
    """The account of identity and privacy; it holds counts, and nobody's number.

    Attributes
    ----------
    links
        Links between accounts by what they share and where they are: ``key, one, other, links``; ``one`` and ``other``
        are name spaces of customer numbers (``shared`` for that of the cards).
    agreed, refused, unknown
        Persons by what they said about analysis.
    unclear
        Of those who refused, persons whose word is neither yes nor no.
    withheld
        Persons who stand in no customer table.
    forgotten
        Of them, persons who were erased and were delivered again.
    aliases
        Pseudonyms that gave way to an older one since the series began.
    personal
        Personal data in columns nobody declared, taken out: ``table, column, kind, values, share, file, line``.
    key_ids
        Which key served each purpose: purpose → twelve digits that follow from it, never the key.
    """

    links: pd.DataFrame
    agreed: int
    refused: int
    unknown: int
    withheld: int
    forgotten: int
    aliases: int
    personal: pd.DataFrame
    key_ids: dict[str, str]
    unclear: int = 0


def account_of(people: People) -> PrivacyAccount:
    """Write the account of a run's persons."""
    consent = people.consent
    return PrivacyAccount(
        links=links_by_channel(people.identity.links),
        agreed=consent.agreed,
        refused=consent.refused,
        unknown=consent.unknown,
        withheld=consent.withheld_persons,
        forgotten=consent.forgotten,
        aliases=len(people.register.aliases),
        personal=people.personal,
        key_ids=key_ids(people.key),
        unclear=consent.unclear,
    )


def links_by_channel(links: pd.DataFrame) -> pd.DataFrame:
    """Count links by key and by the two name spaces they join: ``key, one, other, links``.

    Examples
    --------
    >>> found = pd.DataFrame({"left": ["1", "web:a"], "right": ["mini:x", "1"], "key": ["phone", "phone"]})
    >>> links_by_channel(found).values.tolist()
    [['phone', 'mini', 'shared', 1], ['phone', 'shared', 'web', 1]]
    """
    spaces = [[_space(number) for number in links[side]] for side in ("left", "right")]
    pairs = [sorted(pair) for pair in zip(*spaces, strict=True)]
    frame = pd.DataFrame(pairs, columns=["one", "other"], dtype="str").assign(key=links["key"].to_numpy())
    return frame.groupby(["key", "one", "other"], as_index=False).size().rename(columns={"size": "links"})


def _space(number: str) -> str:
    return number.partition(":")[0] if ":" in number else "shared"
