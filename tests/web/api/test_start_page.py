"""The start page in a real browser: a text is pasted, its quotes are marked, and nothing of it is markup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quotes import to_dict
from quotes.records.json_text import dumps
from tests.serving import WHY, Served, axe_faults, chromium, hostile, served

pytestmark = pytest.mark.test_all

SAMPLES = Path(__file__).parents[3] / "samples"
TOKEN = "0123456789abcdef"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    pytest.importorskip("litestar", reason=WHY)
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def server(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that wants a token."""
    options = ("--port", "0", "--jobs", "1")
    folder = tmp_path_factory.mktemp("start")
    with served("serve", *options, folder=folder, environment={"QUOTES_TOKEN": TOKEN}) as found:
        yield found


@pytest.mark.parametrize("width", [1280, 390])
def test_a_text_is_pasted_and_marked(browser: Any, server: Served, width: int) -> None:
    """The token is asked for once; each quote is marked and shows its speaker; a key sends the text, too."""
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(server.url)
    page.click("#example")
    page.fill("#token", TOKEN)
    page.focus("#text")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("mark")
    page.locator("mark").first.click()
    assert "Ana Moreira" == page.text_content(".card h3")
    assert "to Reuters" in page.text_content(".card dl")
    page.fill("#text", (SAMPLES / "aggregator_page.txt").read_text("utf-8"))
    page.click("#find")
    page.wait_for_function("() => document.querySelectorAll('article').length === 4")
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    assert [] == faults


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_fault(browser: Any, server: Served, theme: str, width: int) -> None:
    """Empty, asking for the token, and with marked articles and an open quote, the page passes axe-core."""
    page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme).new_page()
    page.goto(server.url)
    assert [] == axe_faults(page)
    page.fill("#text", (SAMPLES / "aggregator_page.txt").read_text("utf-8"))
    page.click("#find")
    page.wait_for_selector("#token:visible")
    assert [] == axe_faults(page)
    page.fill("#token", TOKEN)
    page.click("#find")
    page.locator("mark").first.click()
    page.wait_for_selector(".card h3")
    assert [] == axe_faults(page)


def test_nothing_of_a_text_is_markup(browser: Any, server: Served) -> None:
    """Names and quotes that look like markup are shown as text."""
    hostile = "<img src=x onerror=alert(1)>"
    page = browser.new_page()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto(server.url)
    text = f"“{hostile} <b>is new</b>,” said Ana {hostile} Lee, the <script>alert(2)</script> mayor. 😀 “Yes.”"
    page.fill("#text", text)
    page.click("#find")
    page.wait_for_selector("#token:visible")
    page.fill("#token", TOKEN)
    page.click("#find")
    page.wait_for_selector("mark")
    page.locator("mark").first.click()
    assert f"“{hostile} <b>is new</b>,”" in page.text_content("#articles")
    assert 0 == page.locator("#results img, #results b, #results script").count()
    assert [] == alerts


def test_no_field_of_a_record_is_markup(browser: Any, server: Served) -> None:
    """Whatever name, role, channel, outlet, title, address or source a record has, the page shows it as text."""
    record, wrong = hostile(), []
    told = {"schema": "quotes/1", "articles": [to_dict(record)], "errors": []}
    page = browser.new_page()
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.route("**/extract*", lambda route: route.fulfill(body=dumps(told), content_type="application/json"))
    page.goto(server.url)
    page.fill("#text", "anything")
    page.click("#find")
    page.locator("mark").first.click()
    for words in (record.article.title, record.article.outlet.name, record.quotes[0].speaker.role):
        shown = words.replace("\ud800", "\ufffd")
        assert " ".join(shown.split("\x00")[0].split()) in " ".join(page.text_content("#results").split())
    assert 0 == page.locator("#results img, #results script, #results [onerror], a[href^='javascript']").count()
    assert [] == wrong


def test_a_file_is_dropped_and_saved_as_a_table(browser: Any, tmp_path: Path) -> None:
    """A chosen page is sent unchanged; speakers are in the margin; the table guards its cells."""
    page_file = tmp_path / "news.html"
    said = "<p>“We lost week {},” Ana Moreira, the harbour master, told Reuters on Monday.</p>"
    body = "".join(said.format(number) for number in range(8))
    page_file.write_text(f"<html><body><article><h1>Open again</h1>{body}</article></body></html>", encoding="utf-8")
    with served("serve", "--port", "0", "--jobs", "1", folder=tmp_path) as server:
        page = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True).new_page()
        page.goto(server.url)
        page.set_input_files("#file", str(page_file))
        page.wait_for_selector("mark")
        assert "Ana Moreira" in page.text_content(".margin")
        assert page.is_hidden("#stored")
        with page.expect_download() as saved:
            page.click("#save-csv")
        table = Path(saved.value.path()).read_text("utf-8")
    assert table.startswith("title,source,outlet,published,type,stance,text,speaker,")
    assert 9 == table.count("\n")


def test_a_store_is_searched_and_checked(browser: Any, tmp_path: Path) -> None:
    """With a store the page offers both, and shows where the words are printed."""
    text = "“We lost a week, not a season,” Ana Moreira, the harbour master, told Reuters on Monday."
    save_store(tmp_path / "quotes.db", text)
    with served("serve", "--port", "0", "--jobs", "1", "--store", "quotes.db", folder=tmp_path) as server:
        page = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
        page.goto(server.url)
        page.fill("#words", "season")
        page.click("#search button")
        page.wait_for_selector("#hits li")
        assert "Ana Moreira" in page.text_content("#hits")
        page.fill("#claim", "a week, not a season")
        page.click("#check button")
        page.wait_for_selector("#hits mark")
        assert "Yes, word for word" in page.text_content("#stored-status")


def save_store(path: Path, text: str) -> None:
    """Write what one text holds into a store."""
    from quotes import Store, extract

    with Store.open(path, write=True) as store:
        store.add(extract(text, with_text=True))
