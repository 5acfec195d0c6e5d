"""Makes real files of the kinds that newsrooms have, for the tests to read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any

PARAGRAPHS = (
    "Quarry on Hob Hill to close",
    "The quarry on Hob Hill will close in October, its owner said on Thursday.",
    "“We have dug out what there was to dig,” said Petra Lunn, who runs it. “Now the hill can rest.”",
    "Osric Bane, a councillor, told the Varden Post: “Forty families lose their bread, and nobody asked them.”",
)
SAID = ("Petra Lunn", "Osric Bane")


def docx(paragraphs: Sequence[str] = PARAGRAPHS, *, inserted: str = "", deleted: str = "", table: str = "") -> bytes:
    """Return a Word document, with tracked changes where asked for."""
    import docx as library
    from docx.oxml import parse_xml

    document = library.Document()
    document.add_heading(paragraphs[0], 0)
    for paragraph in paragraphs[1:]:
        document.add_paragraph(paragraph)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    last = document.paragraphs[-1]._p
    if inserted:
        last.append(parse_xml(f'<w:ins {space} w:id="1" w:author="a"><w:r><w:t> {inserted}</w:t></w:r></w:ins>'))
    if deleted:
        gone = f'<w:del {space} w:id="2" w:author="a"><w:r><w:delText> {deleted}</w:delText></w:r></w:del>'
        last.append(parse_xml(gone))
    if table:
        document.add_table(1, 1).cell(0, 0).text = table
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def odt(body: str, *, kind: str = "text", title: str = "") -> bytes:
    """Return an OpenDocument text with this content of its body."""
    names = ("office", "text", "table", "meta")
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names)
    content = f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body>"
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    meta = f"<office:document-meta {spaces} {dc}><office:meta><dc:title>{title}</dc:title></office:meta>"
    return zipped({
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"{content}</office:document-content>",
        "meta.xml": f"{meta}</office:document-meta>",
    })  # fmt: skip


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return an Excel workbook of these sheets, by name, row by row."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def mail(text: str = "", html: str = "", *, attached: Mapping[str, bytes] | None = None, **fields: str) -> EmailMessage:
    """Return a mail with these parts and header fields."""
    message = EmailMessage()
    message["From"] = "Press desk <press@varden.example>"
    message["To"] = "desk@post.example"
    for name, value in fields.items():
        message[name] = value
    if text:
        message.set_content(text, cte="quoted-printable")
    if html:
        (message.add_alternative if text else message.set_content)(html, subtype="html", cte="base64")
    for name, data in (attached or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message


def zipped(members: Mapping[str, bytes | str], *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP archive of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packed) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF with these lines on its pages."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
               b" /Encoding /WinAnsiEncoding >>"]  # fmt: skip
    kids = []
    for lines in pages:
        shown = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
        stream = b"BT /F1 11 Tf 14 TL 72 760 Td\n" + shown + b"ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources"
                       b" << /Font << /F1 3 0 R >> >> >>" % len(objects))  # fmt: skip
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + end


def _escaped(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
