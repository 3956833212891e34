// Plays back the figures of the book. Every frame was drawn by Python when the book was built; the page holds the
// first one, and for each of the others what is different in it. This script sets what differs, and nothing else:
// it makes no request, writes no HTML and evaluates nothing, so it works from file:// and under a strict
// Content-Security-Policy. The format is written by in_page.py and differences.py; controls.js says what to show.
"use strict";

(() => {
  const TEXT = "";
  const TAIL = "~";

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

  /** One panel of a picture, that can show any of its frames. */
  class Panel {
    constructor(box, data, start) {
      this.frames = data.frames;
      this.places = data.shown; // which of its frames the panel has at each place of the grid
      this.shown = this.places[start];
      this.bases = data.bases.map((svg) => svg && parse(svg));
      this.bases[0] = box.firstElementChild;
      this.elements = this.bases.map(() => null); // listed when a base is first shown
      this.base = 0;
      this.undo = new Map(); // element and name → what the base has there
    }

    show(index) {
      if (this.places[index] === this.shown) return;
      this.shown = this.places[index];
      const [base, changes] = this.frames[this.shown];
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

  /** Return what shows any place of the grid in a picture, which shows the place `start` now. */
  (window.figuresThatMove ??= {}).replay = (picture, panels, start) => {
    const shown = panels.map((data, i) => new Panel(picture.children[i], data, start));
    return (index) => shown.forEach((panel) => panel.show(index));
  };
})();
