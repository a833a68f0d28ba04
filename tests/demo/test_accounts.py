"""One person under several ids: what joins them, and what must not."""

from crmlib.demo import Chain
from crmlib.demo.accounts import SHOP_PHONE


def test_every_account_has_one_id_and_every_buyer_online_an_account(chain: Chain) -> None:
    assert not chain.accounts.duplicated(["system", "account"]).any()
    for system, channel in (("web", 1), ("mini", 2)):
        buyers = set(chain.orders.loc[(chain.orders["channel"] == channel) & (chain.orders["person"] >= 0), "person"])
        assert buyers == set(chain.accounts.loc[chain.accounts["system"] == system, "person"])


def test_linked_accounts_share_an_exact_key_with_another_account_of_the_person(chain: Chain) -> None:
    cards = chain.accounts[(chain.accounts["system"] == "till") & ~chain.accounts["second"]].set_index("person")
    online = chain.accounts[(chain.accounts["system"] != "till") & chain.accounts["linked"]]
    card = cards.loc[online["person"]].reset_index(drop=True)
    online = online.reset_index(drop=True)
    alone = ~cards["phone"].duplicated(keep=False)
    by_phone = (online["phone"] == card["phone"]) & alone.loc[online["person"]].to_numpy()
    by_card = online["member_id"] == card["account"]
    assert (by_phone | by_card).all()
    assert by_phone.mean() > 0.5
    assert by_card.mean() > 0.3


def test_unlinked_accounts_share_no_key(chain: Chain) -> None:
    lost = chain.accounts[(chain.accounts["system"] != "till") & ~chain.accounts["linked"]]
    assert 20 < len(lost) < 150
    assert lost["phone"].isna().all()
    assert lost["member_id"].isna().all()
    assert not lost["email"].dropna().isin(chain.people["email"]).any()


def test_some_keys_are_shared_by_people_who_are_not_one(chain: Chain) -> None:
    cards = chain.accounts[(chain.accounts["system"] == "till") & ~chain.accounts["second"]]
    shared = cards.groupby("phone")["person"].nunique()
    assert shared[SHOP_PHONE] > 10
    couples = shared.drop(SHOP_PHONE)
    assert (couples == 2).sum() >= 10
    together = cards[cards["phone"].isin(couples.index[couples == 2])]
    births = chain.people["birth_date"].reindex(together["person"]).groupby(together["phone"].to_numpy()).nunique()
    assert (births == 2).all()


def test_some_members_have_two_numbers_with_one_phone(chain: Chain) -> None:
    second = chain.accounts[chain.accounts["second"]]
    assert 60 < len(second) < 200
    first = chain.accounts[(chain.accounts["system"] == "till") & ~chain.accounts["second"]].set_index("person")
    assert (first.loc[second["person"], "phone"].to_numpy() == second["phone"].to_numpy()).all()


def test_phones_and_addresses_reach_nobody(chain: Chain) -> None:
    assert chain.people["phone"].str.fullmatch(r"144[0-9]{8}").all()
    assert chain.people["email"].str.contains(r"@example\.(?:com|net|org)$").all()


def test_phones_and_addresses_are_everybodys_own_and_reach_nobody(chain: Chain):
    people = chain.people
    assert people["phone"].is_unique
    assert people["email"].is_unique
    assert people["phone"].str.fullmatch("144[0-9]{8}").all()
