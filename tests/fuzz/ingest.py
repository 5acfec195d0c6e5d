"""Fuzz what reads inputs: web pages, tables, JSON, encodings, and the telling apart of these.

python -m tests.fuzz.ingest [--seconds N] [--corpus DIR] [--findings DIR]
"""

from __future__ import annotations

from .bytes_to_text import text_of
from .driver import Check, main

WORDS = [
    " ", "\n", "\r\n", "\t", "text", "title", "id", "url", "outlet", "published", "byline", "body", "It rained. ",
    "“We go,” Ann Lee said. ", "\x00", "\ufeff", "\u2028", "\ud83d", "İ", "1", "2025-06-10", "06/10/2025", "-", "1e999",
    "Wed, 10 Jun 2025 10:00:00 +0000", "9999-99-99", "https://a.example/b", "//", "@", "NaN", "\\ud83d",
    "\\u0000", "\\",
]  # fmt: skip
TABLES = [
    '"', '""', ",", ";", "|", "{", "}", "[", "]", ":", '{"text": "', '"}', '","', '"text":', "null", "true", "[[", "]]",
    'text,title,"id"\n', '{"schema": "quotes/1"}', '"published": "', '"byline": [', '{"name": "',
]  # fmt: skip
PAGES = [
    "<!doctype html>", "<html>", "<html lang='", "<head>", "</head>", "<body>", "</body>", "<p>", "</p>", "<div>",
    "</div>", "<article>", "</article>", "<h1>", "</h1>", "<title>", "</title>", "<a href='#'>", "</a>", "<table>",
    "<tr>", "<td>", "</table>", "<blockquote class='twitter-tweet'>", "</blockquote>", "<ul>", "<li>", "</ul>", "<br>",
    "<script type='application/ld+json'>", "</script>", "<script>", "<style>", "</style>", "<svg>", "<iframe>",
    '{"@type": "NewsArticle", ', '"headline": ', '"author": ', '"publisher": ', '"@graph": [', '"@id": "a"',
    '"mainEntityOfPage": ', '"datePublished": ', "<meta property='og:title' content='", "<meta charset='",
    "<meta name='author' content='", "<link rel='canonical' href='", "'>", ">", "<", "&", "&amp;", "&#x0;", "&#55357;",
    "&#xD83D;", "&nbsp;", "&lt;", "<!--", "-->", "<![CDATA[", "]]>", "<?xml version='1.0' encoding='utf-16'?>",
    "<!ENTITY a 'b'>", "<p", " class='", "itemprop='name' ", "<nav>", "</nav>", "<footer>", "<template>", "<math>",
    "<pre>", "<figcaption>", "<h2>", "</h2>", "<form>", "<select>", "<textarea>", "<noscript>", "<frameset>",
]  # fmt: skip
PIECES = [*WORDS, *TABLES, *PAGES]
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "cp1252", "utf-32", "utf-8-sig", "latin-1", "shift-jis")
# An article long enough to be taken for one: pages without it go the short way only.
_BODY = "<p>The bridge over the river is shut until Monday. “We will not wait,” Ann Lee, the mayor, told Reuters.</p>"


def load() -> Check:
    """Return the target: an input of any kind gives texts that can be written out, or errors in words."""
    import io

    from quotes.ingest import KINDS, read

    from .checks import check_source

    kinds = (None, *KINDS, "html", "html")

    def check(data: bytes) -> None:
        if len(data) < 3:
            return
        kind, form, rest = kinds[data[0] % len(kinds)], data[1], data[2:]
        if form >= 0xF0:
            given = rest  # as it is
        else:
            text = text_of(rest, pieces=PIECES)
            text = text.replace("body", _BODY * 4) if form & 1 else text
            given = text.encode(ENCODINGS[form // 2 % len(ENCODINGS)], "replace" if form & 64 else "ignore")
        columns = {"text": "body"} if form & 128 else None
        for found in read(["-"], input_format=kind, columns=columns, stdin=io.BytesIO(given)):
            check_source(found)

    return check


if __name__ == "__main__":
    main(load, about=__doc__)
