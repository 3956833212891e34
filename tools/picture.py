"""Takes the README's picture, a figure of the built book with its controls: `make picture`."""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

import chromium

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "_build" / "html" / "book" / "04_vanishing_gradients.html"
FIGURE = "figure.interact:has(input[id$='delay'])"


def main():
    """Write book/_static/figure.png."""
    if not PAGE.is_file():
        sys.exit("The book is not built: run `make book` first.")
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=sandbox)
        page = browser.new_page(viewport={"width": 1000, "height": 900}, device_scale_factor=1.5)
        page.goto(PAGE.as_uri())
        figure = page.locator(FIGURE)
        figure.locator("input").first.press("End")
        for _ in range(2):
            figure.locator("input").first.press("ArrowLeft")
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        figure.screenshot(path=ROOT / "book" / "_static" / "figure.png")
        browser.close()


if __name__ == "__main__":
    main()
