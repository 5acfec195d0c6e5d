"""The report in a real browser: every function clicked through, hostile records, accessibility, paper, speed.

Skipped where Debian's `chromium` or the packages of the extra `test-all` are missing.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from quotes.extraction.pipeline import Pipeline
from quotes.records import Article, ArticleRecord, Channel, Cue, Outlet, Quote, SourceText, Span, Speaker
from quotes.web.report import write
from tests.serving import axe_faults, hostile

sync_api = pytest.importorskip("playwright.sync_api", reason="needs .venv/bin/pip install '.[test-all]'")
CHROMIUM = shutil.which("chromium")
if CHROMIUM is None:
    pytest.skip("chromium is missing; apt-get install chromium", allow_module_level=True)

# Continuous integration runs what bears this mark once the extra is installed.
pytestmark = pytest.mark.test_all
SAMPLES = Path(__file__).parents[3] / "samples"
SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
HEBREW = "“נצביע ביום שני,” אמרה רות לוי. “לא לפני כן.”"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def desk(pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report of all samples and, where they are, one of the seeds."""
    from quotes.ingest import read

    folder = tmp_path_factory.mktemp("report")
    for name, place in (("samples", SAMPLES), ("seeds", SEEDS)):
        if place.exists():
            sources = [source for source in read((str(place),)) if isinstance(source, SourceText)]
            records = [with_text(record, source) for source in sources for record in pipeline.read(source)]
            save(records, folder / f"{name}.html")
    return folder


def with_text(record: ArticleRecord, source: SourceText) -> ArticleRecord:
    return evolve(record, article=evolve(record.article, text=source.text))


def save(records: list[ArticleRecord], path: Path) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        write(records, stream)
    return path


class Visit:
    """A page that is open, and what it did that it should not: requests, dialogues, errors, complaints."""

    def __init__(self, browser: Any, path: Path, *, fragment: str = "", **options: Any) -> None:
        self.context = browser.new_context(viewport=options.pop("viewport", WIDE), **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(5000)
        self.faults: list[str] = []
        self.page.on("console", lambda message: self.faults.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: path.as_uri() in request.url or self.faults.append(request.url))
        self.page.goto(path.as_uri() + fragment)

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).inner_text())

    def count(self, selector: str) -> int:
        return int(self.page.locator(selector).count())

    def found(self) -> int:
        """How many quotes answer, as the page says."""
        return int(re.sub(r"\D.*", "", self.text("#count").replace(",", "")))

    def until(self, condition: str) -> None:
        """Wait until something holds; the page's policy forbids what playwright itself does to wait for that."""
        for _ in range(100):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never: {condition}")

    def turn(self, view: str) -> None:
        """Go to a view, and wait until it is there."""
        self.page.locator(f'[data-view="{view}"]').click()
        self.until(f"document.getElementById('view').className === 'view-{view}'")

    def pages(self) -> Iterator[None]:
        """Turn the view's pages, from the one that is shown to the last."""
        yield
        while (button := self.page.get_by_role("button", name="Next")).count() and button.is_enabled():
            button.click()
            yield


@pytest.fixture
def visit(browser: Any) -> Iterator[Any]:
    """Open a report; at the end of the test, nothing may have gone wrong in it."""
    opened: list[Visit] = []

    def open_(path: Path, **options: Any) -> Visit:
        opened.append(Visit(browser, path, **options))
        return opened[-1]

    yield open_
    for each in opened:
        each.context.close()
    assert [] == [fault for each in opened for fault in each.faults]


@pytest.fixture(params=["samples", "seeds"])
def report(request: pytest.FixtureRequest, desk: Path) -> Path:
    path = desk / f"{request.param}.html"
    if not path.exists():
        pytest.skip("the seeds are not there: ../shared/seeds")
    return path


