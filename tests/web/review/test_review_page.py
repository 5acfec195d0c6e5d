"""The review page in a real browser: every function by key and by pointer, on records of the samples."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from quotes.export import FORMATS
from quotes.extraction.pipeline import Pipeline
from quotes.records import Article, ArticleRecord, Channel, Mention, Outlet, Quote, SourceText, Span, Speaker
from tests.serving import WHY, Served, axe_faults, chromium, served

pytestmark = pytest.mark.test_all

SAMPLES = Path(__file__).parents[3] / "samples"
NAMES = ("channels.txt", "split_quotes.txt", "pronouns_and_roles.txt")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    pytest.importorskip("litestar", reason=WHY)
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def saved(pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records of three samples, with their texts."""
    path = tmp_path_factory.mktemp("saved") / "quotes.jsonl"
    texts = [SourceText(name, (SAMPLES / name).read_text("utf-8")) for name in NAMES]
    save(path, [record for text in texts for record in pipeline.read(text)])
    return path


@pytest.fixture
def desk(saved: Path, tmp_path: Path) -> Path:
    shutil.copy(saved, tmp_path)
    return tmp_path


def save(path: Path, records: list[ArticleRecord]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        FORMATS["jsonl"].write(records, stream)


def opened(browser: Any, server: Served, *, width: int = 1280, theme: str = "light") -> Any:
    """Open the page in a fresh context; errors in its scripts fail the test."""
    page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme).new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.goto(server.url)
    page.wait_for_selector(".text mark")
    return page


def lines(folder: Path) -> list[dict[str, Any]]:
    path = folder / "quotes.jsonl.verdicts.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def quotes_of(folder: Path) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in (folder / "quotes.jsonl").read_text("utf-8").splitlines()]
    return [{**quote, "article": r["article"]["id"]} for r in records for quote in r["quotes"]]


def said(page: Any, text: str) -> None:
    page.wait_for_function("text => document.getElementById('status').textContent.startsWith(text)", arg=text)


def select(page: Any, words: str) -> None:
    """Select words of the article, as a pointer would."""
    page.evaluate(
        """words => {
          const box = document.getElementById("text");
          const whole = box.textContent, at = whole.indexOf(words);
          const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
          const range = document.createRange();
          let before = 0, started = false;
          while (walker.nextNode()) {
            const node = walker.currentNode, end = before + node.data.length;
            if (!started && at < end) { range.setStart(node, at - before); started = true; }
            if (at + words.length <= end) { range.setEnd(node, at + words.length - before); break; }
            before = end;
          }
          const selection = window.getSelection();
          selection.removeAllRanges();
          selection.addRange(range);
        }""",
        words,
    )
    page.wait_for_selector("#selection:not([hidden])")


def test_the_least_certain_comes_first_and_keys_decide(browser: Any, desk: Path) -> None:
    """A accepts, R rejects, U takes back and returns to the quote; each is a line with the record it was made on."""
    order = sorted(quotes_of(desk), key=lambda q: (q["confidence"], q["article"], q["id"]))
    with served("review", "quotes.jsonl", "--port", "0", "--reviewer", "ana", folder=desk) as server:
        page = opened(browser, server)
        assert order[0]["text"] == page.text_content(".panel blockquote")
        page.keyboard.press("a")
        said(page, "Accepted")
        assert order[1]["text"] == page.text_content(".panel blockquote")
        page.keyboard.press("r")
        said(page, "Rejected")
        page.keyboard.press("u")
        said(page, "Undone")
        assert order[1]["text"] == page.text_content(".panel blockquote")
        assert f"1 of {len(order)}" == page.text_content("#count")
        assert [] == page.faults
    made = lines(desk)
    assert ["accept", "reject", "undo"] == [line["verdict"] for line in made]
    assert {"ana"} == {line["reviewer"] for line in made}
    assert [order[0]["text"], order[1]["text"]] == [line["record"]["text"] for line in made[:2]]
    assert made[1]["id"] == made[2]["undoes"]


