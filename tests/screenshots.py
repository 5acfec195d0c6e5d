"""Remake the README's picture of the review page from samples/: `python -m tests.screenshots`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.screenshots import make_smaller
from tests.serving import chromium, served

SAMPLES = Path(__file__).parents[1] / "samples"
TARGET = Path(__file__).parent / "golden" / "review.png"


def main() -> None:
    """Open the page on the samples, choose a quote that came by way of an outlet, and take the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(SAMPLES, folder / "samples")
        program = [sys.executable, "-c", "import sys; from quotes.cli import main; sys.exit(main())"]
        subprocess.run([*program, "extract", "samples/", "--with-text", "-o", "quotes.jsonl"], cwd=folder, check=True)
        options = ("--port", "0", "--reviewer", "ana")
        with served("review", "quotes.jsonl", *options, folder=folder) as server, chromium() as browser:
            page = browser.new_context(viewport={"width": 1200, "height": 680}).new_page()
            page.goto(server.url)
            page.wait_for_selector(".text mark")
            page.keyboard.press("a")
            page.wait_for_timeout(500)
            page.select_option("#filter", "all")
            page.click("#later")
            page.click(".line:has-text('same dollar')")
            page.wait_for_timeout(500)
            page.mouse.move(600, 60)
            TARGET.parent.mkdir(exist_ok=True)
            page.screenshot(path=str(TARGET))
    make_smaller(TARGET)


if __name__ == "__main__":
    main()
