"""Who published a page: portals, wire copy, and names that an outlet no longer bears."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotes.ingest import read
from quotes.ingest.pages import split
from quotes.ingest.publisher import publisher
from quotes.lexicon import Lexicon, load_lexicon
from quotes.records import Outlet, SourceText

ARTICLE = """<article><h1>{title}</h1>
<p>The mill by the weir has stood idle since the spring floods carried off its wheel and half of the lower wall.</p>
<p>“We will grind flour here again before the harvest is in,” said Hedda Brandt, who bought it for a single coin.</p>
<p>The council of Oster lent her the timber and asked for nothing but a loaf on every market day, she said.</p>
</article>"""


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon("en")


def page(folder: Path, *, head: str = "", foot: str = "", title: str = "A mill is to turn again") -> SourceText:
    """Return a small web page as it is read."""
    path = folder / "page.html"
    body = ARTICLE.format(title=title) + foot
    path.write_text(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>", encoding="utf-8")
    [source] = read([str(path)])
    assert isinstance(source, SourceText)
    return source


def published(source: SourceText, lexicon: Lexicon) -> tuple[Outlet | None, Outlet | None]:
    """Return outlet and agency of a page's only article."""
    [piece] = split(source, lexicon=lexicon)
    return publisher(source, piece, lexicon=lexicon)


def links(*addresses: str) -> str:
    return "".join(f'<a href="{address}">more</a><img src="{address}/pic.jpg">' for address in addresses)


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (["https://www.msn.com/a", "https://www.msn.com/b", "https://img-s-msn-com.akamaized.net/c"], "msn"),
        (["https://news.yahoo.com/a", "https://s.yahoo.com/b", "https://finance.yahoo.com/c"], "yahoo-news"),
        (["https://ichef.bbc.co.uk/a", "https://www.bbc.co.uk/b", "//static.bbc.co.uk/c"], "bbc-news"),
    ],
)
def test_a_portal_is_known_by_the_addresses_on_its_page(
    tmp_path: Path, lexicon: Lexicon, addresses: list[str], expected: str
) -> None:
    """If a page names no outlet, most of its own links and pictures decide, not the linked home page."""
    elsewhere = '<link rel="canonical" href="https://www.oster-courier.example/mill">'
    outlet, _ = published(page(tmp_path, head=elsewhere, foot=links(*addresses)), lexicon)
    assert outlet is not None
    assert expected == outlet.id


def test_few_or_scattered_addresses_name_no_portal(tmp_path: Path, lexicon: Lexicon) -> None:
    """Two links to a portal, or a page whose links lead everywhere, say nothing."""
    home = '<link rel="canonical" href="https://www.oster-courier.example/mill">'
    for foot in (
        links("https://www.msn.com/a"),
        links("https://www.msn.com/a", *(f"https://site{n}.example/x" for n in range(9))),
    ):
        outlet, _ = published(page(tmp_path, head=home, foot=foot), lexicon)
        assert Outlet("oster-courier.example", None, "oster-courier.example") == outlet


def test_a_name_on_the_page_goes_before_its_addresses(tmp_path: Path, lexicon: Lexicon) -> None:
    """A page that names its outlet is that outlet's, wherever its pictures are kept."""
    head = '<meta property="og:site_name" content="The Guardian">'
    foot = links("https://www.msn.com/a", "https://www.msn.com/b", "https://www.msn.com/c")
    outlet, _ = published(page(tmp_path, head=head, foot=foot), lexicon)
    assert outlet is not None
    assert "The Guardian" == outlet.name


@pytest.mark.parametrize(
    ("agency", "url", "outlet", "wire"),
    [
        ("Associated Press", "https://www.latimes.com/world/mill", "los-angeles-times", "associated-press"),
        ("Reuters", "https://www.theguardian.com/world/mill", "guardian", "reuters"),
        ("Associated Press", "https://apnews.com/article/mill", "associated-press", None),
    ],
)
def test_wire_copy_is_the_papers_by_its_domain(
    tmp_path: Path, lexicon: Lexicon, agency: str, url: str, outlet: str, wire: str | None
) -> None:
    """A page that names only the agency is the paper's whose address it has; on the agency's own it is the agency's."""
    head = f'<meta property="og:site_name" content="{agency}"><link rel="canonical" href="{url}">'
    found, brought = published(page(tmp_path, head=head), lexicon)
    assert (outlet, wire) == (found and found.id, brought and brought.id)


@pytest.mark.parametrize(
    ("printed", "identity"),
    [("The Huffington Post", "huffpost"), ("HuffPost", "huffpost"), ("Russia Today", "rt"), ("RT", "rt")],
)
def test_a_former_name_stays_where_the_page_bears_it(
    tmp_path: Path, lexicon: Lexicon, printed: str, identity: str
) -> None:
    """An outlet is called what its own page calls it, under one id."""
    head = f'<meta property="og:site_name" content="{printed}">'
    outlet, _ = published(page(tmp_path, head=head), lexicon)
    assert outlet is not None
    assert (printed, identity) == (outlet.name, outlet.id)
