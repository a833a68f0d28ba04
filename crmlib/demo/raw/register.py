"""Who the customers are, as three systems know them, and by which id each line of a raw file names them."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.chain import Chain
from crmlib.demo.raw.dirt import Delivery, Dirt, soiled_emails, soiled_phones, some
from crmlib.demo.raw.xlsx import Cell, Sheet, serial, write_workbook

MEMBER_COLUMNS: Final = (
    "会员号", "姓名", "手机号", "邮箱", "性别", "出生日期", "城市", "大区", "职业", "入会日期", "会员等级", "积分",
    "会员到期日", "来源渠道", "同意分析",
)  # fmt: skip
_GENDER: Final = {"F": "女", "M": "男"}
_NOTES: Final = (("会员资料导出",), ("导出人：系统",), ("仅供内部使用",))


def write_members(chain: Chain, path: Path) -> tuple[list[Delivery], list[Dirt]]:
    """Write the member list: an Excel workbook whose second sheet holds the members."""
    rng = chain.plan.stream("members")
    cards = chain.accounts[chain.accounts["system"] == "till"].sort_values("account", ignore_index=True)
    people = chain.people.loc[cards["person"]].reset_index(drop=True)
    n = len(cards)
    joined = _joined(chain, people)
    phones = soiled_phones(rng, cards["phone"].to_numpy(dtype=object))
    emails = soiled_emails(rng, cards["email"].to_numpy(dtype=object))
    births, serial_births = _dates(chain, rng, people["birth_date"].tolist(), 300)
    joinings, serial_joinings = _dates(chain, rng, joined, 900)
    unknown_birth, unknown_job = some(chain.plan, rng, n, 350), some(chain.plan, rng, n, 800)
    for row in unknown_birth:
        births[row] = "-99"
    jobs = people["occupation"].to_numpy(dtype=object)
    jobs[unknown_job] = "-99"
    columns: tuple[list[Cell], ...] = (
        [int(number) for number in cards["account"]], people["name"].tolist(), list(phones), list(emails),
        [_GENDER[g] for g in people["gender"]], births, people["city"].tolist(), people["region"].tolist(), list(jobs),
        joinings, people["tier"].tolist(), [int(points) for points in people["points"]],
        [day + timedelta(days=3 * 365) for day in joined], people["acquired_by"].tolist(),
        np.where(people["consent"], "是", "否").tolist(),
    )  # fmt: skip
    rows = [list(MEMBER_COLUMNS), *(list(row) for row in zip(*columns, strict=True))]
    write_workbook(path, [Sheet("说明", _NOTES), Sheet("会员", rows)])
    dirt = [
        Dirt("serial date", "customers", "members", serial_births + serial_joinings),
        Dirt("sentinel -99", "customers", "members", len(unknown_birth) + len(unknown_job)),
        Dirt("registered twice", "customers", "members", int(cards["second"].sum())),
    ]
    return [Delivery(path.name, "customers", n)], dirt


def _joined(chain: Chain, people: pd.DataFrame) -> list[date]:
    return [chain.plan.start + timedelta(days=int(day)) for day in people["first_day"]]


def _dates(chain: Chain, rng: np.random.Generator, days: list[date], wanted: int) -> tuple[list[Cell], int]:
    """Write dates as text, some as bare Excel numbers, some as date cells; count the bare ones."""
    bare = some(chain.plan, rng, len(days), wanted)
    cells: list[Cell] = [
        f"{day:%Y/%m/%d}" if u < 0.8 else day for day, u in zip(days, rng.random(len(days)), strict=True)
    ]
    for row in bare:
        cells[row] = serial(days[row])
    return cells, len(bare)


def write_web_accounts(chain: Chain, path: Path) -> list[Delivery]:
    """Write the web shop's accounts; the id is the e-mail address as first registered."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = chain.plan.stream("web accounts")
    accounts = _online(chain, "web")
    people = chain.people.loc[accounts["person"]].reset_index(drop=True)
    pd.DataFrame({
        "Account": accounts["account"],
        "E-mail": soiled_emails(rng, accounts["account"].to_numpy(dtype=object)),
        "Full Name ": people["name"],
        "Mobile": soiled_phones(rng, accounts["phone"].to_numpy(dtype=object)),
        "Card No": _floats(accounts["member_id"]),
        "Signed Up": [f"{day:%d/%m/%Y}" for day in _joined(chain, people)],
        "Data consent": np.where(people["consent"], "yes", "no"),
    }).to_csv(path, index=False, encoding="utf-8-sig")  # fmt: skip
    return [Delivery(f"web/{path.name}", "customers", len(accounts))]


def write_mini_users(chain: Chain, path: Path) -> list[Delivery]:
    """Write the mini-programme's users as JSON lines; the open id is the id."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = chain.plan.stream("mini users")
    accounts = _online(chain, "mini")
    people = chain.people.loc[accounts["person"]].reset_index(drop=True)
    fields = zip(
        accounts["account"], people["name"], soiled_phones(rng, accounts["phone"].to_numpy(dtype=object)),
        accounts["member_id"], _joined(chain, people), strict=True,
    )  # fmt: skip
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for openid, name, phone, card, day in fields:
            user = {"openid": openid, "nickname": name, "phone": phone, "card": card, "registered": f"{day}"}
            lines.write(json.dumps(user, ensure_ascii=False) + "\n")
    return [Delivery(f"mini/{path.name}", "customers", len(accounts))]


def _online(chain: Chain, system: str) -> pd.DataFrame:
    accounts = chain.accounts[chain.accounts["system"] == system].astype(object)
    return accounts.where(accounts.notna(), None).sort_values("account", ignore_index=True)


def _floats(numbers: pd.Series) -> npt.NDArray[np.object_]:
    """Write card numbers as a spreadsheet does that holds them as numbers with gaps."""
    return np.array([None if number is None else f"{number}.0" for number in numbers], dtype=object)


def member_numbers(chain: Chain, person: pd.Series) -> pd.Series:
    """Give each person's member number (the first, where there are two); missing for strangers (−1)."""
    cards = chain.accounts[(chain.accounts["system"] == "till") & ~chain.accounts["second"]].set_index("person")[
        "account"
    ]
    return person.map(cards)


def till_numbers(chain: Chain, sales: pd.DataFrame) -> pd.Series:
    """Give the member number shown at the till: members with two cards show now one, now the other, by order."""
    first = member_numbers(chain, sales["person"])
    cards = chain.accounts[(chain.accounts["system"] == "till") & chain.accounts["second"]].set_index("person")[
        "account"
    ]
    second = sales["person"].map(cards)
    other = chain.plan.stream("cards").random(len(chain.orders)) < 0.5
    shown = np.append(other, values=False)[sales["parcel"]]
    return first.where(~shown | second.isna(), second)


def account_ids(chain: Chain, system: str, person: pd.Series) -> pd.Series:
    """Give each person's account in the web shop or the mini-programme."""
    accounts = chain.accounts[chain.accounts["system"] == system].set_index("person")["account"]
    return person.map(accounts)
