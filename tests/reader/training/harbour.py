"""A small annotated article, as an object and as a corpus on disk."""

from __future__ import annotations

from pathlib import Path

from quotes.reader.training.articles import Article, Label

TEXT = "“We sail at noon,” said Ana Lee.\n\nOwen Roe hopes that the fog will lift.\n"


def bounds(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def article(text: str = TEXT) -> Article:
    said = Label((bounds(text, "“We sail at noon,”"),), bounds(text, "said"), bounds(text, "Ana Lee"), True)
    hoped = Label((bounds(text, "that the fog will lift"),), bounds(text, "hopes"), bounds(text, "Owen Roe"), False)
    return Article("harbour", text, (said, hoped))


def write_corpus(folder: Path) -> Path:
    """Write the article as standoff, once as each of two annotators has it."""
    (folder / "text").mkdir(parents=True)
    (folder / "attributions").mkdir()
    (folder / "text" / "harbour.txt").write_text(TEXT, encoding="utf-8")
    boxes: list[str] = []
    events: list[str] = []
    for number, label in enumerate(article().labels):
        for role, (low, high) in (("Content", label.contents[0]), ("Cue", label.cue), ("Source", label.source)):
            boxes.append(f"T{len(boxes) + 1}\t{role} {low} {high}\t{TEXT[low:high]}")
        n = len(boxes)
        events.append(f"E{number + 1}\tAttribution:T{n - 1} Content:T{n - 2} Cue:T{n - 1} Source:T{n}")
    for name, rows in (("harbour_a", events), ("harbour_b", events[:1])):
        (folder / "attributions" / f"{name}.ann").write_text("\n".join([*boxes, *rows]) + "\n", encoding="utf-8")
    return folder


def write_bench(folder: Path) -> Path:
    """Write a scorer that calls speech what is said."""
    folder.mkdir()
    (folder / "score.py").write_text(
        "def quoted_chars(text): return set()\n"
        "def is_speech(row, text): return text[slice(*row['cue'][0])] == 'said'\n"
        "def gold_type(row, text, quoted): return 'indirect'\n",
        encoding="utf-8",
    )
    return folder
