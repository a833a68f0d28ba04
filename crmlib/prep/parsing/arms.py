"""The arm of a campaign from text, in the words systems and people use for it, in seven languages."""

import re
from typing import Final

import ibis

from crmlib.prep.parsing.text import half_width

TREATMENT: Final = (
    "treatment|treatment group|treated|treat|test|test group|target|target group|contacted|experiment"
    "|experiment group|experimental|exposed"
    "|实验组|试验组|处理组|测试组|触达组|营销组|实验|試験群"
    "|testgruppe|zielgruppe|behandlung|groupe test|groupe cible|traitement|grupo de prueba|tratamiento"
    "|grupo de teste|tratamento|処置群|介入群|テスト群"
)
CONTROL: Final = (
    "control|control group|controls|holdout|hold-out|hold out|held out|holdout group|untreated|not contacted|unexposed"
    "|对照组|对照|控制组|空白组|留白组|空白对照组"
    "|kontrolle|kontrollgruppe|contrôle|témoin|groupe témoin|groupe de contrôle|grupo control|grupo de control"
    "|controle|grupo controle|grupo de controle|対照群|コントロール|コントロール群"
)


def to_arm(text: ibis.Value) -> ibis.Value:
    """Read tidied text as ``treatment`` or ``control``; another word stays: an arm of its own, which was contacted."""
    word = half_width(text).lower()
    return ibis.cases(
        (word.re_search(_one_of(TREATMENT)), "treatment"), (word.re_search(_one_of(CONTROL)), "control"), else_=text
    )


def _one_of(words: str) -> str:
    return f"^(?:{'|'.join(re.escape(word) for word in words.split('|'))})$"
