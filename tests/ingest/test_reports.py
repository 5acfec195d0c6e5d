"""Inputs modelled on public bug reports of other extractors; they are beside the checkout, in `../shared`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quotes.batch.outcome import Selection, outcome_of
from quotes.ingest import read_unopened
from quotes.records import ErrorRecord

REPORTS = Path(__file__).parents[3] / "shared" / "reports"
# File: the credited speakers, in order, with their words in quotation marks.
SPEAKERS: dict[str, list[str]] = {
    "11-layout-table.html": ["Odile Marsh", "Ruben Kast"],
    "12-tail-squish.html": ["Dee Alvar", "Jo Petrie", "Kofi Mensah", "Ada Holm"],
    "13-span-marks.html": ["Ilse Brandt", "Tom Reyes", "Tom Reyes", "Ana Sorel", "Tom Reyes"],
    "14-latin1-declared.html": ["Mara Dunn"],
    "15-charset-dash.html": ["Mara Dunn"],
    "16-cp1252-crlf.txt": ["Mara Dunn", "Mara Dunn"],
    "17-c1-controls.txt": ["Mara Dunn"],
    "18-mojibake.txt": ["Mara Dunn"],
    "19-entities.csv": ["Mara Dunn"] * 4,
    "19-entities.html": ["Mara Dunn"],
    "19-entities.jsonl": ["Mara Dunn"] * 4,
    "19-entities.txt": ["Mara Dunn"] * 2,
    "21-pdf-hyphen.txt": ["Edmund Varley"],
    "34-literal-n.txt": ["Mara Dunn", "Mara Dunn"],
    "35-glued.txt": ["Mara Dunn", "Mara Dunn", "Lars Vik"],
    "37-chunks-entry.html": ["Dora Pell", "Bo Vik", "Ana Roe"],
    "37-chunks-itemprop.html": ["Dora Pell", "Bo Vik", "Ana Roe"],
    "37-chunks-nyt.html": ["Dora Pell", "Bo Vik", "Ana Roe"],
    "37-chunks-para.html": ["Dora Pell", "Bo Vik", "Ana Roe"],
    "37-chunks-storybody.html": ["Dora Pell", "Bo Vik", "Ana Roe"],
    "37-chunks-wired.html": ["Dora Pell", "Bo Vik", "Ana Roe"],
    "45-articles.xlsx": ["Ana Roe"],
    "46-feed.xml": ["Ana Roe", "Bo Vik"],
    "47-mail.eml": ["Ana Roe"],
    "48-hard-wrapped.txt": ["Anneliese Wolkenstein", "Edmund Varley"],
    "62-q-element.html": ["Tom Reyes"] * 3,
    "63-blockquote-credit.html": ["Ana Sorel", "Ana Sorel", "Uwe Lang", "Ana Sorel"],
    "68-dirty-fields.jsonl": ["Mara Dunn"] * 14,
    "69-footnotes.html": ["Ilona Beck", "Marek Hruby"],
    "small/article.docx": ["Priya Nandakumar", "Tom Hargreaves"],
    "small/article.pdf": ["Priya Nandakumar", "Tom Hargreaves"],
    "small/atom.xml": ["Priya Nandakumar", "Tom Hargreaves", "Jordan Okafor", "Luis Pereira"],
    "small/articles.zip": ["Priya Nandakumar", "Tom Hargreaves", "Jordan Okafor", "Luis Pereira"],
    "small/cms_array.json": ["Priya Nandakumar", "Tom Hargreaves", "Jordan Okafor", "Luis Pereira"],
    "small/feed.rss": ["Priya Nandakumar", "Tom Hargreaves", "Jordan Okafor", "Luis Pereira"],
    "small/html_body.jsonl": ["Priya Nandakumar", "Tom Hargreaves", "Jordan Okafor", "Luis Pereira"],
    "small/min_glued_cite.txt": ["Tom Hargreaves"],
    "small/newsapi.json": ["Priya Nandakumar", "Tom Hargreaves", "Jordan Okafor", "Luis Pereira"],
    "small/other_cols.csv": ["Priya Nandakumar", "Tom Hargreaves", "Jordan Okafor", "Luis Pereira"],
    "small/qp.eml": ["Priya Nandakumar", "Tom Hargreaves"],
    "small/release.eml": ["Priya Nandakumar", "Tom Hargreaves"],
    "small/saved.html": ["Priya Nandakumar", "Tom Hargreaves"],
    "small/unknown.jsonl": ["Priya Nandakumar", "Tom Hargreaves", "Jordan Okafor", "Luis Pereira"],
}


@pytest.mark.parametrize("name", SPEAKERS)
def test_a_reported_input_comes_out_right(name: str, pipeline: Any) -> None:
    """Each quotation is one, whole, and its speaker's."""
    if not REPORTS.is_dir():
        pytest.skip("no shared/reports beside the checkout")
    found = []
    for source in read_unopened(REPORTS / name):
        assert not isinstance(source, ErrorRecord), source
        for record in outcome_of(source, reader=pipeline, selection=Selection()).records:
            found += [q for q in record.quotes if q.type in ("direct", "mixed") and q.speaker]
    assert SPEAKERS[name] == [quote.speaker.name for quote in found if quote.speaker]
    assert all(not quote.text.startswith(("quot;", "#8220;")) for quote in found)
