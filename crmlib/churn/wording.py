"""The names of rules, models and features as a reader meets them."""

from crmlib.words import _, formats


def model_words(name: str) -> str:
    """Name a rule or model.

    Examples
    --------
    >>> model_words("rank_sum")
    'recency and frequency ranks'
    """
    names = {
        "hiatus": _("silence beyond a limit"),
        "recency": _("days since the last purchase"),
        "rank_sum": _("recency and frequency ranks"),
        "bg_nbd": _("BG/NBD purchase model"),
        "mbg_nbd": _("MBG/NBD purchase model"),
        "logistic": _("logistic regression"),
        "perfect": _("a perfect order"),
    }
    return names[name]


def feature_words(name: str) -> str:
    """Name a feature of the regression.

    Examples
    --------
    >>> feature_words("silence")
    'longer since the last purchase'
    """
    names = {
        "silence": _("longer since the last purchase"),
        "tenure": _("longer since the first purchase"),
        "purchases": _("more purchase days so far"),
        "recent_purchases": _("more purchase days in the last horizon"),
        "order_value": _("larger orders"),
        "returned_share": _("larger share of spend returned"),
    }
    return names[name]


def days_words(days: int) -> str:
    r"""Give a number of days as words.

    Examples
    --------
    >>> days_words(60).replace("\xa0", " ")
    '60 days'
    """
    return formats.days(days)


def sentence_start(words: str) -> str:
    """Begin a sentence with words that begin small elsewhere.

    Examples
    --------
    >>> sentence_start("logistic regression")
    'Logistic regression'
    """
    return words[:1].upper() + words[1:]


def points(share: float, decimals: int = 1) -> str:
    """Give a difference of shares in percentage points.

    Examples
    --------
    >>> points(0.0364)
    '3.6'
    """
    return formats.fixed(100 * share, decimals)