def test_every_quote_is_marked_and_opens_by_click_and_by_key(report: Path, visit: Any) -> None:
    """Each quote of the records is marked; Enter on it shows who, how and how sure; Escape goes back to it."""
    seen = visit(report)
    page = seen.page
    data = page.evaluate("data")
    marked: set[str] = set()
    for _ in seen.pages():
        for said in page.locator("a.mark").evaluate_all("marks => marks.map(mark => mark.dataset.said)"):
            marked |= set(said.split())
    assert {str(index) for index in range(len(data["quotes"]))} == marked
    mark = page.locator("a.mark").first
    mark.press("Enter")
    index = int(mark.get_attribute("data-said").split()[0])
    quote, panel = data["quotes"][index], page.locator("#details")
    assert quote["text"] == panel.locator("blockquote.said").inner_text()
    for word in ("Confidence", quote["pattern"], quote["cue"], data["speakers"][quote["speaker"]]["name"]):
        assert word is None or word in panel.inner_text()
    assert "details" == page.evaluate("document.activeElement.id")
    page.keyboard.press("Escape")
    assert mark.evaluate("mark => mark === document.activeElement")
    mark.click()
    assert quote["text"] == panel.locator("blockquote.said").inner_text()
    panel.get_by_role("button", name="Quote before" if index else "Quote after").click()
    assert 1 <= seen.count("a.mark.chosen")


def test_the_text_stands_as_it_was(report: Path, visit: Any) -> None:
    """The page shows the article's text, whatever is marked in it."""
    seen = visit(report)
    shown = seen.page.locator(".article .paragraph > p").all_text_contents()
    told = "shown.articles.slice(0, ARTICLES_A_PAGE).flatMap(index => headed(data.articles[index])[1])"
    runs = seen.page.evaluate(told)
    assert ["".join(run if isinstance(run, str) else run[0] for run in paragraph) for paragraph in runs] == shown


def test_filters_say_what_they_leave(report: Path, visit: Any) -> None:
    """Every facet's count is what choosing that value leaves; filters add up, show as chips, and clear."""
    seen = visit(report)
    page, whole = seen.page, seen.found()
    for facet in ("speaker", "outlet", "channel", "type", "source"):
        item = page.locator(f".facet-{facet} .facet-values li").first
        count = int(item.locator(".number").inner_text())
        item.locator("input").check()
        assert count == seen.found()
        assert 1 == seen.count(".chip")
        page.get_by_role("button", name="Clear all").click()
        assert whole == seen.found()
    page.locator("#sure-low").fill("80")
    seen.until("document.getElementById('chips').textContent.includes('80 to 100%')")
    assert page.evaluate("data.quotes.filter(q => Math.round(q.confidence * 100) >= 80).length") == seen.found()


def test_search_finds_words_names_and_the_rest_of_the_text(desk: Path, visit: Any) -> None:
    """Words are found without regard to case and accents, phrases as printed, and articles by their text."""
    seen = visit(desk / "samples.html")
    page = seen.page
    page.get_by_label("Search", exact=True).fill("DOLLAR villages")
    seen.until("shown.words.length === 2")
    assert "the same dollar to four villages" in seen.text("#view")
    assert page.evaluate("CSS.highlights.get('found').size") >= 2
    page.get_by_label("Search", exact=True).fill("“dollar villages”")
    seen.until("shown.words.length === 1")
    assert 0 == seen.found()
    assert "No quote matches these filters" in seen.text("#view")


def test_speakers_are_listed_with_their_quotes(report: Path, visit: Any) -> None:
    """The list of speakers counts all quotes; one opens to its quotes, and leads back into the articles."""
    seen = visit(report)
    page = seen.page
    page.get_by_role("link", name="Speakers").click()
    assert seen.found() == sum(n for _ in seen.pages() for n in numbers(page.locator(".speaker-count")))
    page.get_by_role("link", name="Articles").click()
    page.get_by_role("link", name="Speakers").click()
    page.get_by_label("Order").select_option("By name")
    names = page.locator(".speaker-name").all_inner_texts()
    assert sorted(names, key=str.casefold)[0] == names[0]
    page.get_by_label("Order").select_option("Most quoted first")
    counts = numbers(page.locator(".speaker-count"))
    first = page.locator(".speaker").first
    first.locator("summary").click()
    first.locator(".quote-item").first.wait_for()
    assert counts[0] == first.locator(".quote-item").count()
    first.locator(".quote-link").first.click()
    assert page.locator("#details .said").is_visible()
    first.get_by_role("button", name="Read these in their articles").click()
    assert counts[0] == seen.found()
    assert seen.count(".article") >= 1


def numbers(locator: Any) -> list[int]:
    """Return the number that each element begins with."""
    return [int(text.split()[0]) for text in locator.all_inner_texts()]


