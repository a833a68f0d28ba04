"""Who is one customer? Numbers joined to persons, by key and by channel, and what may not be analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.prep.persons.undeclared import kind_words
from crmlib.reporting import Shown, gate, label, note, people, show_all
from crmlib.words import _, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from crmlib.prep.persons.account import PrivacyAccount
    from crmlib.prep.preparation import Preparation
    from crmlib.prep.study import Study
    from crmlib.workspace import Run


def show_persons(found: Study, run: Run) -> Shown:
    """Say how many numbers became how many customers, and show by which key and between which channels."""
    links = found.done.privacy.links
    sentences = note(*_sentences(found.done, run))
    return show_all(sentences, _links_table(links, run)) if len(links) else sentences


def _sentences(done: Preparation, run: Run) -> Iterator[str]:
    words = _("{accounts:people} customer numbers of all channels are {persons:people} customers.")
    yield run.say(words, accounts=done.accounts, persons=done.persons)
    if len(done.shared_keys):
        keys = int(done.shared_keys["keys"].sum())
        words = plural(
            "{n:count} key is shared by more than {most:count} numbers and joins nobody.",
            "{n:count} keys are shared by more than {most:count} numbers each and join nobody.",
            keys,
        )
        yield run.say(words, n=keys, most=run.params.cleaning.identity.shared_by_at_most)
    if done.stand_ins:
        words = _("{n:people} numbers tell a stand-in for a key, such as noemail@ or 0000000, which joins nobody.")
        yield run.say(words, n=done.stand_ins)
    if done.conflicts:
        yield _("Numbers that share a key but not their date of birth were kept apart.")
    yield from consent_sentences(done.privacy, run)
    yield from _masked(done.privacy.personal, run)
    if done.key_published:
        yield _(
            "Pseudonyms are made with the published demo key: right for simulated or public data, not for a shop's."
        )
    else:
        words = _("Pseudonyms are made with the key {id}; names, phone numbers and addresses stay behind.")
        yield run.say(words, id=done.key_id)


def consent_sentences(privacy: PrivacyAccount, run: Run) -> Iterator[str]:
    """Say who stands in no customer table, and what is taken for consent."""
    if privacy.withheld:
        words = _(
            "{n:people} did not agree to analysis: their sales count for the shop, and they stand in no customer table."
        )
        yield run.say(words, n=privacy.withheld)
    if privacy.unclear and privacy.withheld:
        words = _("{n:people} of them said a word that is neither yes nor no, which is taken for a no.")
        yield run.say(words, n=privacy.unclear)
    if privacy.unknown and privacy.agreed + privacy.refused and run.params.privacy.consent == "not_refused":
        words = _("{n:people} never said whether they agree, and count as not refused.")
        yield run.say(words, n=privacy.unknown)


def _masked(found: pd.DataFrame, run: Run) -> Iterator[str]:
    """Say in which columns personal data were found that nobody declared, and that they were taken out."""
    if found.empty:
        return
    one = _("{table}: {column} ({kinds})")
    columns = [
        run.say(one, table=table, column=column.replace("_", " "), kinds=", ".join(map(kind_words, rows["kind"])))
        for (table, column), rows in found.groupby(["table", "column"])
    ]
    words = _("Personal data stood where nobody declared them, and were masked: {columns}.")
    yield run.say(words, columns="; ".join(columns))


def _links_table(links: pd.DataFrame, run: Run) -> Shown:
    keys = {
        "member_id": _("card number"), "email": _("e-mail address"), "phone": _("phone number"),
        "platform_id": _("platform number"),
    }  # fmt: skip
    rows = links.assign(
        key=[keys.get(key, key.replace("_", " ")) for key in links["key"]],
        between=[_pair(one, other) for one, other in zip(links["one"], links["other"], strict=True)],
    ).sort_values(["links", "key", "between"], ascending=[False, True, True])
    columns = label("between", _("Between")), label("key", _("Shared")), people("links", _("Links"))
    return gate(rows[["between", "key", "links"]], run, *columns).table(
        _("Links between customer numbers, by what they share"),
        note=_("A person may be joined by several keys. A wrong link is undone under cleaning.identity.apart."),
    )


def _pair(one: str, other: str) -> str:
    names = [_("the shop's own numbers") if channel == "shared" else channel for channel in (one, other)]
    if one == other:
        return _("within {name}").format(name=names[0])
    return _("{one} and {other}").format(one=names[0], other=names[1])
