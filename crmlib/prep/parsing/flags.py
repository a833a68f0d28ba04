"""Yes and no from text, in the words systems and people use for them, in seven languages."""

import re
from typing import Final

import ibis

from crmlib.prep.parsing.text import half_width

_YES: Final = {
    "marks": "1|1.0|✓|✔|√|☑|○|on",
    "English": "true|t|yes|y|agree|agreed|agrees|accepted|granted|given|consented|opt in|opt-in|opted in|subscribed",
    "Chinese": "是|有|真|对|同意|已同意|接受|已接受|已授权|授权|允许|已订阅|订阅",
    "German": "ja|j|wahr|zugestimmt|eingewilligt|einverstanden|erteilt|stimmt zu",
    "French": "oui|o|vrai|accepté|accepte|accordé|d'accord|consenti",
    "Spanish": "sí|si|s|verdadero|acepta|aceptado|acepto|otorgado|concedido",
    "Portuguese": "sim|verdadeiro|aceita|aceito|aceite|concedido|autorizado",
    "Japanese": "はい|有り|あり|同意する|同意済|同意済み|許可|可",
}
_NO: Final = {
    "marks": "0|0.0|✗|✘|☐|×|off",
    "English": (
        "false|f|no|n|not|declined|refused|denied|rejected|revoked|withdrawn|withdrew|objected|objection|disagree"
        "|disagreed|opt out|opt-out|opted out|unsubscribed|not agreed|not given|no consent"
    ),
    "Chinese": (
        "否|无|假|不|未|未同意|不同意|拒绝|已拒绝|退订|已退订|撤回|已撤回|撤销|已撤销|未授权|取消授权|不允许|未订阅"
    ),
    "German": (
        "nein|falsch|nicht|abgelehnt|verweigert|widerrufen|widersprochen|widerruf|widerspruch|abgemeldet|zurückgezogen"
        "|nicht erteilt|keine einwilligung"
    ),
    "French": "non|faux|refusé|refuse|refus|retiré|révoqué|désabonné|désinscrit|opposé|opposition",
    "Spanish": "falso|rechazado|rechaza|denegado|retirado|revocado|no acepta|no aceptado|baja|oposición",
    "Portuguese": "não|nao|recusado|recusa|negado|retirado|revogado|cancelou|descadastrado|não aceita|não autorizado",
    "Japanese": "いいえ|無|無し|なし|同意しない|未同意|拒否|撤回|不可|退会|解除",
}


def _listed(words: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for language in words.values() for word in language.split("|")))


YES: Final = _listed(_YES)
NO: Final = _listed(_NO)


def to_flag(text: ibis.Value) -> ibis.Value:
    """Read tidied text as true or false; anything else becomes empty."""
    word = half_width(text).lower()
    return ibis.cases(
        (word.re_search(_one_of(YES)), True), (word.re_search(_one_of(NO)), False), else_=ibis.null("boolean")
    )


def _one_of(words: tuple[str, ...]) -> str:
    """Match any of the words; DuckDB makes a join of every list to be searched, an expression of this."""
    return f"^(?:{'|'.join(re.escape(word) for word in words)})$"