def test_charts_answer_and_their_numbers_filter(report: Path, visit: Any) -> None:
    """Each chart is drawn, has its numbers as a table, and a number or a bar filters."""
    seen = visit(report)
    page = seen.page
    page.get_by_role("link", name="Charts").click()
    questions = page.locator(".chart h3").all_inner_texts()
    for question in ("quoted most", "which outlet", "which channels", "named", "published"):
        assert 1 == sum(question in heading for heading in questions), question
    drawn = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"
    assert all(canvas.evaluate(drawn) for canvas in page.locator("canvas").all())
    page.locator(".numbers summary").first.click()
    row = page.locator(".numbers").first.locator("tbody tr").first
    count = int(row.locator("td").inner_text())
    row.get_by_role("button").click()
    assert count == seen.found()
    page.get_by_role("button", name="Clear all").click()
    canvas = page.locator("canvas").first
    bar = canvas.evaluate("canvas => Chart.getChart(canvas).getDatasetMeta(0).data[0].getProps(['x', 'y'])")
    canvas.click(position={"x": bar["x"] - 4, "y": bar["y"]})
    seen.until(f"shown.found === {count}")


def test_charts_fill_the_width_of_paper(desk: Path, visit: Any) -> None:
    """Before the page is printed, each chart is drawn as wide as the paper is, and no foot is left for a last page."""
    seen = visit(desk / "samples.html")
    page = seen.page
    seen.turn("charts")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    widths = page.locator("canvas").evaluate_all("all => all.map(canvas => canvas.clientWidth / 96 * 25.4)")
    assert 4 == len([width for width in widths if 170 <= width <= 178])
    assert not page.locator(".colophon").is_visible()
    assert "check a quote against its source" in seen.text(".masthead")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert 170 > page.locator("canvas").first.evaluate("canvas => canvas.clientWidth / 96 * 25.4")


@pytest.mark.parametrize(("articles", "words"), [(0, "hold no articles"), (1, "No quote was found in these articles")])
def test_a_report_of_nothing_says_so(tmp_path: Path, visit: Any, articles: int, words: str) -> None:
    """An empty report has no filters, and each view says why it is empty."""
    records = [ArticleRecord(Article("a", "a.txt", 0, 0, 4, text="Calm"), ())] * articles
    seen = visit(save(records, tmp_path / "empty.html"))
    for view in ("speakers", "variants", "charts", *(() if articles else ("articles",))):
        seen.turn(view)
        assert words in seen.text("#view")
    assert 0 == seen.count("fieldset")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_no_fault(desk: Path, visit: Any, theme: str, viewport: dict[str, int]) -> None:
    """Every view, with a quote chosen and filters open, passes axe-core, in light and dark."""
    seen = visit(desk / "samples.html", color_scheme=theme, viewport=viewport)
    page = seen.page
    if viewport is PHONE:
        page.get_by_role("button", name="Filters").click()
    faults = []
    for view in ("articles", "speakers", "variants", "charts"):
        seen.turn(view)
        if view == "articles":
            page.locator("a.mark").nth(2).click()
        for fold in page.locator("main summary").all()[:3]:
            fold.click()
        page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")  # what the bar half covers meanwhile is no fault
        faults += [(view, *fault) for fault in axe_faults(page)]
    assert [] == faults


def another(record: ArticleRecord) -> ArticleRecord:
    """The same article elsewhere, with a few words of its quote changed."""
    [quote] = record.quotes
    changed = evolve(quote, id="another", text=quote.text.replace("alert(2)", "<u>alarm(9)</u>"))
    return evolve(record, article=evolve(record.article, id="another"), quotes=(changed,))


