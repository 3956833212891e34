// Plays back the figures of the book. Every frame was drawn by Python when the book was built; the page holds the
// first one, and for each of the others what is different in it. This script sets what differs, and nothing else:
// it makes no request, writes no HTML and evaluates nothing, so it works from file:// and under a strict
// Content-Security-Policy. The format is written by in_page.py and differences.py.
"use strict";

(() => {
  const TEXT = "";
  const TAIL = "~";
  const QUIET = 500; // ms without a change before the new sentence is read aloud

  /** Read a content of an element: an attribute, its first text, or the text after it. */
  function read(element, name) {
    if (name === TEXT) return textNode(element.firstChild);
    if (name === TAIL) return textNode(element.nextSibling);
    return element.getAttribute(name);
  }

  function textNode(node) {
    return node && node.nodeType === Node.TEXT_NODE ? node.data : null;
  }

  /** Set a content of an element; null takes it away. */
  function write(element, name, value) {
    if (name === TEXT) {
      writeText(element.firstChild, value, (node) => element.prepend(node));
    } else if (name === TAIL) {
      writeText(element.nextSibling, value, (node) => element.after(node));
    } else if (value === null) {
      element.removeAttribute(name);
    } else {
      element.setAttribute(name, value);
    }
  }

  function writeText(node, value, insert) {
    const there = node && node.nodeType === Node.TEXT_NODE;
    if (value === null) there && node.remove();
    else if (there) node.data = value;
    else insert(document.createTextNode(value));
  }

  /** A picture that can show any of its frames. */
  class Replay {
    constructor(picture, data) {
      this.picture = picture;
      this.frames = data.frames;
      this.bases = data.bases.map((svg) => svg && parse(svg));
      this.bases[0] = picture.firstElementChild;
      this.elements = this.bases.map(() => null); // listed when a base is first shown
      this.base = 0;
      this.undo = new Map(); // element and name → what the base has there
    }

    show(index) {
      const [base, sentence, changes] = this.frames[index];
      if (base !== this.base) this.change(base);
      const before = this.undo;
      this.undo = new Map();
      for (const [element, values] of changes) {
        const node = this.elements[base]?.[element] ?? this.list(base)[element];
        for (const name in values) {
          const key = `${element} ${name}`;
          const old = before.get(key);
          this.undo.set(key, old ?? [node, name, read(node, name)]);
          before.delete(key);
          write(node, name, values[name]);
        }
      }
      for (const [node, name, value] of before.values()) write(node, name, value);
      return sentence;
    }

    list(base) {
      const svg = this.bases[base];
      this.elements[base] = [svg, ...svg.querySelectorAll("*")];
      return this.elements[base];
    }

    change(base) {
      for (const [node, name, value] of this.undo.values()) write(node, name, value);
      this.undo = new Map();
      this.bases[this.base].replaceWith(this.bases[base]);
      this.base = base;
    }
  }

  function parse(svg) {
    return document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
  }

  /** Bring one figure to life. */
  function wake(figure) {
    const inputs = [...figure.querySelectorAll(".interact-control input, .interact-control select")];
    const block = figure.querySelector('script[type="application/json"]');
    const sentence = figure.querySelector(".interact-sentence");
    const news = figure.querySelector(".interact-news");
    let data = null;
    let replay = null;
    let shown = null;
    let timer = 0;

    function load() {
      if (replay) return;
      data = JSON.parse(block.textContent);
      replay = new Replay(figure.querySelector(".interact-picture"), data);
      shown = index(data.controls.map((control) => control.start));
    }

    /** The place of a combination in the grid; the last control moves fastest. */
    function index(values) {
      return values.reduce((sum, value, i) => sum * data.controls[i].texts.length + value, 0);
    }

    function value(input) {
      return input.type === "checkbox" ? Number(input.checked) : Number(input.value);
    }

    function update() {
      load();
      inputs.forEach((input, i) => {
        if (input.type !== "range") return;
        const text = data.controls[i].texts[value(input)];
        input.setAttribute("aria-valuetext", text);
        input.nextElementSibling.textContent = text;
      });
      const wanted = index(inputs.map(value));
      if (wanted === shown) return;
      shown = wanted;
      sentence.textContent = replay.show(wanted);
      clearTimeout(timer);
      timer = setTimeout(announce, QUIET);
    }

    // The caption below the figure changes with every step; a screen reader hears it once the reader has stopped.
    function announce() {
      news.textContent = sentence.textContent;
      timer = setTimeout(() => news.replaceChildren(), 4 * QUIET);
    }

    function reset() {
      load();
      inputs.forEach((input, i) => {
        const start = data.controls[i].start;
        if (input.type === "checkbox") input.checked = Boolean(start);
        else input.value = start;
      });
      update();
    }

    for (const input of inputs) {
      input.disabled = false;
      input.addEventListener("input", update);
      const output = input.nextElementSibling;
      if (output?.dataset.width) output.style.minWidth = `${output.dataset.width}ch`;
    }
    figure.querySelector(".interact-reset").addEventListener("click", reset);
    figure.querySelector(".interact-controls").removeAttribute("data-waiting");
    // Read the frames before they are needed, so that the first move is as quick as the others.
    figure.addEventListener("pointerenter", load, { once: true });
    figure.addEventListener("focusin", load, { once: true });
    // A browser that comes back to the page may have kept where the sliders were.
    addEventListener("pageshow", (event) => event.persisted && update());
  }

  function wakeAll() {
    // A figure that waits no more is awake: the script may be on a page twice.
    for (const controls of document.querySelectorAll(".interact-controls[data-waiting]")) {
      wake(controls.closest("figure.interact"));
    }
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", wakeAll);
  else wakeAll();
})();
