"""Remake the README's picture of the report in Chromium: `python -m tests.benchmarks.screenshots`.

Needs .venv/bin/pip install '.[test-all,bench]'.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from quotes.cli import main

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "tests" / "golden" / "report.png"


def picture(page_file: Path, target: Path) -> None:
    """Open a report in Chromium, choose a quote of the wire story, and save what the window shows."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(page_file.as_uri())
        page.locator("#order").select_option("most")
        page.locator("a.mark").nth(3).click()
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=target)
        browser.close()


def make_smaller(target: Path, *, colours: int = 128) -> None:
    """Keep the commonest colours of a picture: a third of the bytes, and every flat colour as it was."""
    from collections import Counter

    from PIL import Image

    whole = Image.open(target).convert("RGB")
    common = [colour for colour, _ in Counter(zip(*[iter(whole.tobytes())] * 3, strict=True)).most_common(colours)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in common for value in colour] + [0] * 3 * (256 - len(common)))
    whole.quantize(palette=palette, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        records, report = Path(folder) / "quotes.jsonl", Path(folder) / "report.html"
        os.chdir(ROOT)  # so that the page shows no path of this machine
        main(["extract", "samples", "--with-text", "-o", str(records)])
        main(["report", str(records), "-o", str(report)])
        picture(report, PICTURE)
    make_smaller(PICTURE)