def test_variants_stand_side_by_side_with_their_words_marked(desk: Path, visit: Any) -> None:
    """A number changed is struck through and put in, a printing cut short says so, and each leads to its article."""
    seen = visit(desk / "samples.html")
    page = seen.page
    seen.turn("variants")
    group = page.locator(".statement").filter(has_text="30 crowns")
    assert 1 == group.count()
    assert 3 == group.locator(".printing").count()
    assert "Possible misquotation" in group.inner_text()
    changed = group.locator(".printing").filter(has=page.locator("ins"))
    assert ["instead of: 20"] == changed.locator("del").all_text_contents()
    assert ["put in: 30"] == changed.locator("ins").all_text_contents()
    assert "line-through" in changed.locator("del").evaluate("e => getComputedStyle(e).textDecorationLine")
    assert "underline" in changed.locator("ins").evaluate("e => getComputedStyle(e).textDecorationLine")
    for words in ("The Skarland Courier", "10 June 2025", "words differ", "reworded, unmarked"):
        assert words in changed.inner_text()
    changed.get_by_role("button", name="Show in the article").click()
    assert "30 crowns" in page.locator("a.mark.chosen").first.inner_text()
    seen.turn("variants")
    page.locator("#text").fill("boats")
    seen.until("document.querySelectorAll('.statement').length === 1")
    assert "without: not" == page.locator(".statement del").text_content()


def test_nothing_from_an_article_is_markup(tmp_path: Path, visit: Any) -> None:
    """Hostile names, quotes, outlets, titles and addresses are shown as text in every view, and run nothing."""
    seen = visit(save([hostile(), another(hostile())], tmp_path / "hostile.html"))
    page = seen.page
    for view in ("articles", "speakers", "variants", "charts"):
        seen.turn(view)
        for fold in page.locator("main summary").all():
            fold.click()
        if view != "charts":
            page.locator("main a.mark, main .quote-link").first.click()
            assert "<img src=x onerror=alert(2)>" in seen.text("#details")
            assert "{{7*7}}" in seen.text("#details")
        assert 0 == seen.count("img, iframe, object, main script, aside script, [onerror]")
        assert 0 == seen.count('a[href^="javascript"]')


def overlapping() -> list[ArticleRecord]:
    """Quotes within quotes, across one another and over paragraphs; and an article in Hebrew."""
    text = "“A ‘b c’ d e,” she said.\n“F g.”"
    spans = {"outer": (0, 14), "inner": (3, 8), "across": (6, 12), "twice": (3, 8), "over": (10, 31)}
    quotes = tuple(
        Quote(name, "direct", text[a:b], (Span(a, b),), speaker=Speaker(f"Speaker {name}"), confidence=0.9)
        for name, (a, b) in spans.items()
    )
    cut = HEBREW.index(" אמרה")
    hebrew = Quote(
        "h", "direct", HEBREW[:cut], (Span(0, cut), Span(HEBREW.index("“לא"), len(HEBREW))), confidence=0.9,
        speaker=Speaker("רות לוי", "person"),
    )  # fmt: skip
    return [
        ArticleRecord(Article("o", "o.txt", 0, 0, len(text), text=text), quotes),
        ArticleRecord(Article("h", "h.txt", 0, 0, len(HEBREW), language="he", text=HEBREW), (hebrew,)),
    ]


def test_quotes_within_and_across_others_are_all_reached(tmp_path: Path, visit: Any) -> None:
    """Text is shown once; a click opens the innermost quote, and the details lead to the others over those words."""
    seen = visit(save(overlapping(), tmp_path / "overlapping.html"))
    page = seen.page
    assert ["“A ‘b c’ d e,” she said.", "“F g.”"] == page.locator(".article").first.locator("p[dir]").all_inner_texts()
    page.locator('a.mark[href="#quote-1"]').first.click()
    assert "‘b c’" == seen.text("#details .said")
    assert {"0", "2", "3"} == set(
        page.locator("#details .overlapping .quote-link").evaluate_all("links => links.map(link => link.dataset.said)")
    )
    page.locator('#details .overlapping [href="#quote-3"]').click()
    assert "Speaker twice" in seen.text("#details .who")


def test_right_to_left_text_runs_right_to_left(tmp_path: Path, visit: Any) -> None:
    """A Hebrew paragraph and its quote take their direction from their own letters, in an English page."""
    seen = visit(save(overlapping(), tmp_path / "rtl.html"))
    direction = "element => getComputedStyle(element).direction"
    paragraphs = seen.page.locator(".article p[dir]")
    assert ["ltr", "ltr", "rtl"] == [paragraphs.nth(n).evaluate(direction) for n in range(3)]
    seen.page.locator('[lang="he"] a.mark').first.click()
    assert "rtl" == seen.page.locator("#details .said").evaluate(direction)
    # The first mark is to the right of the last one, in the order of reading.
    boxes = [seen.page.locator('[lang="he"] a.mark').nth(n).bounding_box() for n in (0, -1)]
    assert boxes[0]["x"] > boxes[1]["x"]


