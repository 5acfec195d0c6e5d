"""Vary annotated articles, so that a reader trained on one corpus works on other news.

About a third stay as printed. The others get new names, other quotation marks or none, datelines, page furniture, torn
lines, capitals, embedded posts and signatures; the labels move along.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from attrs import evolve

from quotes.lexicon import Lexicon, load_lexicon
from quotes.reader.training.articles import Article, Bounds, Edit, Label, LayerSpan, edit, paragraph_starts
from quotes.text import quotation_marks

_AS_PRINTED = 0.33
_PAIRS = {
    "straight": '""',
    "curly": "“”",
    "guillemets": "«»",
    "low": "„“",
    "single": "‘’",
    "straight single": "''",
}
# How often each style of marks is used: British single marks and missing closing marks are common in news.
_STYLES = {
    "straight": 1.0, "curly": 1.0, "guillemets": 0.5, "low": 0.5, "doubled": 0.5, "single": 1.5,
    "straight single": 1.0, "unclosed": 1.2, "none": 0.8,
}  # fmt: skip
_INNER = re.compile(r"(?<!\w)‘([^‘’“”\n]{1,80})’(?!\w)")
_SAID = re.compile(r'[“"]([^“”"\n]{24,277})[”"]')
_NAME = re.compile(r"\b([A-Z][a-z]{2,}) ([A-Z][a-z]{2,})\b")


@cache
def stock() -> dict[str, Any]:
    """Return the names, places and furniture that augmentation inserts; lists printed as one text are split."""
    read = tomllib.loads(files("quotes.reader.training").joinpath("stock.toml").read_text(encoding="utf-8"))
    return {key: value.split() if isinstance(value, str) else value for key, value in read.items()}


@cache
def _lexicon() -> Lexicon:
    return load_lexicon("en")


def vary(article: Article, *, rng: random.Random, said: Sequence[str]) -> Article:
    """Return a variant of an article.

    Args:
        article: the article as printed.
        rng: the source of randomness.
        said: words for posts and signed quotations.
    """
    if rng.random() < _AS_PRINTED:
        return article
    steps: tuple[tuple[Callable[[Article, random.Random], Article], float], ...] = (
        (swap_names, 0.45), (restyle_marks, 0.55), (add_dateline, 0.12), (add_furniture, 0.15), (tear, 0.2),
        (recase, 0.1),
    )  # fmt: skip
    for step, chance in steps:
        if rng.random() < chance:
            article = step(article, rng)
    return add_posts(article, rng, said) if rng.random() < 0.25 else article


def words_said(article: Article) -> list[str]:
    """Return an article's directly quoted sentences without their marks."""
    out = []
    for label in article.labels:
        if label.speech and len(label.contents) == 1:
            match = _SAID.fullmatch(article.text[slice(*label.contents[0])])
            out += [match.group(1).rstrip(",")] if match else []
    return out


def restyle_marks(article: Article, rng: random.Random, *, style: str | None = None) -> Article:
    """Change the style of double marks; leave some unclosed, drop some."""
    style = style or rng.choices(list(_STYLES), list(_STYLES.values()))[0]
    edits: list[Edit] = []
    for mark in quotation_marks.find(article.text, lexicon=_lexicon()):
        if mark.mark != "double":
            continue
        ends = [(mark.start, mark.inner.start, True)]
        ends += [(mark.inner.end, mark.end, False)] if mark.closed else []
        for low, high, opens in ends:
            if style == "doubled":
                edits.append((low, high, "``" if opens else "''"))
            elif style == "unclosed":
                edits += [] if opens or rng.random() < 0.8 else [(low, high, "")]
            else:
                edits.append((low, high, "" if style == "none" else _PAIRS[style][0 if opens else 1]))
    if style in ("single", "straight single"):  # and the inner ones become double
        for match in _INNER.finditer(article.text):
            edits += [(match.start(), match.start() + 1, "“"), (match.end() - 1, match.end(), "”")]
    return edit(article, edits)


def swap_names(article: Article, rng: random.Random) -> Article:
    """Give the credited people other names, consistently within the article."""
    new: dict[str, str] = {}

    def rename(word: str, kind: str) -> None:
        new.setdefault(word, rng.choice(stock()[kind]).replace("_", " "))

    for label in article.labels:
        for match in _NAME.finditer(article.text, *label.source) if label.source else ():
            if not set(match.groups()) & set(stock()["not_names"]) and rng.random() < 0.85:
                rename(match.group(1), "given")
                rename(match.group(2), "surnames")
    for kind in ("surnames", "given"):
        for word in stock()[f"{kind}_too_common"]:
            rename(word, kind)
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, new)) + r")\b")
    return edit(article, [(*m.span(), new[m.group()]) for m in pattern.finditer(article.text)])


def add_dateline(article: Article, rng: random.Random) -> Article:
    """Open a paragraph with a dateline."""
    at = rng.choice(paragraph_starts(article)[:3])
    city, agency = rng.choice(stock()["cities"]), rng.choice(stock()["agencies"])
    dash = rng.choice([" — ", " - ", " – ", ": ", " -- "])
    places = [f"{city} ({agency})", city, f"({agency})", f"{city}, March 4 ({agency})"]
    return edit(article, [(at, at, rng.choice(places) + dash)])


