"""stub until the words land"""

from dataclasses import dataclass

_N = ("cancel", "void", "unpaid", "pending", "关闭", "取消", "等待付款", "待付款", "storn", "annul")
_R = ("refund", "return", "退")
_S = ("sale", "paid", "complet", "closed", "fulfilled", "shipped", "payment", "完成", "成功", "processing")


@dataclass(frozen=True)
class Status:
    column: str

    def kind(self, value):
        v = value.lower()
        for k, w in (("not_sale", _N), ("returned", _R), ("sale", _S)):
            if any(x in v for x in w):
                return k
        return "unknown"


def status_columns(columns):
    return [
        Status(c.name)
        for c in columns
        if any(w in c.name.lower() for w in ("status", "event type", "receipt type", "状态"))
        and "fulfil" not in c.name.lower()
    ]
