"""Exports for the web and for databases of documents, of all samples, read by other people's programs."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import pytest
from jsonschema import Draft202012Validator

from quotes.export import read_records
from quotes.export.places import Utf16
from quotes.records import Article, ArticleRecord, Quote, Span
from tests.exporting import WHY, quotes_of, run, saved

pytestmark = pytest.mark.test_all

SCHEMA = Path(__file__).parents[1] / "web_annotation.schema.json"
ANNOTATION = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
EMOJI = "😀 The 👩‍🚒 said: “We will vote 🗳️ on Monday.” And 😀: “We will vote 🗳️ on Monday.”"


def emoji_record() -> ArticleRecord:
    """An article with emoji before and in a quote that it prints twice; the second one is meant."""
    start = EMOJI.rindex("“")
    quote = Quote("q", "direct", EMOJI[start:], (Span(start, len(EMOJI)),))
    article = Article("a", "a.txt", 0, 0, len(EMOJI), url="https://a.example/1", text=EMOJI)
    return ArticleRecord(article, (quote,))


def selectors(target: Any) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the pairs of quote and position selector of a target or several."""
    targets = target if isinstance(target, list) else [target]
    return [tuple(each["selector"]) for each in targets]  # type: ignore[misc]


def anchored(text: str, selector: dict[str, Any]) -> list[int]:
    """Return where a TextQuoteSelector is found in a text, as an annotation client looks for it."""
    words = selector["prefix"] + selector["exact"] + selector["suffix"]
    return [n + len(selector["prefix"]) for n in range(len(text)) if text.startswith(words, n)]


def units(text: str) -> str:
    """Return the text as JavaScript holds it: one character of ours for each UTF-16 code unit."""
    data = text.encode("utf-16-le")
    return "".join(chr(data[n] | data[n + 1] << 8) for n in range(0, len(data), 2))


def test_web_annotations_are_valid_and_anchor(sampled: list[ArticleRecord], tmp_path: Path) -> None:
    """Each fragment is found again by its words and context alone, at the offset that the position selector says."""
    records = [*sampled, emoji_record()]
    path = saved("webannotation", records, tmp_path)
    page = json.loads(path.read_text("utf-8"))
    ANNOTATION.validate(page)
    items = [item for item in page["items"] if item["motivation"] != "bookmarking"]
    texts = [record.article.text or "" for record in records for _ in record.quotes]
    for item, quote, text in zip(items, quotes_of(records), texts, strict=True):
        pairs = selectors(item["target"])
        assert [Span(p["start"], p["end"]) for _, p in pairs] == list(quote.spans)
        assert " ".join(q["exact"] for q, _ in pairs) == quote.text
        assert all(p["start"] in anchored(text, q) for q, p in pairs)
    assert list(read_records(path)) == records


def test_web_annotations_are_linked_data(sampled: list[ArticleRecord], tmp_path: Path) -> None:
    """An RDF parser finds an oa:Annotation with selectors for each quote, by the terms of the W3C's context."""
    rdflib = pytest.importorskip("rdflib", reason=WHY)
    page = json.loads(saved("webannotation", sampled, tmp_path).read_text("utf-8"))
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    # The published context is not fetched; these are its entries for what we use.
    oa, rdf = "http://www.w3.org/ns/oa#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    link = {"body": "hasBody", "target": "hasTarget", "source": "hasSource", "selector": "hasSelector"}
    page["@context"][0] = {
        "oa": oa, "id": {"@id": "@id", "@type": "@id"}, "type": {"@id": "@type", "@type": "@vocab"}, "@vocab": oa,
        "AnnotationPage": "https://www.w3.org/ns/activitystreams#OrderedCollectionPage",
        "items": {"@id": "https://www.w3.org/ns/activitystreams#items", "@container": "@list", "@type": "@id"},
        "value": f"{rdf}value", **{name: {"@id": f"oa:{term}", "@type": "@id"} for name, term in link.items()},
    }  # fmt: skip
    graph = rdflib.Graph().parse(data=json.dumps(page), format="json-ld")
    terms, kind = rdflib.Namespace(oa), rdflib.RDF.type
    chosen = [
        (selector, graph.value(selector, kind))
        for annotation in graph.subjects(kind, terms.Annotation)
        for target in graph.objects(annotation, terms.hasTarget)
        for selector in graph.objects(target, terms.hasSelector)
    ]
    found = [graph.value(selector, terms.exact) for selector, type_ in chosen if type_ == terms.TextQuoteSelector]
    assert len(found) == sum(type_ == terms.TextPositionSelector for _, type_ in chosen)
    expected = [
        (record.article.text or "")[span.start : span.end]
        for record in sampled for quote in record.quotes for span in quote.spans
    ]  # fmt: skip
    assert Counter(map(str, found)) == Counter(expected)


