"""A figure with a kernel, in JupyterLab: how long it is from the move of a slider to the changed picture.

Run it with `python bench/kernel_latency.py`. Each figure stands twice in one notebook: shown by our `interact`, and by
ipywidgets' own with the PNG of `plt.show()`. Their sliders are moved in turn, by a key, in Chromium. The clock runs
from the key's event until the display frame after the one in which the picture has changed. The second table is what
a frame costs the kernel, in time of the processor, which a busy machine makes little longer. The load says how many
processes were ready to run.
"""

import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import NamedTuple

import matplotlib.pyplot as plt
import nbformat
import numpy as np

from helpers.figures.cell_machines import draw_lstm_cell, trace_lstm_unit
from helpers.layers.recurrent import init_lstm
from helpers.sliders.in_kernel import live_view
from helpers.sliders.in_page import IN_PAGE

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tools"))
MOVES = 40  # for each figure
STEPS = (1, 61)

# Resolves with the time from the next key to the display frame that shows another picture.
WATCH = """(root, complaint) => {
  const now = () => (root.querySelector(".interact-picture")?.innerHTML ?? root.querySelector("img")?.src);
  const before = now();
  window.moved = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`${complaint}; it says ${root.innerText.slice(-1500)}`)), 20000);
    let begin = null;
    root.addEventListener("keydown", (event) => { begin = event.timeStamp; }, { capture: true, once: true });
    const watcher = new MutationObserver(async () => {
      const after = now();
      if (begin === null || after === undefined || after === before) return;
      watcher.disconnect();
      await root.querySelector("img")?.decode().catch(() => null);
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begin)));
    });
    watcher.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}"""

SET_UP = f"""
%matplotlib inline
import sys
sys.path.append({str(ROOT / "bench")!r})
import ipywidgets
from kernel_latency import FIGURES, STEPS, plainly
from helpers.sliders import interact
"""


class Latency(NamedTuple):
    figure: str
    way: str
    median_ms: float
    p95_ms: float


def line_plot(step=1):
    """Three curves with a legend and a title that changes."""
    figure, axes = plt.subplots()
    x = np.linspace(0, 10, 80)
    for shift in range(3):
        axes.plot(x, np.sin(0.1 * step * x + shift), label=f"shift {shift}")
    axes.set(xlabel="time", ylabel="height", title=f"step {step}", ylim=(-1.1, 1.1))
    axes.legend(loc="upper right")
    return figure, f"Three waves at step {step}."


def heat_map(step=1):
    """A map of 12 × 16 cells with a label for each row and column."""
    figure, axes = plt.subplots()
    axes.pcolormesh(np.cos(0.1 * step * np.arange(12)[:, None] + np.arange(16)), cmap="cividis", vmin=-1, vmax=1)
    axes.set_xticks(np.arange(16) + 0.5, list("abcdefghijklmnop"))
    axes.set_yticks(np.arange(12) + 0.5, list("abcdefghijkl"))
    axes.set(xlabel="key", ylabel="query")
    return figure, f"The weights at step {step}."


def lstm_cell(step=1):
    """The machine of one LSTM cell."""
    return draw_lstm_cell(_trace()[step - 1], step), f"The cell at step {step}."


def _trace():
    if not _TRACE:
        rng = np.random.default_rng(1)
        x, dh = rng.normal(size=(STEPS[1], 3)), rng.normal(size=(STEPS[1], 5))
        _TRACE.extend(trace_lstm_unit(x, init_lstm(rng, 3, 5), dh, 2))
    return _TRACE


_TRACE = []
FIGURES = {"line plot": line_plot, "heat map 12 × 16": heat_map, "LSTM cell": lstm_cell}


def plainly(function):
    """Return `function` as it would be written for ipywidgets' own `interact`, which shows what is printed or shown."""
    from IPython.display import Image, display

    def look(step=1):
        figure, sentence = function(step)
        plt.close(figure)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", bbox_inches="tight")  # as plt.show() does for a figure of pyplot
        display(Image(buffer.getvalue()))
        print(sentence)

    return look


def measure():
    """Return a `Latency` for each figure and way."""
    from playwright.sync_api import sync_playwright

    import chromium
    from own_lab import running

    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _write_notebook(folder / "notebooks" / "figures.ipynb")
        address = stack.enter_context(running(folder, folder / "notebooks", without=(IN_PAGE,)))
        playwright = stack.enter_context(sync_playwright())
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=sandbox)
        stack.callback(browser.close)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/lab/tree/figures.ipynb")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=120_000)
        page.get_by_text("Python 3", exact=False).first.wait_for()
        page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(timeout=120_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        sliders = page.locator(".jp-Notebook").get_by_role("slider")
        sliders.nth(2 * len(FIGURES) - 1).wait_for(timeout=120_000)
        page.wait_for_timeout(3000)
        return [row for number, name in enumerate(FIGURES) for row in _move(page, name, sliders, 2 * number)]


def _move(page, name, sliders, first):
    """Move the two sliders of one figure in turn."""
    times = {"ours": [], "plain": []}
    for move in range(MOVES + 3):
        key = "ArrowRight" if move < MOVES / 2 + 2 else "ArrowLeft"
        for number, (way, taken) in enumerate(times.items()):
            slider = sliders.nth(first + number)
            slider.focus()
            output = page.locator(".jp-Notebook .jp-CodeCell").nth(1 + first + number)
            output.evaluate(WATCH, f"{name}, {way}, move {move}: the picture has not changed")
            # Each comes at its own moment between two frames of the display.
            page.wait_for_timeout(150 + move * 7 % 17)
            slider.press(key)
            taken.append(page.evaluate("window.moved"))
    return [Latency(name, way, *np.percentile(taken[3:], [50, 95])) for way, taken in times.items()]


def _write_notebook(path):
    cells = [nbformat.v4.new_code_cell(SET_UP.strip())]
    for name in FIGURES:
        for call in (f"interact(FIGURES[{name!r}], step=STEPS);", f"interact(plainly(FIGURES[{name!r}]), step=STEPS);"):
            ours = call.startswith("interact(FIGURES")
            cells.append(nbformat.v4.new_code_cell(call if ours else f"ipywidgets.{call}"))
    path.parent.mkdir()
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def draw_times(function):
    """Return the median and the 95th percentile of the processor's time that the kernel takes for a move, in ms."""
    import ipywidgets

    slider, times = ipywidgets.IntSlider(1, *STEPS), []
    live_view(function, {"step": slider})
    for step in range(2, 3 + 30):
        begin = process_time()
        slider.value = step  # drawn at once where no event loop runs
        times.append(process_time() - begin)
    return 1e3 * np.percentile(times[1:], [50, 95])


def main():
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'':18} {'way':6} median ms  p95 ms   from the move to the picture, in JupyterLab")
    for row in measure():
        print(f"{row.figure:18} {row.way:6} {row.median_ms:9.0f} {row.p95_ms:7.0f}")
    print(f"\n{'':25} median ms  p95 ms   of the processor's time, in the kernel")
    for name, function in FIGURES.items():
        print("{:25} {:9.1f} {:7.1f}".format(name, *draw_times(function)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
