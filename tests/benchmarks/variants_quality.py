"""Pairwise precision and recall of `quotes variants`, on real repetitions and on perturbed quotes.

    python -m tests.benchmarks.variants_quality [--errors]

Real: the annotated articles of PolNeAR, train and dev, report many of the same events. All pairs of quoted statements
in two articles that share four words in a row were listed by brute force. A pair is the same statement where all words
of the shorter, at least six, stand in the longer in one piece; the others that share eight words in a row, or five that
are half of the shorter one, or six that are a fifth, were read and labelled by hand: `variants_labels.json` names them
by article and offset. All other pairs are different. Pairs that a reader could not decide are left out.

Perturbed: what is rare there. Quotes drawn from the same articles are printed again as a newspaper might: cut, with an
ellipsis, with an editor's bracket, with other marks, split by a credit, half as reported speech, with a word changed,
with a "not" put in. The words come from the corpus at run time; none are kept.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

from attrs import evolve, frozen

from quotes.comparison.variants import groups
from quotes.records import Article, ArticleRecord, Outlet, Quote, QuoteType, Span, Speaker

from . import corpus

LABELS = Path(__file__).with_name("variants_labels.json")
SPLITS = ("train", "dev")
# The rule's bounds, see above.
LEAST_WORDS, SHARED = 6, 4
# As many quotes are perturbed, each in this many ways.
PERTURBED, SEED = 600, 5
_WORD = re.compile(r"[a-z0-9]+")
_NAME = re.compile(r"(?:[A-Z][\w’'-]+|[A-Z]\.)(?:\s+(?:[A-Z][\w’'-]+|[A-Z]\.))*")
_TITLES = re.compile(
    r"^(?:(?:Sen|Rep|Gov|Mr|Mrs|Ms|Dr|The|A|An|Former|Republican|Democratic|Senator|President)\b\.?\s*)+"
)
_PRONOUNS = frozenset(["He", "She", "They", "It", "His", "Her", "Their", "Its", "We", "I"])

Pair = frozenset[str]


@frozen
class Statement:
    """An annotated statement: its key (article and offset), its words inside quotation marks, and all its words.

    Both are empty for reported speech, which is no part of the test.
    """

    key: str
    record: ArticleRecord
    words: tuple[str, ...]
    all_words: tuple[str, ...]


@frozen
class Score:
    """Counts of pairs."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the pairs in one group that belong together."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the pairs that belong together that are in one group."""
        return self.right / max(1, self.right + self.missed)


def speaker(source: str) -> Speaker | None:
    """Read a name off an annotated source; a pronoun, or a source without a name, is nobody known."""
    for match in _NAME.finditer(source):
        name = _TITLES.sub("", match[0])
        if name and name not in _PRONOUNS:
            return Speaker(name.removesuffix("'s").removesuffix("’s"), "person")
    return None


@cache
def statements() -> tuple[Statement, ...]:
    """Return all annotated statements, each as a record in a separate article."""
    score, found = corpus.scorers().score, []
    for split in SPLITS:
        for name, text, rows in score.read_gold(corpus.folder(split)):
            quoted = score.quoted_chars(text)
            outlet, day = name.split("_")[:2]
            for row in rows:
                spans = tuple(Span(*span) for span in row["spans"])
                kind: QuoteType = score.gold_type(row, text, quoted)
                key = f"{name}:{spans[0].start}"
                words = " ".join(text[s.start : s.end] for s in spans)
                who = speaker(" ".join(text[a:b] for a, b in row["source"]))
                article = Article(name, f"{name}.txt", 0, 0, len(text), published=day, outlet=Outlet(outlet))
                inside = "".join(text[i] if i in quoted or not text[i].isalnum() else " "
                                 for s in spans for i in (*range(s.start, s.end), s.end) if i < len(text))  # fmt: skip
                record = ArticleRecord(article, (Quote(key, kind, words, spans, speaker=who),))
                said = (tokens(part) if kind != "indirect" else () for part in (inside, words))
                found.append(Statement(key, record, *said))
    return tuple(found)


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text, lower case, without apostrophes: nothing of the program's own way to see words."""
    return tuple(_WORD.findall(text.casefold().replace("’", "").replace("'", "")))


