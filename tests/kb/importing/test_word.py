"""Word documents, written here from the least XML that a reader accepts."""

import io
import zipfile
from typing import Any, Callable, Dict, List
from xml.sax.saxutils import escape

import pytest

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/></w:style>'
        for name in ("heading 1", "heading 2", "heading 3", "标题 1")
    )
    + "</w:styles>"
)


def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def table(*rows: List[str]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def document(*body: str, before: str = "", **parts: bytes) -> bytes:
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w='
        '"http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{''.join(body)}</w:body></w:document>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/styles.xml", STYLES)
        archive.writestr("word/document.xml", xml)
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


Texts = Callable[..., Dict[str, Any]]


def test_each_heading_begins_an_article(texts: Texts) -> None:
    content = document(
        paragraph("售后", "heading 1"),
        paragraph("怎么退货", "heading 2"),
        paragraph("七天内都能退。"),
        paragraph("运费我们出。"),
        paragraph("Warranty", "标题 1"),
        paragraph("Two years."),
        paragraph("Batteries", "heading 3"),
        paragraph("Six months."),
    )
    assert texts("in.docx", content) == {
        "怎么退货": ("七天内都能退。", "运费我们出。"),
        "Warranty": ("Two years.", "Batteries\nSix months."),
    }


def test_tables_become_lines(texts: Texts) -> None:
    content = document(
        paragraph("尺码", "heading 1"), table(["尺码", "胸围"], ["M", "96"], ["L", "100"])
    )
    assert texts("in.docx", content) == {"尺码": ("尺码 | 胸围\nM | 96\nL | 100",)}


def test_markup_that_is_written_in_the_text_stays_text(texts: Texts) -> None:
    content = document(paragraph("Code", "heading 1"), paragraph("<script>alert(1)</script>"))
    assert texts("in.docx", content) == {"Code": ("<script>alert(1)</script>",)}


def test_text_before_the_first_heading_is_told(found: Callable[..., List[Any]]) -> None:
    remark, draft = found(
        "in.docx", document(paragraph("Version 3"), paragraph("A", "heading 1"), paragraph("one"))
    )
    assert "“Version 3”" in remark.text and draft.title == "A"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"no zip at all", "in.docx: not a Word document: File is not a zip file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "in.docx: locked by a password"),
        (document(paragraph("x"))[:-200], "in.docx: not a Word document"),
        (document(paragraph("no heading")), "in.docx: paragraph 1: no heading in it that gives"),
        (document(), "in.docx: there is no text in it"),
        (document(paragraph("A", "heading 1")), "in.docx: paragraph 1: text: is empty; an art"),
        (document("<w:p>"), "in.docx: not a Word document that can be read"),
        (document(before="<!DOCTYPE x [<!ENTITY a 'b'>]>"), "document.xml has a document type"),
        (document(bomb=bytes(100_000_001)), "in.docx: unpacks to 100,00"),
    ],
)
def test_a_document_that_is_none_is_refused(
    problems: Callable[..., List[str]], content: bytes, told: str
) -> None:
    (problem,) = problems("in.docx", content)
    assert told in problem


def test_an_archive_of_something_else_is_refused(problems: Callable[..., List[str]]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "no list of contents" in problems("in.docx", packed.getvalue())[0]