def test_hypothesis_counts_as_browsers_do(sampled: list[ArticleRecord], tmp_path: Path) -> None:
    """A line a quote, whose offsets are those of JavaScript strings: behind an emoji they differ from ours."""
    records = [*sampled, emoji_record()]
    lines = [json.loads(line) for line in saved("hypothesis", records, tmp_path).read_text("utf-8").splitlines()]
    texts = [record.article.text or "" for record in records for _ in record.quotes]
    for body, quote, text in zip(lines, quotes_of(records), texts, strict=True):
        [(words, place)] = selectors(body["target"])
        assert units(text)[place["start"] : place["end"]] == units(words["exact"])
        assert words["exact"].startswith(text[quote.spans[0].start : quote.spans[0].end])
        assert place["start"] in anchored(units(text), {key: units(value) for key, value in words.items()})
    assert place["start"] == quote.spans[0].start + 5 == Utf16(EMOJI)(quote.spans[0].start)


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix s: <https://schema.org/> . @prefix : <urn:x-shapes:> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:quotation a sh:NodeShape ; sh:targetClass s:Quotation ;
  sh:property [ sh:path s:text ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ;
  sh:property [ sh:path s:isPartOf ; sh:minCount 1 ; sh:maxCount 1 ; sh:class s:NewsArticle ] ;
  sh:property [ sh:path s:spokenByCharacter ; sh:maxCount 1 ;
    sh:or ( [ sh:class s:Person ] [ sh:class s:Organization ] ) ] ;
  sh:property [ sh:path s:dateCreated ; sh:maxCount 1 ; sh:datatype xsd:date ] .
:article a sh:NodeShape ; sh:targetClass s:NewsArticle ;
  sh:property [ sh:path s:headline ; sh:maxCount 1 ; sh:datatype xsd:string ] ;
  sh:property [ sh:path s:url ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path s:datePublished ; sh:maxCount 1 ;
    sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:dateTime ] ) ] ;
  sh:property [ sh:path s:publisher ; sh:class s:NewsMediaOrganization ] .
:named a sh:NodeShape ; sh:targetClass s:Person, s:Organization, s:NewsMediaOrganization ;
  sh:property [ sh:path s:name ; sh:minCount 1 ; sh:datatype xsd:string ] .
"""


def test_schema_org_has_the_right_shape(sampled: list[ArticleRecord], whole: ArticleRecord, tmp_path: Path) -> None:
    """An RDF parser reads the graph, each term is schema.org's own, and SHACL finds each node to be of its kind."""
    rdflib = pytest.importorskip("rdflib", reason=WHY)
    pyshacl = pytest.importorskip("pyshacl", reason=WHY)
    records = [*sampled, whole]
    graph = rdflib.Graph().parse(saved("schemaorg", records, tmp_path), format="json-ld")
    schema = rdflib.SDO
    terms = {*graph.predicates(), *graph.objects(None, rdflib.RDF.type)} - {rdflib.RDF.type}
    assert [] == [term for term in terms if term not in schema]
    conforms, _, report = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(data=SHAPES, format="turtle"))
    assert conforms, report
    texts = Counter(str(graph.value(node, schema.text)) for node in graph.subjects(rdflib.RDF.type, schema.Quotation))
    assert texts == Counter(quote.text for quote in quotes_of(records))
    spoken = Counter(str(graph.value(who, schema.name)) for who in graph.objects(None, schema.spokenByCharacter))
    assert spoken == Counter(quote.speaker.name for quote in quotes_of(records) if quote.speaker)
    published = graph.query(
        """PREFIX s: <https://schema.org/> SELECT ?n {
        ?a a s:NewsArticle ; s:publisher [ a s:NewsMediaOrganization ; s:name ?n ] }"""
    )
    outlets = Counter(record.article.outlet.name for record in records if record.article.outlet)
    assert Counter(str(row.n) for row in published) == outlets


