"""Who is one customer: numbers joined to persons, by key and by channel, and what may not be analysed."""

from crmlib.prep.persons.undeclared import kind_words
from crmlib.prep.preparation import Preparation
from crmlib.prep.shown.people import people
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, note, show_all, table
from crmlib.words import _, plural
from crmlib.workspace import Run


def persons_shown(done: Preparation, run: Run) -> Shown:
    """Say how many numbers became how many customers, and show by which key and between which channels."""
    told = note(*_sentences(done, run))
    return show_all(told, _links_table(done, run)) if len(done.privacy.links) else told


def _sentences(done: Preparation, run: Run) -> list[str]:
    sentences = [
        _("{accounts} customer numbers of all channels are {persons} customers.").format(
            accounts=people(done.accounts, run), persons=people(done.persons, run)
        )
    ]
    if len(done.shared_keys):
        keys = int(done.shared_keys["keys"].sum())
        sentences.append(
            plural(
                "{n} key is shared by more than {most} numbers and joins nobody.",
                "{n} keys are shared by more than {most} numbers each and join nobody.",
                keys,
            ).format(n=keys, most=run.params.cleaning.identity.shared_by_at_most)
        )
    if done.stand_ins:
        words = _("{n} numbers tell a stand-in for a key, such as noemail@ or 0000000, which joins nobody.")
        sentences.append(words.format(n=people(done.stand_ins, run)))
    if done.conflicts:
        sentences.append(_("Numbers that share a key but not their date of birth were kept apart."))
    return [*sentences, *_consent_sentences(done, run), *_found_sentences(done), _key_sentence(done)]


def _consent_sentences(done: Preparation, run: Run) -> list[str]:
    """Say who stands in no customer table, and what is taken for consent."""
    privacy, sentences = done.privacy, []
    if privacy.withheld:
        sentences.append(
            _(
                "{n} did not agree to analysis: their sales count for the shop, and they stand in no customer table."
            ).format(n=people(privacy.withheld, run))
        )
    if privacy.unclear and privacy.withheld:
        sentences.append(
            _("{n} of them said a word that is neither yes nor no, which is taken for a no.").format(
                n=people(privacy.unclear, run)
            )
        )
    if privacy.unknown and privacy.agreed + privacy.refused and run.params.privacy.consent == "not_refused":
        sentences.append(
            _("{n} never said whether they agree, and count as not refused.").format(n=people(privacy.unknown, run))
        )
    return sentences


def _found_sentences(done: Preparation) -> list[str]:
    """Say in which columns personal data were found that nobody declared, and that they were taken out."""
    found = done.privacy.personal
    if found.empty:
        return []
    columns = [
        _("{table}: {column} ({kinds})").format(
            table=table, column=column.replace("_", " "), kinds=", ".join(kind_words(kind) for kind in rows["kind"])
        )
        for (table, column), rows in found.groupby(["table", "column"])
    ]
    return [
        _("Personal data stood where nobody declared them, and were masked: {columns}.").format(
            columns="; ".join(columns)
        )
    ]


def _key_sentence(done: Preparation) -> str:
    if done.key_published:
        return _(
            "Pseudonyms are made with the published demo key: right for simulated or public data, not for a shop's."
        )
    return _("Pseudonyms are made with the key {id}; names, phone numbers and addresses stay behind.").format(
        id=done.key_id
    )


def _links_table(done: Preparation, run: Run) -> Shown:
    keys = {
        "member_id": _("card number"), "email": _("e-mail address"), "phone": _("phone number"),
        "platform_id": _("platform number"),
    }  # fmt: skip
    links = done.privacy.links
    rows = links.assign(
        key=[keys.get(key, key.replace("_", " ")) for key in links["key"]],
        between=[_pair(one, other) for one, other in zip(links["one"], links["other"], strict=True)],
    ).sort_values(["links", "key", "between"], ascending=[False, True, True])
    return table(
        disclose(rows[["between", "key", "links"]], labels=["between", "key"], counts=["links"], rules=run.rules),
        _("Links between customer numbers, by what they share"),
        {
            "between": Shows(_("Between")),
            "key": Shows(_("Shared")),
            "links": Shows(_("Links"), "people"),
        },
        note=_("A person may be joined by several keys. A wrong link is undone under cleaning.identity.apart."),
    )


def _pair(one: str, other: str) -> str:
    names = [_("the shop's own numbers") if each == "shared" else each for each in (one, other)]
    if one == other:
        return _("within {name}").format(name=names[0])
    return _("{one} and {other}").format(one=names[0], other=names[1])
