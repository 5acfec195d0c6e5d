"""Make the README's picture of the report anew, in Chromium: `python -m tests.benchmarks.screenshots`."""

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


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        records, report = Path(folder) / "quotes.jsonl", Path(folder) / "report.html"
        os.chdir(ROOT)  # so that the page shows no path of this machine
        main(["extract", "samples", "--with-text", "-o", str(records)])
        main(["report", str(records), "-o", str(report)])
        picture(report, PICTURE)
