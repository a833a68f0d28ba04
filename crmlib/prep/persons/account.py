"""What page 01 may say about persons and privacy: links by key and channel, consent, keys, personal data found."""

from dataclasses import dataclass

import pandas as pd

from crmlib.prep.people import People
from crmlib.privacy.pseudonyms import key_ids


@dataclass(frozen=True, slots=True)
class PrivacyAccount:
    """The account of identity and privacy; it holds counts, and nobody's number.

    ``links`` counts them by ``key, one, other``, the name spaces of customer numbers (``shared``: that of the cards);
    ``withheld`` persons stand in no customer table; ``aliases`` are pseudonyms that gave way to an older one since the
    series began; ``personal`` was found in columns nobody declared (:data:`crmlib.prep.persons.undeclared.FINDINGS`).
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
    """Count links by key and by the two name spaces they join: ``key, one, other, links``."""
    spaces = [[_space(number) for number in links[side]] for side in ("left", "right")]
    pairs = [sorted(pair) for pair in zip(*spaces, strict=True)]
    frame = pd.DataFrame(pairs, columns=["one", "other"], dtype="str").assign(key=links["key"].to_numpy())
    return frame.groupby(["key", "one", "other"], as_index=False).size().rename(columns={"size": "links"})


def _space(number: str) -> str:
    return number.partition(":")[0] if ":" in number else "shared"
