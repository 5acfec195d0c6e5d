"""Put a channel into words: "in a statement", "to the crowd", "at a rally in Ohio". English only."""

from __future__ import annotations

import re

from quotes.records import Channel

# The preposition and the article that the text prints before a channel's name.
_BEFORE = re.compile(
    r"(?P<way>\b(?:in|at|on|to|via|during|over|by|from|before|for)[ \u00a0])?(?P<article>(?:an?|the)[ \u00a0])?\Z",
    re.IGNORECASE,
)
# How far before the name they may begin, in characters.
_NEAR = 24
# Occasions with "at"; the others have "in".
_AT = re.compile(
    r"\b(?:conference|rally|rallies|meeting|event|summit|hearings?|briefing|debate|forum|session|ceremony|demonstration|"
    r"vigil|party|funeral|trial|symposium|festival|gathering|protest|demo|fundraiser|inquest|inquiry)\b"
)
# The head of a noun phrase precedes the first of these words.
_HEAD = re.compile(r"\A(.+?)(?: (?:in|with|of|on|at|to|for|by|from|before|about|over)\b|\Z)")
_NONE = frozenset(
    {"court", "evidence", "testimony", "parliament", "congress", "sentencing", "footage", "correspondence", "media"}
)
_THE = re.compile(r"\A(?:same|following|first|last|latest|early|earlier|final|second|third|present|so-called)\b")
_VOWEL = re.compile(r"\A(?:[aeio]|u(?!ni|s[ae]|k\b)|hon(?:est|ou?r)|hour|heir|MP|MSN|NBC|SMS|FBI|8|11\b|18)")


def in_words(channel: Channel, text: str | None = None) -> str:
    """Return a channel with its preposition and article, as in the text or else as usual in English.

    Args:
        channel: the channel.
        text: the text that its mention refers to.
    """
    name, way = channel.name, channel.relation
    if channel.kind not in ("occasion", "document", "audience"):
        return f"{way} {name}"
    if text is not None and channel.mention is not None:
        start = channel.mention.start
        match = _BEFORE.search(text[max(0, start - _NEAR) : start])
        printed = (match["way"] or "").strip().lower() if match else ""
        if match and match["article"] and text[start : start + len(name)] == name:
            fits = printed in {
                "to": ("to", "before"),
                "in": ("in", "at", "during", "on", "over", "from", "before"),
            }.get(way, (way,))
            return f"{printed if fits else _preposition(channel)} {match['article'].strip().lower()} {name}"
    return f"{_preposition(channel)} {_article(channel)}{name}"


def _preposition(channel: Channel) -> str:
    occasion = channel.relation == "in" and channel.kind == "occasion"
    return "at" if occasion and _AT.search(_head(channel.name)) else channel.relation


def _head(name: str) -> str:
    match = _HEAD.match(name)
    return match[1] if match else name


def _article(channel: Channel) -> str:
    """Return "a ", "the " or "": plurals, names and "court" have none."""
    name, head = channel.name, _head(channel.name)
    last = head.split()[-1].lower()
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is", "news"))
    if plural or re.match(r"(?:an?|the|his|her|their|its|my|our|this|that|\w+[’']s)\b", name, re.IGNORECASE):
        return ""
    if channel.kind == "audience":
        return (
            "" if name.isupper() or last in ("people", "media", "congress", "parliament") or _is_name(head) else "the "
        )
    if last in _NONE:
        return ""
    if _THE.match(name) or name[0].isupper():
        return "the " if not name[0].isdigit() and not re.match(r"[A-Z][a-z]{2}\.? \d", name) else "a "
    return "an " if _VOWEL.match(name) else "a "


def _is_name(head: str) -> bool:
    """Return whether words are the name of a person or a country, not of the Intelligence Committee."""
    last = head.split()[-1]
    return last[0].isupper() and not re.match(
        r"(?:Committee|Court|Council|Board|House|Senate|Commission|Assembly|Panel|Club|Union)\b", last
    )
