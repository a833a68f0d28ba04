"""Accounts that are probably one person though no key says so: Fellegi and Sunter's model, fitted by Splink.

How often name, phone, address, birth date and city agree among accounts of one person is learned by expectation
maximisation, how often by chance from random pairs (Fellegi & Sunter, JASA 64, 1969; Enamorado, Fifield & Imai, APSR
113(2), 2019). Splink runs on a DuckDB database of its own, in memory and closed at the end: one thread and a seed, so
that the same accounts give the same links, and no personal data stay in the engine that notebooks use.
"""

import logging
import unicodedata
import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from crmlib.params import ParameterError
from crmlib.params.cleaning import IdentityRules
from crmlib.prep.keys import normalise_email, normalise_phone

if TYPE_CHECKING:
    from splink import Linker

PROBABLE: Final = "probable"
"""What links of this kind are called, beside the keys."""

COMPARED: Final = ("name", "phone", "email", "birth_date", "city")

_PAIRS: Final = 2e6
_RECALL: Final = 0.7
_SAME_BIRTH_DATE: Final = 0.98
_SAME_CITY: Final = 0.9
"""How often two accounts of a person agree where both tell. Given, for in clean data all do, and nothing is learned
from what never differs; birth dates that differ are never joined anyhow."""
_FOLDER: Final = "cleaning.identity.probabilistic"


def probable_links(accounts: pd.DataFrame, rules: IdentityRules) -> pd.DataFrame:
    """Find pairs of accounts that are one person with at least the probability that the parameters ask for.

    Gives ``left, right`` (customer numbers), ``probability`` and ``evidence``: the probability and how each column
    compares (``name=2``: the highest level; ``-1``: one side does not tell).
    """
    people = _plain(accounts, rules.shared_by_at_most)
    if len(people) < 2:
        raise _too_few()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library speaks of its own charts and deprecations
        found = _predicted(people, rules)
    found = found.sort_values(["customer_id_l", "customer_id_r"], ignore_index=True)
    levels = [(name, found[f"gamma_{name}"]) for name in COMPARED if f"gamma_{name}" in found.columns]
    evidence = found["match_probability"].map("probability {:.4f}".format)
    for name, level in levels:
        evidence = evidence + f" {name}=" + level.astype("str")
    return pd.DataFrame({
        "left": found["customer_id_l"],
        "right": found["customer_id_r"],
        "probability": found["match_probability"],
        "evidence": evidence,
    })  # fmt: skip


def _plain(accounts: pd.DataFrame, most: int) -> pd.DataFrame:
    """Write what is compared one way, one row an account; a phone or address that too many share says nothing."""
    frame = accounts.groupby("customer_id", sort=True)[list(COMPARED)].last().reset_index()
    frame["name"] = frame["name"].map(_plain_name, na_action="ignore")
    frame["phone"] = frame["phone"].map(normalise_phone, na_action="ignore")
    frame["email"] = frame["email"].map(normalise_email, na_action="ignore")
    for key in ("phone", "email"):
        shared = frame.groupby(key)[key].transform("size") > most
        frame[key] = frame[key].mask(shared.reindex(frame.index, fill_value=False))
    return frame.astype(object).where(frame.notna(), None)


def _plain_name(name: str) -> str | None:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()) or None


def _predicted(people: pd.DataFrame, rules: IdentityRules) -> pd.DataFrame:
    import duckdb
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    given = [name for name in COMPARED if people[name].notna().any()]
    con = duckdb.connect(config={"threads": 1})
    try:
        con.register("accounts_given", people[["customer_id", *given]])
        types = ", ".join(f"{name}::VARCHAR AS {name}" for name in ("customer_id", *given))
        con.execute(f"CREATE TABLE accounts AS SELECT {types} FROM accounts_given ORDER BY customer_id")
        linker = Linker(DuckDBAPI(con).register("accounts"), _settings(given), log_level=None)
        _train(linker, given, rules.probabilistic.seed)
        return linker.inference.predict(threshold_match_probability=rules.probabilistic.threshold).as_pandas_dataframe()
    finally:
        con.close()


def _settings(given: list[str]) -> Any:
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    comparisons = {
        "name": cl.JaroWinklerAtThresholds("name", 0.92).configure(term_frequency_adjustments=True),
        "phone": cl.DamerauLevenshteinAtThresholds("phone", 2),
        "email": cl.DamerauLevenshteinAtThresholds("email", 2),
        "birth_date": _agreement("birth_date", _SAME_BIRTH_DATE),
        "city": _agreement("city", _SAME_CITY),
    }
    blocks = {
        ("phone",): [["substr(phone, 1, 7)"], ["substr(phone, 5, 7)"]],
        ("email",): [["split_part(email, '@', 1)"], ["substr(email, 1, 8)"]],
        ("name", "birth_date"): [["name", "birth_date"]],
        ("name", "city"): [["name", "city"]],
    }
    fitting = [rule for needed, rules in blocks.items() if set(needed) <= set(given) for rule in rules]
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="customer_id",
        comparisons=[comparisons[name] for name in given],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in fitting],
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=True,
        linker_uid="crm",
    )


def _agreement(column: str, share: float) -> Any:
    """Compare a column as equal or not, the share of a person's accounts that agree being given, not learned."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    fixed = {"fix_m_probability": True}
    equal = cll.ExactMatchLevel(column, term_frequency_adjustments=column == "city")
    return cl.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            cll.NullLevel(column),
            equal.configure(m_probability=share, **fixed),
            cll.ElseLevel().configure(m_probability=1 - share, **fixed),
        ],
    )


def _train(linker: "Linker", given: list[str], seed: int) -> None:
    """Learn from pairs that share a phone what else such pairs share, and from others what they share with them."""
    from splink import block_on

    keys = [name for name in ("phone", "email") if name in given]
    if not keys or "name" not in given:
        raise _too_few()
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on(key, "name") for key in keys], recall=_RECALL)
    training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=seed, num_chunks=1)
    learned = sum(_learned(linker, rule) for rule in [*keys, "name"])
    if learned < 2:  # each session leaves out what its pairs share: two of them cover every column
        raise _too_few()


def _learned(linker: "Linker", rule: str) -> bool:
    """Learn from the pairs that share one column; say whether there were enough of every kind."""
    from splink import block_on
    from splink.internals.exceptions import EMTrainingException

    try:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(rule))
    except (EMTrainingException, ValueError):  # no pair at all, or none of some level: its share would be nought
        return False
    return True


def _too_few() -> ParameterError:
    return ParameterError(
        f"{_FOLDER}: too few accounts share a name and a phone or an e-mail address to learn from; set enabled: false"
    )


def unambiguous(links: pd.DataFrame, group: np.ndarray, position: dict[str, int]) -> pd.DataFrame:
    """Keep the links that name one other person: who probably is two others at once is neither.

    ``group`` has the person of each account by exact keys, ``position`` the place of each number in it.
    """
    one = np.array([group[position[number]] for number in links["left"]], dtype=int)
    other = np.array([group[position[number]] for number in links["right"]], dtype=int)
    apart = one != other
    ends = pd.DataFrame({"one": np.r_[one[apart], other[apart]], "other": np.r_[other[apart], one[apart]]})
    others = ends.drop_duplicates().groupby("one").size()
    torn = others.index[others > 1]
    return links[apart & ~np.isin(one, torn) & ~np.isin(other, torn)].reset_index(drop=True)
