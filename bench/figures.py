"""The figures of the book: what a frame costs to draw, what a figure weighs, and how soon a slider answers.

Run it with `python bench/figures.py`. A frame is drawn as the book's build draws it, on one core, in the layout of the
first, and asked how much room its labels take. A figure is weighed as Matplotlib's own SVGs, one for each frame, and as
the differences that the page stores. The slider is measured in Chromium, on the built book where there is one, else on
a page of the three figures here.
"""

import gzip
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple

import numpy as np
from playwright.sync_api import sync_playwright

from helpers.figures.style import log_axis, new_figure
from helpers.sliders import drawing, svg
from helpers.sliders.controls import grid, make_widgets, read_controls
from helpers.sliders.in_page import figure_page
from helpers.sliders.layout import read_layout, skeleton
from helpers.sliders.sphinx_extension import FIGURE_SCRIPTS, STATIC
from helpers.sliders.theme import PAPER

ROOT = Path(__file__).parents[1]
EVENTS = 300  # for each figure

# Each event comes at its own moment between two frames of the display. `script` is the time until our code has set
# what changed, `frame` that until the browser begins its next frame, and `paint` that until it has drawn the frame.
DRAG = """async ([figure, events]) => {
  const input = figure.querySelector("input[type=range]");
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => {
    const frame = performance.now();
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve([frame, performance.now()]);
    channel.port2.postMessage(null);
  }));
  const times = [];
  for (let k = 0; k < events; k++) {
    await pause(20 + (k * 7) % 17);
    const size = Number(input.max) + 1;
    input.value = (Number(input.value) + 1 + (k * 5) % (size - 1)) % size;
    const begin = performance.now();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    const script = performance.now();
    times.push([script, ...await nextFrame()].map((time) => time - begin));
  }
  return times;
}"""


class Drawing(NamedTuple):
    figure: str
    frames: int
    first_ms: float  # with its layout
    frame_ms: float  # median
    svg_kb: float  # Matplotlib's SVGs
    svg_gz_kb: float
    page_kb: float  # what the page stores
    page_gz_kb: float


class Answer(NamedTuple):
    figure: str
    script_ms: float  # these are 95th percentiles
    frame_ms: float
    paint_ms: float


def line(frequency=1.0):
    """Three curves with a legend and a title that changes."""
    figure, axes = new_figure()
    x = np.linspace(0, 10, 80)
    for shift in range(3):
        axes.plot(x, np.sin(frequency * x + shift), label=f"shift {shift}")
    axes.set(xlabel="time", ylabel="height", title=f"frequency {frequency:.2f}", ylim=(-1.1, 1.1))
    axes.legend(loc="upper right")
    return figure, f"Three waves of frequency {frequency:.2f}."


def log_axes(radius=1.0):
    """A curve with markers over 24 powers of ten."""
    figure, axes = new_figure()
    axes.plot(np.arange(51), radius ** np.arange(51.0), marker="o", markersize=3)
    log_axis(axes, "y", -15, 9)
    axes.set(xlabel="steps", ylabel="size", title=f"radius {radius:.2f}", xlim=(0, 50))
    return figure, f"After 50 steps the size is {radius**50:.1e}."


def heat_map(frequency=1.0):
    """A map of 12 × 16 cells with a label for each row and column."""
    figure, axes = new_figure(height=4)
    weights = np.exp(3 * np.cos(frequency * np.arange(12)[:, None] + np.arange(16)))
    weights /= weights.sum(1, keepdims=True)
    axes.grid(visible=False)
    axes.pcolormesh(weights, cmap="cividis", vmin=0, vmax=1, edgecolor=PAPER, linewidth=1)
    axes.set_xticks(np.arange(16) + 0.5, list("abcdefghijklmnop"))
    axes.set_yticks(np.arange(12) + 0.5, list("abcdefghijkl"))
    axes.set(xlabel="key", ylabel="query")
    return figure, f"The largest weight is {weights.max():.2f}."


FIGURES = {
    "line plot": (line, "frequency"),
    "log axis": (log_axes, "radius"),
    "heat map 12 × 16": (heat_map, "frequency"),
}


def measure():
    """Return a `Drawing` for each figure and an `Answer` for each that moves."""
    with tempfile.TemporaryDirectory() as folder:
        drawings = [_draw(name, Path(folder)) for name in FIGURES]
        book = [page for page in sorted((ROOT / "_build" / "html").rglob("*.html")) if _moves(page)]
        return drawings, _drag(book or sorted(Path(folder).glob("*.html")))


def _draw(name, folder):
    function, control = FIGURES[name]
    controls = read_controls(make_widgets(function, {control: (0.5, 1.5, 0.05)}), {})
    values, start = grid(controls), controls[0].start
    began = process_time()
    _, figure = drawing.draw_frame(function, values[start], "p")
    first_s = process_time() - began
    layouts = {(0, skeleton(figure)): read_layout(figure)}
    times, pictures, whole = [], [], []
    for each in values:
        began = process_time()
        picture = drawing._draw_placed(function, each, "p", layouts).picture  # measured too, to see that nothing is cut
        times.append(process_time() - began)
        pictures.append(picture)
        whole.append(svg.draw_svg(drawing.draw_frame(function, each, "p", layouts)[1]))
    page = figure_page(control, controls, pictures, start)
    _write_page(folder / f"{name}.html", page)
    sizes = [part for text in ("".join(whole), page) for part in _kilobytes(text)]
    return Drawing(name, len(values), 1e3 * first_s, 1e3 * median(times), *sizes)


def _kilobytes(text):
    return len(text.encode()) / 1e3, len(gzip.compress(text.encode())) / 1e3


def _write_page(path, figure):
    static = STATIC.as_uri()
    scripts = "".join(f'<script defer src="{static}/{name}"></script>' for name in FIGURE_SCRIPTS)
    lines = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>A figure</title>',
        f'<link rel="stylesheet" href="{static}/figures.css">\n{scripts}',
        f"</head>\n<body>\n{figure}\n</body>\n</html>",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def _moves(page):
    return 'class="interact-controls"' in page.read_text(encoding="utf-8")


def _drag(pages):
    answers = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        for path in pages:
            page = browser.new_page()
            page.goto(path.as_uri())
            for figure in page.query_selector_all("figure.interact:has(input[type=range])"):
                times = page.evaluate(DRAG, [figure, EVENTS])
                answers.append(Answer(f"{path.stem} {figure.get_attribute('id')}", *np.percentile(times, 95, axis=0)))
            page.close()
        browser.close()
    return answers


def main():
    drawings, answers = measure()
    print("figure            frames  first ms  frame ms    SVGs kB (gz)    page kB (gz)")
    for row in drawings:
        sizes = f"{row.svg_kb:9.0f} {row.svg_gz_kb:6.0f} {row.page_kb:9.0f} {row.page_gz_kb:5.0f}"
        print(f"{row.figure:17} {row.frames:6d} {row.first_ms:9.1f} {row.frame_ms:9.1f} {sizes}")
    print("\nfrom a slider's event, 95th percentile            script ms  frame ms  paint ms")
    for row in answers:
        print(f"{row.figure:49} {row.script_ms:9.2f} {row.frame_ms:9.1f} {row.paint_ms:9.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
