"""What people write, in both languages: about one driver, pleased, displeased or asking."""

from typing import Final

import numpy as np
import numpy.typing as npt

_WORDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {
    "staff": (
        ("店员态度很差，问什么都不理", "The staff were rude and nobody helped", "服务员爱答不理，体验太差"),
        ("请问会员积分找谁补登", "Who can change my member details?"),
        ("店员很热情，讲解耐心", "Lovely staff, very helpful", "服务态度好，赞一个"),
    ),
    "range": (
        ("想买的都缺货，品种太少", "Half of what I wanted was out of stock", "货架空空，选择少"),
        ("希望多进一些无糖食品", "Will you stock oat milk?"),
        ("品种齐全，一次买齐", "Great choice, found everything", "选择很多"),
    ),
    "price": (
        ("比隔壁贵不少，优惠也是假的", "Too expensive, the discount is not real", "价格虚高，先涨后降"),
        ("满减活动可以叠加吗", "Can vouchers be combined?"),
        ("价格实惠，活动力度大", "Good value for money", "划算，比网上便宜"),
    ),
    "quality": (
        ("水果烂了好几个，质量不行", "Poor quality, it broke after two days", "东西不新鲜，失望"),
        ("这款保质期多久", "Is this suitable for a baby?"),
        ("质量很好，很新鲜", "Excellent quality, will buy again", "品质一如既往"),
    ),
    "speed": (
        ("排队半小时，收银太慢", "Waited ages, delivery was three days late", "配送太慢，等了一周"),
        ("什么时候发货", "When will my parcel arrive?"),
        ("结账快，送货也准时", "Fast checkout and delivery", "当天就到，速度快"),
    ),
    "app": (
        ("小程序老是闪退，付款失败", "The app keeps crashing at payment", "页面卡，优惠券用不了"),
        ("小程序怎么绑定会员卡", "How do I link my member card in the app?"),
        ("小程序好用，下单方便", "The app is easy to use", "扫码就能买，方便"),
    ),
}


def write_comments(
    rng: np.random.Generator, topic: npt.NDArray[np.int64], tone: npt.NDArray[np.int64]
) -> npt.NDArray[np.object_]:
    """Write one sentence for each topic (number of the driver) and tone (−1 displeased, 0 asking, 1 pleased).

    Examples
    --------
    >>> write_comments(np.random.default_rng(1), np.array([5]), np.array([-1])).tolist()
    ['The app keeps crashing at payment']
    """
    sentences = [[tones[t] for t in range(3)] for tones in _WORDS.values()]
    draw = rng.random(len(topic))
    texts = [sentences[k][t + 1][int(u * len(sentences[k][t + 1]))] for k, t, u in zip(topic, tone, draw, strict=True)]
    return np.array(texts, dtype=object)
