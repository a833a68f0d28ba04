"""Every problem a page can have is found."""

import pytest

from crmlib.reporting.chrome import policy, script
from crmlib.reporting.problems import page_problems

SOUND = (
    f'<!DOCTYPE html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="{policy()}"></head>'
    '<body id="top"><h1>Title</h1>{}</body></html>'
)


def page(body):
    return SOUND.replace("{}", body)


@pytest.mark.parametrize(
    "body",
    [
        "",
        '<h2>a</h2><h3>b</h3><h2>c</h2><a href="#top">up</a><a href="https://example.org">out</a>',
        '<table><caption>c</caption><tr><th scope="col">Name</th><td>None of these</td></tr></table>',
        '<svg role="img" aria-label="x"><image href="data:image/png;base64,AA"/><use href="#top"/></svg>',
        '<svg aria-hidden="true"></svg><img alt="x" src="data:image/png;base64,AA">',
        f"<script>{script()}</script>",
        "<p>The rate is None, they said; NaN is a word here.</p>",
        '<figure><figcaption>t</figcaption></figure><p style="fill:url(#clip)">x</p>',
    ],
)
def test_a_sound_page_has_none(body):
    assert page_problems(page(body)) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<img alt="x" src="https://example.org/x.png">', "a request: img src"),
        ('<img alt="x" src="x.png">', "a request: img src"),
        ('<link rel="stylesheet" href="x.css">', "loads or submits: link"),
        ('<svg aria-label="x"><use href="other.svg#a"/></svg>', "a request: use href"),
        ('<svg aria-label="x"><image xlink:href="http://x/y.png"/></svg>', "a request: image xlink:href"),
        ("<style>@import 'x.css'</style>", "an address in the style sheet"),
        ("<style>p{background:url('//x/y.png')}</style>", "an address in the style sheet"),
        ('<p style="background:url(http://x)">x</p>', "an address in the style of p"),
        ('<meta http-equiv="refresh" content="0;url=http://x">', "refreshes itself"),
        ('<iframe src="data:text/html,x"></iframe>', "loads or submits: iframe"),
        ('<form action="https://x"></form>', "a request: form action"),
        ("<script>alert(1)</script>", "a script that the policy does not name"),
        ('<script src="https://x/y.js"></script>', "a request: script src"),
        ('<p onclick="x()">x</p>', "a script in an attribute: p onclick"),
        ('<a href=" JavaScript:x()">x</a>', "a script in an attribute: a href"),
        ('<img src="data:image/png;base64,AA">', "without alternative text: img"),
        ('<img alt=" " src="data:image/png;base64,AA">', "without alternative text: img"),
        ('<svg role="img"></svg>', "without alternative text: svg"),
        ("<table><tr><td>1</td></tr></table>", "a table without caption"),
        ("<figure><p>x</p></figure>", "a figure without title"),
        ('<p id="a">x</p><p id="a">y</p>', "an id used twice: a"),
        ('<a href="#gone">x</a>', "a link to nowhere: #gone"),
        ("<h3>x</h3>", "level 3 after one of level 1"),
        ("<h1>x</h1>", "2 titles"),
        ("<table><caption>c</caption><tr><td>NaN</td></tr></table>", "a raw value in a table: NaN"),
        ("<table><caption>c</caption><tr><td><span>None</span></td></tr></table>", "a raw value in a table: None"),
        ("<dl><dd>nan</dd></dl>", "a raw value in a table: nan"),
        ("<table><caption>c</caption><tr><th>days_since_last</th></tr></table>", "a raw column name"),
        ("<p>" + "x" * 1_000_000 + "</p>", "1,000,000 at most"),
    ],
)
def test_problems_are_found(body, problem):
    found = page_problems(page(body))
    assert any(problem in each for each in found), found


def test_a_page_without_policy_or_language():
    assert page_problems("<html><h1>x</h1></html>") == ["no language: <html lang>", "no Content-Security-Policy"]


@pytest.mark.parametrize("loose", ["default-src *", "default-src 'none'; script-src 'unsafe-inline'"])
def test_a_policy_that_allows_too_much(loose):
    assert any("allows more" in each for each in page_problems(page("").replace(policy(), loose)))