def test_a_quote_is_corrected_by_keys(browser: Any, desk: Path) -> None:
    """Z X C V move the ends by words, a digit picks a speaker, Y the type; Escape drops it all, A saves it."""
    with served("review", "quotes.jsonl", "--port", "0", folder=desk) as server:
        page = opened(browser, server)
        page.select_option("#filter", "all")
        before = page.text_content(".panel blockquote")
        for key in ("x", "0", "y"):
            page.keyboard.press(key)
        assert "Changed, not saved" in page.text_content(".state")
        page.keyboard.press("Escape")
        assert before == page.text_content(".panel blockquote")
        assert "Changed" not in page.text_content(".state")
        for key in ("z", "x", "x", "c", "v", "c", "1", "y"):
            page.keyboard.press(key)
        changed = page.text_content(".panel blockquote")
        page.keyboard.press("a")
        said(page, "Corrected")
        assert [] == page.faults
    [line] = lines(desk)
    assert ("correct", before, changed) == (line["verdict"], line["record"]["text"], line["corrected"]["text"])
    assert changed != before
    assert changed in before
    record = next(
        r for r in map(json.loads, (desk / "quotes.jsonl").read_text("utf-8").splitlines())
        if r["article"]["id"] == line["article"]
    )  # fmt: skip
    text = record["article"]["text"]
    assert changed == " ".join(text[s["start"] : s["end"]] for s in line["corrected"]["spans"])
    assert record["quotes"][0]["speaker"]["name"] == line["corrected"]["speaker"]["name"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_fault(browser: Any, desk: Path, theme: str, width: int) -> None:
    """To do, changed, judged, with words selected and with the keys open, the page passes axe-core."""
    with served("review", "quotes.jsonl", "--port", "0", folder=desk) as server:
        page = opened(browser, server, width=width, theme=theme)
        assert [] == axe_faults(page)
        page.select_option("#filter", "all")
        for key in ("x", "h"):
            page.keyboard.press(key)
        page.keyboard.type("The Harbour Post")
        page.keyboard.press("Enter")
        assert [] == axe_faults(page)
        for key, word in (("a", "Corrected"), ("r", "Rejected"), ("a", "Accepted")):
            page.keyboard.press(key)
            said(page, word)
        page.locator(".line").first.click()
        select(page, page.text_content(".text mark"))
        page.keyboard.press("?")
        assert [] == axe_faults(page)
        assert [] == page.faults


def test_an_end_is_dragged(browser: Any, desk: Path) -> None:
    """The handle at a quote's end follows the pointer, stops at words, and the quote with it."""
    with served("review", "quotes.jsonl", "--port", "0", folder=desk) as server:
        page = opened(browser, server)
        before = page.text_content(".panel blockquote")
        box = page.locator(".handle.start").first.bounding_box()
        # The last line of the quote: a box around several lines holds words that come before it.
        last_line = "mark => { const { x, y, width } = [...mark.getClientRects()].at(-1); return { x, y, width }; }"
        line = page.locator(".text mark").first.evaluate(last_line)
        page.mouse.move(box["x"] + 1, box["y"] + 8)
        page.mouse.down()
        page.mouse.move(line["x"] + line["width"] * 0.7, line["y"] + 12, steps=5)
        page.mouse.up()
        after = page.text_content(".panel blockquote")
        assert before.endswith(after)
        assert before != after
        page.click("#accept")
        said(page, "Corrected")
        assert [] == page.faults
    [line] = lines(desk)
    assert after == line["corrected"]["text"]


def test_words_are_selected(browser: Any, desk: Path) -> None:
    """Selected words become the quote, more of it, who is credited, the cue, or a quote that was missed."""
    [wanted] = [q for q in quotes_of(desk) if "govern from the market" in q["text"]]
    with served("review", "quotes.jsonl", "--port", "0", folder=desk) as server:
        page = opened(browser, server)
        page.select_option("#filter", "all")
        page.click(".line:has-text('govern from the market')")
        page.wait_for_function("() => document.querySelector('.panel blockquote').textContent.includes('govern')")
        select(page, "govern from the market")
        page.keyboard.press("q")
        assert "govern from the market" == page.text_content(".panel blockquote")
        select(page, "not from the palace")
        page.click("#selection [data-key=w]")
        assert "govern from the market not from the palace" == page.text_content(".panel blockquote")
        select(page, "Santa Rita")
        page.keyboard.press("m")
        assert "Credited as Santa Rita" in page.text_content(".panel")
        select(page, "told")
        page.keyboard.press("e")
        page.keyboard.press("a")
        said(page, "Corrected")
        page.click(".line:has-text('govern from the market')")
        select(page, "Sunday's election")
        page.keyboard.press("n")
        said(page, "Added")
        page.keyboard.press("1")
        page.keyboard.press("a")
        said(page, "Saved")
        assert [] == page.faults
    corrected, *_, added = lines(desk)
    text = "govern from the market not from the palace"
    assert (wanted["id"], text, 2) == (
        corrected["quote"], corrected["corrected"]["text"], len(corrected["corrected"]["spans"])
    )  # fmt: skip
    assert ("Santa Rita", "told") == (
        corrected["corrected"]["speaker"]["mention"]["text"], corrected["corrected"]["cue"]["text"]
    )  # fmt: skip
    assert ("add", "Sunday's election", None) == (added["verdict"], added["corrected"]["text"], added["record"])


def test_a_whole_mark_is_selected(browser: Any, desk: Path) -> None:
    """A selection that begins and ends at elements, as one by a triple click may, is the words that they hold."""
    with served("review", "quotes.jsonl", "--port", "0", folder=desk) as server:
        page = opened(browser, server)
        words = page.text_content(".text mark").strip()  # a mark inside it may cut it at a space
        page.evaluate(
            """() => {
              const range = document.createRange();
              range.selectNodeContents(document.querySelector(".text mark"));
              getSelection().removeAllRanges();
              getSelection().addRange(range);
            }"""
        )
        page.wait_for_selector("#selection:not([hidden])")
        page.keyboard.press("q")
        assert words == page.text_content(".panel blockquote")
        assert [] == page.faults


def test_a_list_without_quotes_says_so(browser: Any, desk: Path) -> None:
    """A quote outside the list is not shown beside it; the list of all leads back."""
    with served("review", "quotes.jsonl", "--port", "0", folder=desk) as server:
        page = opened(browser, server)
        page.select_option("#filter", "correct")
        page.wait_for_selector("#title:has-text('No quote is corrected')")
        assert 0 == page.locator(".line").count()
        page.select_option("#filter", "open")
        page.wait_for_selector(".text mark")
        assert [] == page.faults


def test_speaker_and_channel_are_typed(browser: Any, desk: Path) -> None:
    """T takes a name that the list lacks, H adds a channel; both are in the verdict."""
    with served("review", "quotes.jsonl", "--port", "0", folder=desk) as server:
        page = opened(browser, server)
        page.keyboard.press("t")
        page.keyboard.type("Ada Nilsen")
        page.keyboard.press("Enter")
        page.keyboard.press("h")
        page.keyboard.type("The Harbour Post")
        page.keyboard.press("Enter")
        page.locator(".channel-row").last.locator("select").first.select_option("to")
        page.keyboard.press("a")
        said(page, "Corrected")
        assert [] == page.faults
    [line] = lines(desk)
    made = line["corrected"]
    assert ("Ada Nilsen", None) == (made["speaker"]["name"], made["speaker"]["mention"])
    assert ("to", "The Harbour Post", "outlet") == tuple(made["channels"][-1][k] for k in ("relation", "name", "kind"))


def test_a_kill_loses_no_verdict(browser: Any, desk: Path) -> None:
    """Every verdict that the page calls saved is in the file after kill -9; the next server continues from there."""
    total = len(quotes_of(desk))
    with served("review", "quotes.jsonl", "--port", "0", folder=desk) as server:
        page = opened(browser, server)
        for number in range(6):
            page.keyboard.press("r" if number % 2 else "a")
            page.wait_for_function(
                "n => document.getElementById('count').textContent.startsWith(`${n} of`)", arg=number + 1
            )
        server.stop(signal.SIGKILL)
    assert 6 == len(lines(desk))
    path = desk / "quotes.jsonl.verdicts.jsonl"
    path.write_bytes(path.read_bytes() + b'{"id": "torn off in the mid')
    with served("review", "quotes.jsonl", "--port", "0", folder=desk) as server:
        page = opened(browser, server)
        assert f"6 of {total}" == page.text_content("#count")
        page.keyboard.press("a")
        said(page, "Accepted")
    with served("review", "quotes.jsonl", "--port", "0", folder=desk) as server:
        page = opened(browser, server)
        assert f"7 of {total}" == page.text_content("#count")


def test_two_reviewers_see_each_other(browser: Any, desk: Path) -> None:
    """One reviewer's verdict reaches the other, even through another server on the same file; nothing is lost."""
    with (
        served("review", "quotes.jsonl", "--port", "0", "--reviewer", "ana", folder=desk) as one,
        served("review", "quotes.jsonl", "--port", "0", "--reviewer", "ben", folder=desk) as two,
    ):
        first, second = opened(browser, one), opened(browser, two)
        second.keyboard.press("r")
        said(second, "Rejected")
        first.keyboard.press("a")
        said(first, "Accepted. ben had rejected it meanwhile")
        second.wait_for_timeout(4500)
        assert first.text_content("#count") == second.text_content("#count")
    assert [("ben", "reject"), ("ana", "accept")] == [(v["reviewer"], v["verdict"]) for v in lines(desk)]


HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_of_an_article_is_markup(browser: Any, tmp_path: Path, width: int) -> None:
    """Names, quotes, outlets, titles and sources that look like markup are shown as text."""
    text = f"“{HOSTILE}” <b>{HOSTILE}</b> said {HOSTILE}. 😀 “More.”"
    spans = (Span(0, len(HOSTILE) + 2),)
    at = text.index("said ") + 5
    quote = Quote(
        "q", "direct", text[: spans[0].end], spans, None,
        Speaker(HOSTILE, "person", HOSTILE, Mention(HOSTILE, at, at + len(HOSTILE))),
        (Channel("via", HOSTILE, "outlet"),), confidence=0.5, pattern=HOSTILE,
    )  # fmt: skip
    more = text.index("“More")
    late = Quote("q2", "direct", "“More.”", (Span(more, len(text)),), confidence=0.6)
    article = Article(
        "a", HOSTILE, 0, 0, len(text), HOSTILE, HOSTILE, HOSTILE, "javascript:alert(1)",
        outlet=Outlet(HOSTILE), text=text,
    )  # fmt: skip
    save(tmp_path / "quotes.jsonl", [evolve(ArticleRecord(article), quotes=(quote, late))])
    with served("review", "quotes.jsonl", "--port", "0", "--reviewer", HOSTILE, folder=tmp_path) as server:
        page = opened(browser, server, width=width)
        assert text == page.text_content("#text")
        assert 0 == page.locator("img, b, script:not([src]), a[href^='javascript']").count()
        page.keyboard.press("c")
        page.keyboard.press("a")
        said(page, "Corrected")
        # Behind a character outside the Basic Multilingual Plane, offsets are still code points.
        assert "“More.”" == page.text_content(".panel blockquote")
        page.keyboard.press("a")
        said(page, "Accepted")
        assert 0 == page.locator("img").count()
        assert [] == page.faults


def test_role_kind_date_and_stance_are_set(browser: Any, desk: Path) -> None:
    """The fields of the panel are saved as shown; Escape closes the keys before it drops anything."""
    with served("review", "quotes.jsonl", "--port", "0", folder=desk) as server:
        page = opened(browser, server)
        page.select_option("#filter", "all")
        page.evaluate("document.querySelector('.option input').click()")
        page.fill("#role", "a baker from Ghent")
        page.press("#role", "Enter")
        page.select_option("select[aria-label='Kind of speaker']", "anonymous")
        page.select_option("select[aria-label='Stance']", "denied")
        page.fill("#said-on", "2025-06-09")
        page.locator("#panel").focus()
        page.keyboard.press("?")
        page.keyboard.press("Escape")
        assert page.is_hidden("#keys")
        assert "Changed, not saved" in page.text_content(".state")
        page.keyboard.press("a")
        said(page, "Corrected")
        assert [] == page.faults
    [line] = lines(desk)
    made = line["corrected"]
    assert ("a baker from Ghent", "anonymous") == (made["speaker"]["role"], made["speaker"]["kind"])
    assert ("denied", "2025-06-09") == (made["stance"], made["said_on"])


def test_a_quote_is_added_to_an_article_without_any(browser: Any, tmp_path: Path) -> None:
    """Without any quote the article still opens, and the end names the command that exports."""
    text = "It rained. We shall see, the mayor thought."
    article = Article("a", "a.txt", 0, 0, len(text), title="Rain", text=text)
    save(tmp_path / "quotes.jsonl", [ArticleRecord(article, ())])
    with served("review", "quotes.jsonl", "--port", "0", folder=tmp_path) as server:
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(server.url)
        page.wait_for_function("() => document.getElementById('panel').textContent.includes('No quote was found')")
        select(page, "We shall see")
        page.keyboard.press("n")
        said(page, "Added")
        assert "We shall see" == page.text_content(".panel blockquote")
        page.select_option("#filter", "open")
        page.locator("#panel").focus()
        page.keyboard.press("j")
        page.wait_for_function("() => document.getElementById('text').textContent.includes('--export')")
        assert "quotes review quotes.jsonl --export" in page.text_content("#text")
    assert ["add"] == [line["verdict"] for line in lines(tmp_path)]
