"""What tells a list of orders from a list of people: signs of orders in the headers, totals of a person beside them."""

from collections.abc import Mapping, Sequence
from typing import Final

from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.fitting import is_number
from crmlib.prep.proposal.match import Match
from crmlib.prep.proposal.synonyms import WITHOUT_ADJUNCT, forms, known_names, likeness
from crmlib.prep.proposal.words import known_columns

_KEYS: Final = ("order_id", "product_id")
_COUNTS: Final = ("quantity", "unit_price")
_MONEY: Final = ("amount", "amount_before_discount", "order_total", "refund")
_OF_ANYTHING: Final = frozenset(
    [
        "code", "codigo", "barcode", "ean", "upc", "referencia", "reference", "ref", "handle", "codebarre",
        "codebarres", "codigodebarras", "count", "nombre", "nb", "volume",
        "バーコード", "条码", "条形码", "ticket", "recibo",
    ]
)  # fmt: skip
"""Names of articles and amounts that a list of people may bear as well: the code of a member's card."""

_ALONE: Final = 0.95
_OF_A_PERSON: Final = (
    "name", "phone", "email", "birth_date", "age", "gender", "joined_at", "tier", "member_id", "member_until",
    "occupation", "platform_id", "consent",
)  # fmt: skip


def order_signs(columns: Sequence[Evidence]) -> dict[str, str]:
    """Find the columns that only orders have: their numbers, articles, quantities, prices and money.

    Totals of a person, such as "Total Spent", are none: a list of customers has them.
    """
    found: dict[str, str] = {}
    for each in columns:
        if each.distinct == 0 or _is_of_people(each.name):
            continue
        for role in (*_KEYS, *_COUNTS, *_MONEY):
            numeric = role in _KEYS or is_number(each)
            if numeric and likeness(each.name, "transactions", role) >= WITHOUT_ADJUNCT:
                found.setdefault(role, each.name)
                break
    return found


def _is_of_people(header: str) -> bool:
    own = {name for column in known_columns("customers") for name in known_names("customers", column)}
    return any(form in own or form in _OF_ANYTHING for form in forms(header))


def may_be_people(
    signs: Mapping[str, str], people: Mapping[str, Match], columns: Sequence[Evidence], *, orders_complete: bool
) -> bool:
    """Say whether a file with signs of orders may be a list of customers all the same.

    It may where nothing but money speaks of orders, no day of an order is there, each line is another person, and more
    than a number is told of each: then the money is a total of the person.
    """
    if not signs:
        return True
    told = len(set(_OF_A_PERSON) & people.keys())
    key = next((each for each in columns if "customer_id" in people and each.name == people["customer_id"].raw), None)
    alone = key is not None and key.unique > _ALONE
    return alone and not orders_complete and told > 1 and not set(signs) & {*_KEYS, *_COUNTS}