def article_of(key: str) -> str:
    """Return the article that a key names."""
    return key.rsplit(":", 1)[0]


@cache
def real_pairs() -> tuple[frozenset[Pair], frozenset[Pair]]:
    """Return the pairs of statements that are the same, and those that nobody could decide."""
    labels: dict[str, set[Pair]] = {
        name: {frozenset(pair) for pair in pairs} for name, pairs in json.loads(LABELS.read_text("utf-8")).items()
    }
    same = set(labels["same"])
    for part in ("words", "all_words"):
        index: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
        for one in statements():
            words = getattr(one, part)
            for n in range(len(words) - SHARED + 1):
                index[words[n : n + SHARED]].append(one)
        for bucket in index.values():
            for one, other in combinations({s.key: s for s in bucket}.values(), 2):
                short, long = sorted((getattr(one, part), getattr(other, part)), key=len)
                inside = len(short) >= LEAST_WORDS and f" {' '.join(short)} " in f" {' '.join(long)} "
                if inside and article_of(one.key) != article_of(other.key):
                    same.add(frozenset((one.key, other.key)))
    same -= labels["different"] | labels["unsure"]
    return frozenset(same), frozenset(labels["unsure"] | _by_way_of_others(same))


def _by_way_of_others(same: set[Pair]) -> set[Pair]:
    """Return the pairs that are the same only as parts of a third: two parts of one statement, with no shared word."""
    near: dict[str, set[str]] = defaultdict(set)
    for one, other in map(tuple, same):
        near[one].add(other)
        near[other].add(one)
    far = {frozenset(pair) for found in near.values() for pair in combinations(sorted(found), 2)}
    return {pair for pair in far - same if len({article_of(key) for key in pair}) == 2}


def together(records: Iterable[ArticleRecord]) -> Iterator[Pair]:
    """Yield the pairs of quotes that are put in one group."""
    for group in groups(records):
        ids = [v.quote for v in (group.lead, *group.variants) if v.type != "indirect"]
        yield from (frozenset(pair) for pair in combinations(ids, 2) if len(set(pair)) == 2)


def real() -> tuple[Score, list[tuple[str, Pair]]]:
    """Score the groups of the annotated statements, pairs in two articles only, and list the errors."""
    same, unsure = real_pairs()
    found = {p for p in together(s.record for s in statements()) if len({article_of(key) for key in p}) == 2} - unsure
    errors = [("wrong", pair) for pair in found - same] + [("missed", pair) for pair in same - found]
    return Score(len(found & same), len(found - same), len(same - found)), sorted(errors, key=str)


