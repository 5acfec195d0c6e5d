"""Recognise outputs of this program by their first bytes: they may be in the folder that it reads.

One line per output. Binary formats, which cannot be mistaken for inputs, have none: `sniff.binary` names them.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Mapping

from quotes.records import ErrorRecord

# The kind of error for an output of this program given as an input.
EXPORT = "export"
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
    "markdown": r"## [^\n]+\n\n[^\n]+\n\n(?:> [^\n]+\n>\n> — \*\*|No quotes\.\n)",
    "text": r"[^\n]+\n={1,78}\n[^\n]+\n\n(?:No quotes\.\n|(?:  [^\n]+\n)+?    — )",
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


def own_output(name: str, what: str) -> ErrorRecord:
    """Return the error for an output of this program given as an input.

    Args:
        name: the input.
        what: the output, in words.
    """
    return ErrorRecord(name, EXPORT, f"this is an export of quotes ({what}), not an input; read the articles instead")
