"""The rules and models that compete: each learns from earlier cutoffs and then says something of a later one."""

from dataclasses import dataclass
from typing import Final

from crmlib.churn.models.boosting import learn_boosting
from crmlib.churn.models.combination import learn_combination
from crmlib.churn.models.learnt import Learn
from crmlib.churn.models.logistic import learn_logistic
from crmlib.churn.models.purchases import learn_bg_nbd, learn_mbg_nbd
from crmlib.churn.models.rules import learn_hiatus, learn_past_rate, learn_rank_sum, learn_recency
from crmlib.words import N_, _


@dataclass(frozen=True, slots=True)
class Contender:
    """A rule or model in the competition; its title is English, marked with `N_`, and a simple one needs no model."""

    name: str
    title: str
    simple: bool
    learn: Learn

    @property
    def label(self) -> str:
        """Its name in the report's language."""
        return _(self.title)

    @property
    def called(self) -> str:
        """Its name inside a sentence: the simple rule "…", the …."""
        return (_('the simple rule "{name}"') if self.simple else _("the {name}")).format(name=self.label)


CONTENDERS: Final = (
    Contender("hiatus", N_("silence beyond a limit"), simple=True, learn=learn_hiatus),
    Contender("recency", N_("days since the last purchase"), simple=True, learn=learn_recency),
    Contender("rank_sum", N_("recency and frequency ranks"), simple=True, learn=learn_rank_sum),
    Contender("past_rate", N_("own past rate of purchases"), simple=True, learn=learn_past_rate),
    Contender("bg_nbd", N_("BG/NBD purchase model"), simple=False, learn=learn_bg_nbd),
    Contender("mbg_nbd", N_("MBG/NBD purchase model"), simple=False, learn=learn_mbg_nbd),
    Contender("logistic", N_("logistic regression"), simple=False, learn=learn_logistic),
    Contender("boosting", N_("gradient boosting"), simple=False, learn=learn_boosting),
    Contender("combination", N_("combination of models"), simple=False, learn=learn_combination),
)
"""All competitors, the simplest first."""


def contender(name: str) -> Contender:
    """Find a competitor by its name."""
    for rival in CONTENDERS:
        if rival.name == name:
            return rival
    raise KeyError(f"no rule or model {name!r}; there are {', '.join(rival.name for rival in CONTENDERS)}")