def test_records_without_text_show_their_quotes(tmp_path: Path, visit: Any) -> None:
    """Without a text, quotes are listed one below the other, and the page says how to get the text."""
    bare = [evolve(record, article=evolve(record.article, text=None)) for record in overlapping()]
    seen = visit(save(bare, tmp_path / "bare.html"))
    assert "quotes extract --with-text" in seen.text(".note")
    assert 6 == seen.count(".article .quote-item")
    seen.page.locator(".quote-link").nth(1).click()
    assert "‘b c’" == seen.text("#details .said")


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_runs_off_the_side(desk: Path, visit: Any, viewport: dict[str, int]) -> None:
    """No view is wider than the window, on a phone either."""
    seen = visit(desk / "samples.html", viewport=viewport)
    for view in ("articles", "speakers", "variants", "charts"):
        seen.turn(view)
        assert viewport["width"] >= seen.page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("count", range(1, 9))
def test_the_table_of_outlets_shows_them_all(count: int, whole: ArticleRecord, visit: Any, tmp_path: Path) -> None:
    """Speakers against outlets has the room that its columns need; on a wide screen nobody must scroll it."""
    speaker = Speaker("A former military staff physician", "anonymous")
    quotes = tuple(evolve(quote, speaker=speaker) for quote in whole.quotes)
    outlets = [Outlet(f"The {name} Indian Express", None, None) for name in "ABCDEFGH"[:count]]
    records = [
        evolve(whole, article=evolve(whole.article, id=f"a{n}", outlet=outlet), quotes=quotes)
        for n, outlet in enumerate(outlets)
    ]
    seen = visit(save(records, tmp_path / "outlets.html"))
    seen.turn("charts")
    assert count == seen.count(".heatmap thead th")
    assert seen.page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.heatmap').parentElement)")


def test_on_paper_all_articles_stand_without_the_tools(desk: Path, visit: Any, tmp_path: Path) -> None:
    """A printed report holds every article that answers, in light colours, and no filter, panel or button."""
    seen = visit(desk / "samples.html", color_scheme="dark")
    page = seen.page
    page.evaluate("""addEventListener("beforeprint", () => { window.printed = [
        document.querySelectorAll(".article").length, getComputedStyle(document.body).backgroundColor,
        getComputedStyle(document.querySelector(".filters")).display ]; })""")
    pdf = page.pdf(path=tmp_path / "report.pdf")
    assert pdf.startswith(b"%PDF")
    articles = page.evaluate("shown.articles.length")
    assert articles > page.evaluate("ARTICLES_A_PAGE")
    assert articles == page.evaluate("printed[0]")
    page.emulate_media(media="print")
    assert "rgb(255, 255, 255)" == page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert "none" == page.evaluate("getComputedStyle(document.querySelector('.filters')).display")


def many(articles: int, quotes: int) -> list[ArticleRecord]:
    """Made-up articles of made-up words, each with as many quotes."""
    words = ["the", "budget", "council", "harbour", "vote", "winter", "water", "fleet", "school", "board", "plan"]
    made = []
    for number in range(articles):
        text, found = "", []
        for index in range(quotes):
            seed = number * quotes + index
            name = f"Speaker {(seed * seed) % 1201}"
            said = "“" + " ".join(words[(seed * k + k) % len(words)] for k in range(1, 25)) + ".”"
            text += f"{name} told Outlet {seed % 9}: "
            found.append(
                Quote(
                    f"q{seed}", "direct", said, (Span(len(text), len(text) + len(said)),), Cue("told", "tell", 0, 4),
                    Speaker(name, "person"), (Channel("to", f"Outlet {seed % 9}", "outlet"),),
                    confidence=(seed % 100) / 100,
                )
            )  # fmt: skip
            text += said + "\n" + " ".join(words) + ".\n"
        outlet = Outlet(f"Paper {number % 25}")
        article = Article(f"a{number}", f"{number}.txt", 0, 0, len(text), published=f"2025-{number % 12 + 1:02}-01")
        made.append(ArticleRecord(evolve(article, outlet=outlet, text=text), tuple(found)))
    return made


