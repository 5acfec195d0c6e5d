"""Recognise outputs of this program by their first bytes: they may be in the folder that it reads.

One line per output. Binary formats, which cannot be mistaken for inputs, have none: `sniff.binary` names them.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Container, Mapping

from quotes.records import ErrorRecord

# The kind of error for an output of this program given as an input.
EXPORT = "export"
# A heading that names a source: no blank in it, or a suffix at its end.
_SOURCE = r"(?:\S+|[^\n]*\.\w{1,8}(?:\\?#\S+)?)"
# The first characters of an output, by format; for JSON without blanks.
SIGNS: Mapping[str, str] = {
    "json": r'\{(?:"schema":"quotes/|"(?:articles|errors)":\[\{"(?:article":\{"id|source)":|"articles":\[\],"errors":)',
    "jsonl": r'\{"article":\{"id":.*"source":',
    "csv": r"[^{\n][^\n]*\bcue_lemma\b[^\n]*\bparagraph_start\b",
    "webannotation": r'\{"@context":\["http://www\.w3\.org/ns/anno\.jsonld",.{0,400}"urn:x-quotes:',
    "hypothesis": r'\{"uri":.*"TextQuoteSelector"',
    "schemaorg": r'\{"@context":\{"@vocab":"https://schema\.org/".{0,400}"@graph":',
    "ftm": r'\{"id":"quotes-.*"schema":',
    "gqg": r'\{"date":.*"quotes":\[(?:\]|\{"pre":)',
    "labelstudio": r'\[\{"data":\{"text":',
    "markdown": rf"## (?:[^\n]+\n\n[^\n]+|{_SOURCE})\n\n(?:> [^\n]+\n>\n> — \*\*|No quotes\.\n)",
    "text": rf"(?:[^\n]+\n={{1,78}}\n[^\n]+|{_SOURCE}\n={{1,78}})\n\n(?:No quotes\.\n|(?:  [^\n]+\n)+?    — )",
    "groups of quotes": r'\{(?:"schema":"quotes-variants/|"id":"\w+","lead":\{"quote":)',
    "sources": r'\{(?:"schema":"quotes-sources/|"id":"[abp]-\w+","name":)',
    "a table of sources": r'"?id"?,"?name"?,"?kind"?,"?type"?,"?listed"?,',
    "an audit": r'\{"schema":"quotes-audit/',
    "a table of an audit": r'"part","[^"\n]+: quotes",|"group","(?:named sources|source)",|"\w+","articles","quotes",',
    "answers about quotes": r'\{(?:"schema":"quotes-check/|"claim":.*"verdict":)',
    "an answer": r"[^\n]+ \(\d+ places?\)\n\n1\. [^\n]+, \d+–\d+\n",
    "an explanation": r"[^\n]+: \d+ quotes?\n\n1\. line \d+, \w+, confidence \d",
    "a table of answers": r'"?quote"?,"?speaker"?,"?verdict"?,"?places"?,',
    "counts of a run": r'\{"complete":(?:true|false),"sources":',
    "verdicts on quotes": r'\{"article":"\w+",.*"verdict":',
    "gold annotations": r'\{"article":".{1,999}","quotes":\[(?:\]|\{"id":)',
    "a data package": r'\{.{0,999}"profile":"tabular-data-package"',
    "Datasette's metadata": r'\{"title":.*"databases":\{',
    "a JSON Schema": r'\{"\$schema":.{0,99}"\$id":"quotes/',
    "Label Studio's labels": r'<View>\s+<Header value="\$title"/>',
    "a report": r'<!doctype html>.{0,9999}<meta name="generator" content="quotes \d',
}
# The ends of the names of the two files of a run.
_OF_A_RUN = ".part", ".journal"
_COMPILED = {name: re.compile(sign, re.DOTALL) for name, sign in SIGNS.items()}
_BRAT = "annotation.conf", "[entities]\nContent\nCue\nSource\n[relations]\n[events]\nAttribution\t"


def written_by_us(head: bytes) -> str | None:
    """Return which output of this program begins with these bytes, or None.

    Args:
        head: the first bytes, decompressed.
    """
    start = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").lstrip()
    if start.startswith(("{", "[")):
        start = "".join(start.split())
    return next((name for name, sign in _COMPILED.items() if sign.match(start)), None)


def folder_of_ours(path: str) -> str | None:
    """Return which output of this program a folder is, or None."""
    name, start = _BRAT
    try:
        with open(os.path.join(path, name), encoding="utf-8", errors="replace", newline="") as stream:
            return "brat" if stream.read(len(start)) == start else None
    except OSError:
        return None


def of_a_run(name: str, others: Container[str]) -> bool:
    """Return whether a file is what a run that is under way, or was broken off, keeps beside its output.

    Args:
        name: the file's name.
        others: the names in its folder.
    """
    stem, suffix = os.path.splitext(name)
    return suffix in _OF_A_RUN and all(f"{stem}{each}" in others for each in _OF_A_RUN)


def own_output(name: str, what: str) -> ErrorRecord:
    """Return the error for an output of this program given as an input.

    Args:
        name: the input.
        what: the output, in words.
    """
    return ErrorRecord(name, EXPORT, f"this is an export of quotes ({what}), not an input; read the articles instead")
