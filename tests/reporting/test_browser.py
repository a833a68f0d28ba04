"""The page in a real browser: nothing is fetched, nothing overflows, all can be read, with and without scripts."""

import pytest

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
PAPER = {"width": 680, "height": 960}  # A4 less its margins, at 96 dots an inch


@pytest.fixture(scope="module")
def address(page, tmp_path_factory):
    """Put the page where the report's front door would be beside it."""
    file = tmp_path_factory.mktemp("report") / "03_churn.html"
    file.write_text(page, encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def opened(browser, address):
    """Open the page, and close what was opened."""
    contexts = []

    def open_with(**settings):
        context = browser.new_context(**{"viewport": DESKTOP} | settings)
        contexts.append(context)
        tab = context.new_page()
        tab.requests, tab.complaints = [], []
        tab.on("request", lambda request: tab.requests.append(request.url))
        tab.on("console", lambda message: tab.complaints.append(message.text))
        tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.goto(address)
        return tab

    yield open_with
    for context in contexts:
        context.close()


def fetched(tab, address):
    return [url for url in tab.requests if url != address and not url.startswith("data:")]


def test_nothing_is_fetched_and_the_policy_is_not_broken(opened, address):
    tab = opened()
    tab.wait_for_load_state("networkidle")
    assert fetched(tab, address) == []
    assert tab.complaints == []


def test_the_policy_stops_what_is_not_ours(opened):
    tab = opened()
    tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<img alt=x src=https://example.org/x.png>')")
    tab.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.ran = 1';
            document.body.append(script);
        }"""
    )
    assert tab.evaluate("window.ran") is None
    assert any("Content Security Policy" in each for each in tab.complaints)


@pytest.mark.parametrize(
    "viewport", [DESKTOP, PHONE, {"width": 320, "height": 600}], ids=["desktop", "phone", "small phone"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows(opened, viewport, scheme):
    tab = opened(viewport=viewport, color_scheme=scheme)
    width = tab.evaluate("document.documentElement.scrollWidth")
    assert width <= viewport["width"]


def test_dark_pages_are_dark_and_paper_is_not(opened):
    tab = opened(color_scheme="dark")
    background = "getComputedStyle(document.documentElement).backgroundColor"
    assert tab.evaluate(background) == "rgb(20, 24, 29)"
    tab.emulate_media(media="print")
    assert tab.evaluate(background) == "rgb(255, 255, 255)"


def test_figures_take_the_page_s_colours(opened):
    ink = "getComputedStyle(document.querySelector('.crm-figure text')).fill"
    assert opened(color_scheme="light").evaluate(ink) != opened(color_scheme="dark").evaluate(ink)


def test_paper_shows_what_the_screen_shows_unopened_and_no_controls(opened):
    tab = opened(viewport=PAPER)
    rows = tab.locator(".crm-table").last.locator("tbody tr")
    tab.emulate_media(media="print")
    assert rows.first.is_visible()
    assert not rows.last.is_visible()
    assert not tab.locator("nav.side").is_visible()
    assert tab.locator("details.code:visible").count() == 0
    assert tab.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]


@pytest.mark.parametrize(
    ("fold", "line", "inside"),
    [
        ("crm-fold", False, False),
        ("crm-fold crm-finding", True, False),
        ("crm-fold answering", True, True),
    ],
)
def test_folds_stay_closed_on_paper_unless_the_answer_lies_in_them(opened, fold, line, inside):
    tab = opened(viewport=PAPER)
    answer = '<div class="crm-answer">Yes.</div>' if "answering" in fold else ""
    html = f'<details class="{fold}" id="f"><summary>Half buy again</summary>{answer}<p>How it was done</p></details>'
    tab.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", html)
    tab.emulate_media(media="print")
    assert tab.locator("#f > summary").is_visible() is line
    assert tab.locator("#f > p").is_visible() is inside


def test_the_first_screen_has_question_answer_figures_and_the_start_of_a_picture(opened):
    tab = opened()
    for selector in ("h1", ".crm-answer", ".crm-strip", ".crm-figure figcaption"):
        box = tab.locator(selector).first.bounding_box()
        assert box["y"] + box["height"] <= DESKTOP["height"], selector


def test_contents_lead_to_their_headings(opened):
    tab = opened()
    for link in tab.locator(".side ol ol a").all():
        link.click()
        heading = tab.locator(tab.evaluate("'#' + CSS.escape(decodeURIComponent(location.hash.slice(1)))"))
        box = heading.bounding_box()
        assert 0 <= box["y"] <= DESKTOP["height"]
        assert heading.inner_text() == link.inner_text()


def test_contents_open_on_a_phone(opened):
    tab = opened(viewport=PHONE)
    first = tab.locator(".side ol ol a").first
    assert not first.is_visible()
    tab.locator(".side summary").click()
    assert first.is_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_code_opens_one_by_one_and_all_at_once(opened, scripts):
    tab = opened(java_script_enabled=scripts)
    code = tab.locator("details.code pre")
    assert not code.first.is_visible()
    tab.locator("details.code summary").first.click()
    assert code.first.is_visible()
    assert not code.nth(1).is_visible()
    tab.locator("#all-code").check()
    assert all(code.nth(i).bounding_box()["height"] > 0 for i in range(code.count()))
    tab.locator("#all-code").uncheck()
    assert not code.nth(1).is_visible()


def test_long_tables_unfold(opened):
    tab = opened(java_script_enabled=False)
    table = tab.locator(".crm-table").last
    rows = table.locator("tbody tr")
    assert [row.is_visible() for row in rows.all()] == [True] * 10 + [False] * 2
    table.locator("summary").click()
    assert all(row.is_visible() for row in rows.all())


def test_the_page_can_be_read_without_scripts(opened):
    tab = opened(java_script_enabled=False)
    assert tab.locator("h1").inner_text() == "Who is about to leave?"
    assert tab.locator(".crm-answer").is_visible()
    assert tab.locator(".crm-figure svg").first.is_visible()
    assert tab.locator(".side ol ol a").first.is_visible()


def test_chinese_names_are_text_in_figures_and_tables(opened):
    tab = opened()
    assert tab.locator("svg text", has_text="南京东路旗舰店").count() == 1
    assert tab.locator("tbody th", has_text="南京东路旗舰店").count() == 1
    width = tab.locator("svg text", has_text="南京东路旗舰店").bounding_box()["width"]
    assert width > 7 * 9  # seven full-width characters, not seven missing ones of no width


def test_labels_of_a_figure_stay_inside_it(opened):
    tab = opened()
    outside = tab.evaluate(
        """() => [...document.querySelectorAll('.crm-figure svg')].flatMap(svg => {
            const frame = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].filter(text => {
                const box = text.getBoundingClientRect();
                return box.left < frame.left - 1 || box.right > frame.right + 1;
            }).map(text => text.textContent);
        })"""
    )
    assert outside == []


def test_a_reader_with_a_keyboard_reaches_everything(opened):
    tab = opened()
    reached = set()
    for _step in range(60):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate("document.activeElement.tagName"))
    assert {"A", "SUMMARY", "INPUT"} <= reached