def perturbations(words: list[str], draw: random.Random) -> dict[str, tuple[QuoteType, str]]:
    """Return a quote's words as they might be printed again: name of the change -> type and text."""
    size = len(words)
    part, at = max(6, size * 2 // 3), draw.randrange(2, size - 2)
    changed, cut = list(words), draw.randrange(2, max(3, size // 3))
    changed[at] = draw.choice([w for w in ("village", "seven", "orange", "never", "Ontario") if w != words[at]])
    opened = [*words[:at], f"[{draw.choice(['the senator', 'Mr. Roe', 'that is'])}]", *words[at + 1 :]]
    middle = [*words[: size // 3], "…", *words[size // 3 + min(cut, size // 3) :]]
    negated = [*words[:at], "not", *words[at:]]
    inner = " ".join(words[:part])
    return {
        "cut with an ellipsis": ("post", " ".join(words[:part]) + "…"),
        "begun later": ("direct", f"“{' '.join(words[-part:])}”"),
        "ellipsis within": ("direct", f"“{' '.join(middle)}”"),
        "bracketed": ("direct", f"“{' '.join(opened)}”"),
        "other marks": ("direct", "«" + " ".join(words).replace(",", " –").replace("’", "'").upper() + "»"),
        "split": ("direct", f"“{' '.join(words[:at])},” “{' '.join(words[at:])}.”"),
        "half reported": ("mixed", f"that it was so and “{inner}” for the region"),
        "word changed": ("direct", f"“{' '.join(changed)}”"),
        "negated": ("direct", f"“{' '.join(negated)}”"),
    }


def perturbed() -> tuple[Score, dict[str, list[int]], list[Pair]]:
    """Score the groups of perturbed quotes: in all, and for each change how many found their original, of how many."""
    draw = random.Random(SEED)
    long = [s for s in statements() if s.record.quotes[0].type == "direct" and 9 <= len(s.words) <= 60]
    chosen, records, kinds = draw.sample(long, PERTURBED), [], {}
    seen = {s.words for s in chosen}
    for number, one in enumerate(chosen):
        text = one.record.quotes[0].text
        words = re.sub(r"[“”\"]", "", text).split()
        records.append(rename(one.record, f"{number}:original", text, "direct"))
        for name, (kind, changed) in perturbations(words, draw).items():
            kinds[f"{number}:{name}"] = name
            records.append(rename(one.record, f"{number}:{name}", changed, kind, who=draw.random()))
    # Unperturbed quotes are in between, as in a newsroom's records.
    records += [s.record for s in statements() if s.words not in seen and s.record.quotes[0].type != "indirect"]
    draw.shuffle(records)
    found = {pair for pair in together(records) if any(key.split(":")[0].isdecimal() for key in pair)}
    same, unsure = real_pairs()
    origin = {str(number): one.key for number, one in enumerate(chosen)}
    right, wrong = set(), []
    for pair in found:
        heads = {origin.get(key.split(":")[0], key) for key in pair}
        (right.add(pair) if len(heads) == 1 else None if heads in same | unsure else wrong.append(pair))
    wanted = sum(len(list(combinations(range(1 + len(get_changes())), 2))) for _ in chosen)
    table: dict[str, list[int]] = {name: [0, 0] for name in get_changes()}
    for key, name in kinds.items():
        table[name][0] += frozenset((key, f"{key.split(':')[0]}:original")) in right
        table[name][1] += 1
    return Score(len(right), len(wrong), wanted - len(right)), table, sorted(wrong, key=sorted)


def get_changes() -> tuple[str, ...]:
    """Return the names of all changes."""
    return tuple(perturbations(list("abcdefghijkl"), random.Random(0)))


def rename(record: ArticleRecord, key: str, text: str, kind: QuoteType, *, who: float = 1.0) -> ArticleRecord:
    """Return a record with other words, as another outlet prints them; now and then the credit is short or lost."""
    assert kind in get_args(QuoteType)
    said = record.quotes[0].speaker
    if said is not None and who < 0.3:
        said = None if who < 0.1 else evolve(said, name=said.name.split()[-1])
    article = evolve(record.article, id=f"article {key}", source=key, outlet=Outlet(f"Outlet {key.split(':')[1]}"))
    return ArticleRecord(article, (evolve(record.quotes[0], id=key, text=text, type=kind, speaker=said),))


def figures() -> dict[str, float]:
    """Return what is pinned: precision and recall on both sets."""
    by_hand, (made, _, _) = real()[0], perturbed()
    return {
        "variants, real: precision": by_hand.precision, "variants, real: recall": by_hand.recall,
        "variants, perturbed: precision": made.precision, "variants, perturbed: recall": made.recall,
    }  # fmt: skip


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="print each pair that is wrong or missed")
    given = parser.parse_args()
    if lost := corpus.missing():
        parser.error(lost)
    score, errors = real()
    _tell("real", score)
    made, table, wrong = perturbed()
    _tell("perturbed", made)
    for name, (right, of) in table.items():
        print(f"  {name:<22} {right / of:.3f} of {of}")
    texts: dict[str, Any] = {s.key: s.record.quotes[0] for s in statements()}
    for name, pair in errors if given.errors else ():
        for key in sorted(pair):
            print(name, key, f"{texts[key].speaker and texts[key].speaker.name}: {texts[key].text}")
    for pair in wrong[:20] if given.errors else ():
        print("wrong", sorted(pair))


def _tell(name: str, score: Score) -> None:
    print(
        f"{name}: precision {score.precision:.3f}, recall {score.recall:.3f} "
        f"({score.right} pairs right, {score.wrong} wrong, {score.missed} missed)"
    )


if __name__ == "__main__":
    main()
