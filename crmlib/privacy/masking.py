"""Masking: personal data in free text give way to a word that says what stood there."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from crmlib.privacy.detector import Kind, find_personal_data

MASKS: Final[Mapping[Kind, str]] = MappingProxyType(
    {"phone": "[phone]", "email": "[e-mail]", "id_card": "[identity card]", "bank_card": "[bank card]"}
)
NAME_MASK: Final = "[name]"

_CHINESE_NAME: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,4}")
_CHINESE: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,}")
_LETTER: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_WORD: Final = re.compile(rf"[{_LETTER}]+(?:['’-][{_LETTER}]+)*")
_DOTS: Final = "·•‧・･．."
_DOTTED: Final = re.compile(rf"[\u3400-\u4dbf\u4e00-\u9fff]+(?:[{_DOTS}][\u3400-\u4dbf\u4e00-\u9fff]+)+")
_ONE_DOT: Final = str.maketrans(dict.fromkeys(_DOTS, "·"))
_GAP: Final = re.compile(r"[\s.]{1,3}")
_LONGEST: Final = 4
_SHORTEST: Final = 2
_ORDINARY: Final = frozenset(
    (  # noqa: SIM905  (a list of words reads best as text)
        "安静 安全 安心 包装 包括 白天 白色 常用 常见 成功 成为 成本 单独 东西 方便 方法 方向 方面 高兴 高级 "
        "高档 高度 关于 和平 何时 何必 红色 花费 黄金 黄色 黄瓜 江南 金额 金色 经常 解决 空调 连续 马上 麦片 "
        "满意 毛巾 米饭 明白 明天 宁可 平安 平时 强烈 全部 任何 容易 商品 商店 时间 时候 水果 汤圆 万一 万分 "
        "温馨 温度 温柔 文明 习惯 向上 相关 相当 新鲜 许多 严重 颜色 羊毛 阳光 应该 尤其 于是 余额 元旦 周到 "
        "周末 周边 周围 祝福 左右 左边 "
    ).split()
)
"""Words of two characters that begin with a family name and stand in comments far more often than as a name."""


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names that are looked for in texts; built by :func:`know_names`."""

    chinese: frozenset[str]
    beginnings: frozenset[str]
    latin: frozenset[tuple[str, ...]]
    dotted: frozenset[str] = frozenset()


NOBODY: Final = KnownNames(frozenset(), frozenset(), frozenset())


def know_names(names: Iterable[str]) -> KnownNames:
    """Choose the names that can be told from ordinary words.

    Chinese names of two to four characters, names with a middle dot (阿依古丽·买买提) and Latin names of two to four
    words are looked for, those of two words also the other way round. Limits: a name of one character or one word is
    not, for it is a word like others (Li, Lily, Rose); nor is a Chinese name of two characters that is an ordinary word
    (方便, 高兴); nor a name that the list of customers does not hold, or that is written otherwise in the text (a
    nickname, blanks between the characters, a typing error).

    Examples
    --------
    >>> sorted(know_names(["张伟", "Emma Müller", "Rose", "方便"]).latin), len(know_names(["张伟", "方便"]).chinese)
    ([('emma', 'müller'), ('müller', 'emma')], 1)
    """
    chinese, latin, dotted = set(), set(), set()
    for name in names:
        plain = unicodedata.normalize("NFKC", name).strip()
        together = "".join(plain.split())
        words = tuple(word.casefold() for word in _WORD.findall(plain))
        if _CHINESE_NAME.fullmatch(together) and together not in _ORDINARY:
            chinese.add(together)
        elif _DOTTED.fullmatch(together):
            dotted.add(together.translate(_ONE_DOT))
        elif _SHORTEST <= len(words) <= _LONGEST:
            latin.add(words)
            if len(words) == _SHORTEST:
                latin.add(words[::-1])
    beginnings = frozenset(name[:_SHORTEST] for name in chinese)
    return KnownNames(frozenset(chinese), beginnings, frozenset(latin), frozenset(dotted))


def mask(text: str, names: KnownNames = NOBODY, country: str | None = None) -> str:
    """Replace phone numbers, e-mail addresses, identity and bank cards, and known names in a text.

    Parameters
    ----------
    text, names
        What somebody typed, and the names to look for.
    country
        Whose phone numbers are known without their country's code, ISO 3166-1.

    Examples
    --------
    >>> mask("请打 138-1234-5678, or write to li.wei@example.com!")
    '请打 [phone], or write to [e-mail]!'
    >>> mask("找张伟明退货, or ask EMMA MÜLLER", know_names(["张伟", "张伟明", "Emma Müller"]))
    '找[name]退货, or ask [name]'
    """
    finds = find_personal_data(text, typed=True, country=country)
    masked = _replaced(text, [(find.start, find.end, MASKS[find.kind]) for find in finds])
    masked = _replaced(masked, [(start, end, NAME_MASK) for start, end in _dotted_names(masked, names)])
    spans = sorted([*_chinese_names(masked, names), *_latin_names(masked, names)])
    return _replaced(masked, [(start, end, NAME_MASK) for start, end in spans])


def _replaced(text: str, spans: list[tuple[int, int, str]]) -> str:
    masked, end = "", 0
    for start, stop, word in spans:
        masked += text[end:start] + word
        end = stop
    return masked + text[end:]


def _chinese_names(text: str, names: KnownNames) -> Iterator[tuple[int, int]]:
    """Slide a window over the Chinese of a text; of two names that begin at one place the longer stands there."""
    if not names.chinese:
        return
    for run in _CHINESE.finditer(text):
        start, end = run.span()
        while start < end - 1:
            length = _length_of_name(text[start : min(start + _LONGEST, end)], names)
            if length:
                yield start, start + length
            start += length or 1


def _length_of_name(window: str, names: KnownNames) -> int:
    if window[:_SHORTEST] not in names.beginnings:
        return 0
    lengths = range(len(window), _SHORTEST - 1, -1)
    return next((length for length in lengths if window[:length] in names.chinese), 0)


def _dotted_names(text: str, names: KnownNames) -> Iterator[tuple[int, int]]:
    """Try every stretch around dots, the longest first: other words may stand on both sides of a name."""
    for run in _DOTTED.finditer(text) if names.dotted else ():
        plain, place = run.group().translate(_ONE_DOT), 0
        while place < len(plain):
            ends = range(len(plain), place + _SHORTEST, -1)
            end = next((stop for stop in ends if plain[place:stop] in names.dotted), None)
            if end is not None:
                yield run.start() + place, run.start() + end
            place = end or place + 1


def _latin_names(text: str, names: KnownNames) -> Iterator[tuple[int, int]]:
    """Look up every two to four words that follow one another, whatever their case, the longest first."""
    words = list(_WORD.finditer(text)) if names.latin else []
    plain = [word.group().casefold() for word in words]
    place = 0
    while place < len(words) - 1:
        longest = min(_LONGEST, _together(text, words[place : place + _LONGEST]))
        lengths = range(longest, _SHORTEST - 1, -1)
        length = next((n for n in lengths if tuple(plain[place : place + n]) in names.latin), 0)
        if length:
            yield words[place].start(), words[place + length - 1].end()
        place += length or 1


def _together(text: str, words: list[re.Match[str]]) -> int:
    """Count the words from the first on between which nothing but blanks and points stands."""
    for count, (left, right) in enumerate(pairwise(words), start=1):
        if not _GAP.fullmatch(text, left.end(), right.start()):
            return count
    return len(words)
