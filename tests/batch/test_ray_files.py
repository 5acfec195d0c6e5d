"""Inputs that Ray's workers cannot read, and that `distribute` reads first on this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quotes.batch.ray_files import as_lines, readable_by_ray
from quotes.errors import InputError
from quotes.ingest import Reading
from tests.ingest.making import docx


def test_other_kinds_become_lines(tmp_path: Path) -> None:
    """With their metadata; unreadable ones are reported; the lines are deleted after the block."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.docx").write_bytes(docx())
    (folder / "b.txt").write_text("It rained.", "utf-8")
    (folder / "c.docx").write_bytes(b"PK\x03\x04")
    how = Reading(known={"outlet": "Varden Post"})
    with as_lines(str(folder), how, output=str(tmp_path / "out")) as (path, lost):
        rows = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
        assert [str(folder / "c.docx")] == [error.source for error in lost]
    assert [str(folder / "a.docx"), str(folder / "b.txt")] == [row["id"] for row in rows]
    assert ["It rained.", "Varden Post"] == [rows[1]["text"], rows[1]["outlet"]]
    assert ["in"] == [p.name for p in tmp_path.iterdir()]


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    """And leaves nothing behind."""
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="no text that can be read"), as_lines(
        str(tmp_path / "a.docx"), Reading(), output=str(tmp_path / "out")
    ):
        pass
    assert ["a.docx"] == [p.name for p in tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("names", "expected"),
    [(("a.jsonl",), True), (("a.parquet", "b.txt"), True), (("a.jsonl", "b.docx"), False), (("a.jsonl.gz",), False)],
)
def test_rays_own_kinds_are_left_to_it(names: tuple[str, ...], expected: bool, tmp_path: Path) -> None:
    """A folder of JSON Lines alone, or with Parquet in it."""
    for name in names:
        (tmp_path / name).write_text("{}", "utf-8")
    assert expected == readable_by_ray(str(tmp_path))
    assert readable_by_ray("s3://desk/articles/")