def test_ten_thousand_quotes_stay_usable(tmp_path: Path, visit: Any) -> None:
    """Ten thousand quotes open in 5 s and filter in 1 s, on a busy machine; `measure` prints what it really takes."""
    seen = visit(save(many(1000, 10), tmp_path / "many.html"))
    assert 10_000 == seen.found()
    taken = measure(seen.page)
    assert taken.pop("open") < 5000
    assert [] == [(action, time) for action, time in taken.items() if time > 1000]


def measure(page: Any) -> dict[str, float]:
    """Return how many milliseconds it took to open the page, and take to filter, up to the next frame."""
    actions = {
        "search": "asked.text = 'budget winter'; refresh()",
        "clear": "clearAll()",
        "filter by speaker": "only('speaker', 3)",
        "filter by confidence": "clearAll(); asked.low = 80; refresh()",
        "speakers": "clearAll(); go('speakers')",
        "variants": "go('variants')",
        "charts": "go('charts')",
        "last quote": "go('articles', data.quotes.length - 1)",
    }
    taken = {"open": float(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))}
    for name, action in actions.items():
        timed = "requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)))"
        script = f"() => new Promise(done => {{ const began = performance.now(); {action}; {timed}; }})"
        taken[name] = float(page.evaluate(script))
    return taken


def test_search_and_filters_stand_in_the_address_and_back_goes_back(desk: Path, visit: Any) -> None:
    """A filter, a view and a quote are steps; typing is one; the address alone brings all of it again."""
    seen = visit(desk / "samples.html")
    page = seen.page
    page.locator(".facet-type input[type=checkbox]").first.click()
    filtered = seen.found()
    seen.turn("speakers")
    assert "#speakers?type=" in page.url
    page.go_back()
    seen.until("currentView === 'articles'")
    assert filtered == seen.found()
    page.get_by_label("Search", exact=True).fill("dollar")
    seen.until("location.hash.includes('q=dollar')")
    address, found = page.url, seen.found()
    page.go_back()
    seen.until("!location.hash.includes('q=')")
    assert filtered == seen.found()
    page.goto("about:blank")
    page.goto(address)
    seen.until("shown.words.length === 1")
    assert found == seen.found()
    assert 1 == seen.count('link[rel="icon"]')


@pytest.mark.parametrize("fragment", ["#quote-2", "#quote-2?type=direct", "#speakers", "#nothing"])
def test_a_page_opened_at_a_place_has_its_filters(fragment: str, desk: Path, visit: Any) -> None:
    """Whatever the address points to, the lists of the filters and the number of quotes are there at once."""
    whole = visit(desk / "samples.html")
    values = whole.count("#facets input[type=checkbox]")
    seen = visit(desk / "samples.html", fragment=fragment)
    seen.until("document.getElementById('count').textContent !== ''")
    if "?" not in fragment:
        assert values == seen.count("#facets input[type=checkbox]")
        assert whole.text("#count") == seen.text("#count")
    for list_ in seen.page.locator("#facets .facet-values").all():
        assert list_.locator("input").count() > 0
    assert ("quote" in fragment) == seen.page.evaluate("chosen === 2")


def test_a_split_quote_shows_its_gap_and_is_copied_with_its_credit(desk: Path, visit: Any) -> None:
    """A sign marks omitted words of the article; the copy says who and where."""
    seen = visit(desk / "samples.html")
    number = seen.page.evaluate("data.quotes.findIndex((q) => stretches(q).length > 1 && q.speaker !== null)")
    seen.page.evaluate("(number) => { location.hash = `quote-${number}`; }", number)
    seen.until(f"chosen === {number}")
    assert "[…]" in seen.text(".details .said")
    copied = seen.page.evaluate("(number) => credited(number)", number)
    assert " […] " in copied
    assert seen.text(".details .who").strip() in copied


def test_a_headline_stands_once(desk: Path, visit: Any) -> None:
    """If the text begins with its title, that is the heading, with its quotes marked."""
    seen = visit(desk / "samples.html")
    again = """data.articles.filter((a) => a.text).filter((a) => {
      const first = headed(a)[1][0] ?? [];
      return first.map((run) => (typeof run === "string" ? run : run[0])).join("") === titleOf(a);
    }).length"""
    assert 0 == seen.page.evaluate(again)