def add_furniture(article: Article, rng: random.Random) -> Article:
    """Insert page furniture between paragraphs."""
    places = paragraph_starts(article)
    chosen = rng.sample(places, min(len(places), rng.randint(1, 4)))
    return edit(article, [(at, at, rng.choice(stock()["furniture"]) + rng.choice(["\n", "\n\n"])) for at in chosen])


def tear(article: Article, rng: random.Random) -> Article:
    """Break or glue lines the way that copied text and bad extraction do."""
    text, kind = article.text, rng.choice(["wrap", "glue", "single", "flat", "cut"])
    breaks = [m.span() for m in re.finditer(r"\s*\n\s*", text)]
    if kind == "single":
        return edit(article, [(low, high, "\n") for low, high in breaks])
    if kind == "flat":
        return edit(article, [(low, high, " ") for low, high in breaks])
    if kind == "glue":  # "…he said.The minister"
        return edit(article, [(low, high, rng.choice(["", " "])) for low, high in breaks if rng.random() < 0.15])
    if kind == "wrap":
        return edit(article, _wraps(text, rng.randint(60, 90)))
    if len(text) < 2000:
        return article
    low, high = rng.randrange(0, len(text) // 4), rng.randrange(3 * len(text) // 4, len(text))
    return edit(article, [(0, low, ""), (high, len(text), "")])  # a torn page starts and ends anywhere


def _wraps(text: str, width: int) -> list[Edit]:
    edits: list[Edit] = []
    start = 0
    for match in re.finditer(r" |\n+", text):
        if match.group() != " ":
            start = match.end()
        elif match.start() - start > width:
            edits.append((*match.span(), "\n"))
            start = match.end()
    return edits


def recase(article: Article, rng: random.Random) -> Article:
    """Change a paragraph or the whole text to capitals or lower case, unless that changes its length."""
    change = rng.choice([str.upper, str.lower])
    places = [*paragraph_starts(article), len(article.text)]
    low, high = 0, len(article.text)
    if rng.random() >= 0.5:
        number = rng.randrange(len(places) - 1)
        low, high = places[number], places[number + 1]
    part = article.text[low:high]
    if len(change(part)) != len(part):
        return article
    return evolve(article, text=article.text[:low] + change(part) + article.text[high:])


def add_posts(article: Article, rng: random.Random, said: Sequence[str]) -> Article:
    """Insert labelled signed quotations, embedded posts or transcript lines, with words said elsewhere."""
    if not said:
        return article
    places = paragraph_starts(article)
    marks_of = rng.choice(["“”", '""', "“”"])
    kind = rng.choice(["dash", "dash", "post", "colon"])
    made = [
        (at, _post(kind, rng.choice(said), marks_of, rng))
        for at in rng.sample(places, min(len(places), rng.randint(1, 5)))
    ]
    made.sort(key=lambda m: m[0])
    out = edit(article, [(at, at, "".join(b for _, b in bits) + "\n\n") for at, bits in made])
    labels = list(out.labels)
    unsaid: list[LayerSpan] = []
    grown = 0
    for at, bits in made:
        where = at + grown
        spans: dict[str, Bounds] = {}
        for role, bit in bits:
            spans[role] = (where, where + len(bit))
            where += len(bit)
        grown = where + 2 - at
        labels.append(Label((spans["content"],), spans["cue"], spans["source"], speech=True))
        unsaid.append(LayerSpan("names", "", spans["source"]))
    return evolve(out, labels=tuple(labels), spans=(*out.spans, *unsaid))


def _post(kind: str, words: str, pair: str, rng: random.Random) -> list[tuple[str, str]]:
    """Return a post as the texts of its roles and of the parts between."""
    name = f"{rng.choice(stock()['given'])} {rng.choice(stock()['surnames'])}".replace("_", " ")
    dash = ("cue", rng.choice("―—–-"))
    if kind == "dash":
        tail = rng.choice(["", ", " + rng.choice(stock()["offices"])])
        gap = rng.choice([" ", "\n", "\n\n"])
        quoted = ("content", pair[0] + words + pair[1])
        return [quoted, ("", gap), dash, ("", rng.choice([" ", " ", ""])), ("source", name + tail)]
    if kind == "post":
        handle = name.replace(" ", "").replace("’", "")[:15]
        tail = rng.choice(stock()["post_tails"]).format(handle=handle, day=rng.choice(stock()["days"]))
        gap = rng.choice([" ", "\n"])
        return [("content", words), ("", gap), dash, ("", " "), ("source", name), ("", " " + tail)]
    name = rng.choice([name, name.upper(), name.split()[-1].upper()])
    quoted = ("content", words if rng.random() < 0.6 else pair[0] + words + pair[1])
    return [("source", name), ("cue", ":"), ("", " "), quoted]
