"""What customers said, were asked and were sent: interactions, surveys and campaign contacts, by member number."""

import json
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.campaigns import CAMPAIGNS
from crmlib.demo.chain import Chain
from crmlib.demo.experience import DRIVERS
from crmlib.demo.raw.dirt import Delivery, Dirt, some, text
from crmlib.demo.raw.register import member_numbers

TIME: Final = "%Y-%m-%d %H:%M:%S"
SCORES: Final = ("score_recommend", "score_satisfaction", *(f"score_{d}" for d in DRIVERS))


def write_interactions(chain: Chain, path: Path) -> tuple[list[Delivery], list[Dirt]]:
    """Write the service desk's tickets as JSON lines; some texts name a person."""
    contacts = chain.interactions
    words = contacts["text"].to_numpy(dtype=object).copy()
    personal = some(chain.plan, chain.plan.stream("tickets"), len(contacts), 40)
    words[personal] = with_personal_data(chain, words[personal], contacts["person"].to_numpy()[personal])
    fields = {
        "member_no": member_numbers(chain, contacts["person"]),
        "time": contacts["at"].dt.strftime(TIME),
        **{new: contacts[old] for new, old in (("type", "kind"), ("via", "channel"), ("touchpoint", "touchpoint"),
                                           ("shop", "store_id"), ("order_no", "order_id"), ("topic", "topic"),
                                           ("team", "owner"))},
        "first_reply": contacts["first_response_at"].dt.strftime(TIME),
        "resolved": contacts["resolved_at"].dt.strftime(TIME),
        "adopted": contacts["adopted"],
        "content": pd.Series(words, index=contacts.index),
    }  # fmt: skip
    rows = pd.DataFrame(fields).astype(object)
    rows = rows.where(rows.notna(), None)
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows.to_dict("records"))
    return [Delivery(path.name, "interactions", len(rows))], [
        Dirt("personal data in text", "interactions", "interactions", len(personal))
    ]


def write_surveys(chain: Chain, path: Path) -> tuple[list[Delivery], list[Dirt]]:
    """Write the invitations and answers; an item left out is -99, an invitation not answered is empty."""
    rng = chain.plan.stream("survey file")
    surveys = chain.surveys
    comment = surveys["comment"].to_numpy(dtype=object).copy()
    written = pd.notna(comment)
    personal = some(chain.plan, rng, len(surveys), 25, written)
    comment[personal] = with_personal_data(chain, comment[personal], surveys["person"].to_numpy()[personal])
    written[personal] = False
    broken = some(chain.plan, rng, len(surveys), 15, written)
    comment[broken] = ["“" + str(c) + '”\n—— "双行, 评论"' for c in comment[broken]]
    answered = surveys["answered_at"].notna()
    out = surveys[["response_id"]].assign(
        invited=surveys["invited_at"].dt.strftime(TIME),
        answered=surveys["answered_at"].dt.strftime(TIME),
        member_no=member_numbers(chain, surveys["person"]),
        touchpoint=surveys["touchpoint"],
        shop=surveys["store_id"],
        order_no=surveys["order_id"],
    )
    gaps = 0
    for score in SCORES:
        left_out = answered & surveys[score].isna()
        gaps += int(left_out.sum())
        out[score.removeprefix("score_")] = text(surveys[score], "%d").where(~left_out, "-99")
    out.assign(comment=comment).to_csv(path, index=False, encoding="utf-8-sig")
    return [Delivery(path.name, "surveys", len(out))], [
        Dirt("personal data in text", "surveys", "surveys", len(personal)),
        Dirt("comment on two lines", "surveys", "surveys", len(broken)),
        Dirt("sentinel -99", "surveys", "surveys", gaps),
    ]


def write_contacts(chain: Chain, path: Path) -> list[Delivery]:
    """Write whom the campaigns reached and who was held back as control."""
    contacts = chain.contacts
    number, treated = contacts["campaign"].to_numpy(), contacts["treated"].to_numpy()
    pd.DataFrame({
        "活动编号": np.array([c.campaign_id for c in CAMPAIGNS])[number],
        "会员号": member_numbers(chain, contacts["person"]),
        "触达时间": contacts["contacted_at"].dt.strftime(TIME),
        "分组": np.where(treated, "treatment", "control"),
        "优惠内容": np.where(treated, np.array([c.offer for c in CAMPAIGNS])[number], ""),
        "成本": np.where(treated, np.array([f"{c.cost:.2f}" for c in CAMPAIGNS], dtype=object)[number], "0.00"),
        "响应时间": contacts["responded_at"].dt.strftime(TIME),
        "响应金额": text(contacts["response_value"], "%.2f"),
    }).to_csv(path, index=False, encoding="gb18030", lineterminator="\r\n")  # fmt: skip
    return [Delivery(path.name, "contacts", len(contacts))]


def with_personal_data(
    chain: Chain, words: npt.NDArray[np.object_], person: npt.NDArray[np.int64]
) -> npt.NDArray[np.object_]:
    """Let people add their phone, their e-mail address or their name to what they say."""
    people = chain.people.loc[person]
    ways = ("{words}，请回电 {phone}", "{words} Please write to {email}", "{words}。联系人{name}，电话+86 {phone}")
    rows = zip(words, people["phone"], people["email"], people["name"], strict=True)
    return np.array(
        [ways[i % 3].format(words=w, phone=p, email=e, name=n) for i, (w, p, e, n) in enumerate(rows)], dtype=object
    )
