"""Embedded posts of web pages: their words and a signature, however the platform prints them."""

from __future__ import annotations

import pytest
from lxml import etree, html

from quotes.ingest.embedded_posts import write_posts


def lines(markup: str) -> list[str]:
    """Return the paragraphs of a page after its posts are written."""
    tree = html.document_fromstring(f"<body><p>Above.</p>{markup}<p>Below.</p></body>")
    write_posts(tree)
    return [" ".join(p.itertext()) for p in tree.iter("p", "blockquote") if p.tag == "p" or not len(p)][1:-1]


def embed(name: str, inside: str, more: str = "") -> str:
    return f'<blockquote class="{name}" {more}>{inside}</blockquote>'


@pytest.mark.parametrize(
    ("markup", "signature"),
    [
        (
            embed(
                "bluesky-embed",
                '<p>The weir is shut.<br><br>Go by the lock.<br><a href="b">[image or embed]</a></p>'
                "&mdash; Ada Fell (<a>@fell.example</a>) <a>March 3, 2026 at 9:14 AM</a>",
            ),
            "— Ada Fell (@fell.example) March 3, 2026 at 9:14 AM",
        ),
        (
            embed(
                "mastodon-embed",
                "<p>The weir is shut.</p><p>Go by the lock.</p>— Ada Fell (@fell@weirs.ex) <a>3 Mar 2026, 09:14</a>",
            ),
            "— Ada Fell (@fell@weirs.ex) 3 Mar 2026, 09:14",
        ),
        (
            embed(
                "text-post-media",
                "<p>The weir is shut.<br>Go by the lock.</p>— Ada Fell (@fell) <a>March 3, 2026</a>",
                'data-text-post-permalink="https://www.threads.net/@fell/post/1"',
            ),
            "— Ada Fell (@fell) on Threads, March 3, 2026",
        ),
        (
            embed("truthsocial-embed", "<p>The weir is shut. Go by the lock.</p>— Ada Fell (@fell) <a>2026-03-03</a>"),
            "— Ada Fell (@fell) on Truth Social, 2026-03-03",
        ),
        (
            embed(
                "fb-xfbml-parse-ignore",
                "<p>The weir is shut.</p><p>Go by the lock.</p>Posted by <a>Fell Ferries</a> on "
                "<a>Tuesday, March 3, 2026</a>",
                'cite="https://www.facebook.com/fell/posts/1"',
            ),
            "— Fell Ferries, on Facebook, Tuesday, March 3, 2026",
        ),
        (
            embed(
                "instagram-media",
                "<div><a>View this post on Instagram</a></div><p><a>The weir is shut. Go by the lock.</a></p>"
                "<p>A post shared by <a>Ada Fell</a> (@ada.fell) on <time>Mar 3, 2026 at 9:14am PST</time></p>",
            ),
            "— Ada Fell (@ada.fell) on Instagram, Mar 3, 2026 at 9:14am PST",
        ),
        (
            embed(
                "tiktok-embed",
                "<section><a>@fell</a> The weir is shut. Go by the lock. <a>♬ original sound - Ada Fell</a></section>",
            ),
            "— @fell on TikTok",
        ),
        (
            embed(
                "twitter-tweet",
                "<p>The weir is shut.<br><br>Go by the lock.</p>&mdash; Ada Fell (@fell) <a>March 3, 2026</a>",
            ),
            "— Ada Fell (@fell) March 3, 2026",
        ),
        (
            "<blockquote><p>The weir is shut. Go by the lock.</p>— Ada Fell (@fell) "
            '<a href="https://t.me/fell/1">March 3, 2026</a></blockquote>',
            "— Ada Fell (@fell) on Telegram, March 3, 2026",
        ),
    ],
)
def test_a_post_is_its_words_and_a_signature(markup: str, signature: str) -> None:
    """Line breaks and buttons go, and the platform is written where the handle does not show it."""
    assert ["The weir is shut. Go by the lock.", signature] == lines(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote><p>The weir is shut.</p><cite>Ada Fell</cite></blockquote>",
        embed("quote-medium", "<p>The weir is shut.</p>— Ada Fell, engineer"),
        embed("text-post-media", "<a>Post by @fell</a> <a>View on Threads</a>"),
        embed("instagram-media", "<p>A post shared by Ada Fell (@fell)</p>"),
        embed("bluesky-embed", "<p>The weir is shut.</p>"),
        '<blockquote><p>See <a href="https://www.facebook.com/x">the photos</a> of the weir.</p></blockquote>',
    ],
)
def test_other_quotations_stay(markup: str) -> None:
    """A quotation without words, author or platform is no post to write."""
    tree = html.document_fromstring(f"<body>{markup}</body>")
    before = etree.tostring(tree)
    write_posts(tree)
    assert before == etree.tostring(tree)