def test_shacl_sees_a_wrong_graph(whole: ArticleRecord, tmp_path: Path) -> None:
    """The shapes are strict enough that a quotation without its article, or a publisher of another kind, fails."""
    rdflib = pytest.importorskip("rdflib", reason=WHY)
    pyshacl = pytest.importorskip("pyshacl", reason=WHY)
    text = saved("schemaorg", [whole], tmp_path).read_text("utf-8")
    shapes = rdflib.Graph().parse(data=SHAPES, format="turtle")
    for wrong in (text.replace("isPartOf", "about"), text.replace("NewsMediaOrganization", "Restaurant")):
        assert wrong != text
        graph = rdflib.Graph().parse(data=wrong, format="json-ld")
        assert not pyshacl.validate(graph, shacl_graph=shapes)[0]


def entities(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_ftm_drops_nothing(sampled: list[ArticleRecord], whole: ArticleRecord, tmp_path: Path) -> None:
    """`ftm validate` gives back as many entities, each with as many values of each property as went in."""
    pytest.importorskip("followthemoney", reason=WHY)
    records = [*sampled, whole]
    path = saved("ftm", records, tmp_path)
    before = entities(path.read_text("utf-8"))
    after = entities(run("ftm", "validate", "-i", str(path), cwd=tmp_path))
    counted = [
        [(e["id"], e["schema"], {name: len(values) for name, values in e["properties"].items()}) for e in side]
        for side in (before, after)
    ]
    assert counted[0] == counted[1]
    notes = [e["properties"] for e in after if e["schema"] == "Note"]
    assert [note["description"] for note in notes] == [[quote.text] for quote in quotes_of(records)]
    known = {e["id"] for e in after}
    assert {ref for note in notes for ref in [*note["proof"], *note.get("entity", [])]} <= known
    kinds = ("Person", "Organization", "LegalEntity")
    named = {e["id"]: e["properties"]["name"][0] for e in after if e["schema"] in kinds}
    speakers = [quote.speaker.name if quote.speaker else None for quote in quotes_of(records)]
    assert speakers == [named[note["entity"][0]] if "entity" in note else None for note in notes]


def test_ftm_knows_each_schema_and_property(
    sampled: list[ArticleRecord], whole: ArticleRecord, tmp_path: Path
) -> None:
    """FollowTheMoney's own model takes every value as it is: none has to be cleaned."""
    model = pytest.importorskip("followthemoney", reason=WHY).model
    for data in entities(saved("ftm", [*sampled, whole], tmp_path).read_text("utf-8")):
        schema = model.schemata[data["schema"]]
        assert schema.validate(data) is None
        assert data["properties"].keys() <= schema.properties.keys()
        assert set(schema.required) - {"name"} <= data["properties"].keys()


def test_a_parser_reads_the_quotation_graph(sampled: list[ArticleRecord], whole: ArticleRecord, tmp_path: Path) -> None:
    """A public parser of GDELT's graphs reads a record an article with all its quotes, and no unknown field."""
    graphs = pytest.importorskip("py_gdelt.parsers.graphs", reason=WHY)
    dated = [
        attrs.evolve(r, article=attrs.evolve(r.article, published=r.article.published or "2025-06-10"))
        for r in [*sampled, whole]
    ]
    data = saved("gqg", dated, tmp_path).read_bytes()
    lines = [json.loads(line) for line in data.decode().splitlines()]
    assert {key for line in lines for key in line} == {"date", "url", "title", "lang", "quotes"}
    parsed = list(graphs.parse_gqg(data))
    assert [record.lang for record in parsed] == ["ENGLISH"] * len(dated)
    for record, article in zip(parsed, dated, strict=True):
        text = article.article.text or ""
        assert [quote.quote for quote in record.quotes] == [quote.text for quote in article.quotes]
        for found, quote in zip(record.quotes, article.quotes, strict=True):
            start, end = quote.spans[0].start, quote.spans[-1].end
            assert text[:start].endswith(found.pre)
            assert text[end:].startswith(found.post)
            assert len(found.pre) == min(100, start)
