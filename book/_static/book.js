"use strict";

// A page opened from file:// may not read other pages, which is how search results get their summaries.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// Paper is white and cannot be unfolded: print in the light theme, with every fold open but those of code.
(() => {
  const root = document.documentElement;
  let theme = null;
  let folds = [];

  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    folds = [...document.querySelectorAll("details:not([open], .fold)")];
    for (const fold of folds) fold.open = true;
  });

  addEventListener("afterprint", () => {
    root.dataset.theme = theme;
    for (const fold of folds) fold.open = false;
  });
})();

// What is wider than a phone scrolls by itself; who has no mouse must be able to reach it, and no one should miss it.
(() => {
  const WIDE = ".bd-article :is(table, pre, div.math > mjx-container, span.math)";
  const SLACK = 8; // px by which a formula within text may seem wider than it is

  function reachWide() {
    // First measure all, then change what must be changed: the page is laid out once.
    const boxes = [...document.querySelectorAll(WIDE)].map((box) => [box, sidesWithMore(box), isWide(box)]);
    for (const [box, more, wide] of boxes) {
      markMore(box, wide ? more : "");
      if (box.matches("pre")) continue; // the theme lets the Tab key stop there
      if (wide) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }

  function isWide(box) {
    return box.scrollWidth - box.clientWidth > (box.matches("span") ? SLACK : 0);
  }

  function sidesWithMore(box) {
    const right = box.scrollWidth - box.clientWidth - box.scrollLeft;
    return [box.scrollLeft > 1 && "left", right > 1 && "right"].filter(Boolean).join(" ");
  }

  /** Note on what sides there is more; of a formula that stands apart its frame has the note, which does not scroll. */
  function markMore(box, more) {
    const marked = box.matches("mjx-container") ? box.parentElement : box;
    if (more) marked.dataset.more = more;
    else delete marked.dataset.more;
  }

  addEventListener("load", async () => {
    reachWide();
    await window.MathJax?.startup?.promise;
    reachWide();
    await document.fonts.ready;
    reachWide();
    // A letter may come later still, and make its formula wider.
    const grown = new ResizeObserver(reachWide);
    for (const box of document.querySelectorAll(WIDE)) if (box.firstElementChild) grown.observe(box.firstElementChild);
  });
  addEventListener("resize", reachWide);
  document.addEventListener("toggle", reachWide, true); // not every browser measures what is folded
  document.addEventListener("scroll", ({ target }) => target.matches?.(WIDE) && markMore(target, sidesWithMore(target)), true);
})();

// The words of the glossary: a note with the meaning, while the pointer or the focus is on the word, or after a tap.
(() => {
  const EDGE = 8; // px between the note and the edge of the window
  const LINGER = 200; // ms in which the pointer may cross from the word to its note
  let word = null; // whose note is shown
  let note = null;
  let pressed = null; // where a finger went down on a word: was its note shown already?
  let leaving = 0;

  function show(next) {
    clearTimeout(leaving);
    if (next === word) return;
    hide();
    const found = document.querySelector(`.term-note[data-term="${next.hash.slice(1)}"]`);
    if (!found) return;
    [word, note] = [next, found];
    word.dataset.open = "";
    note.hidden = false;
    place();
  }

  function hide() {
    clearTimeout(leaving);
    if (!word) return;
    delete word.dataset.open;
    note.hidden = true;
    word = note = null;
  }

  // Below the word, or above it where there is no room below; never outside the window.
  function place() {
    if (!word) return;
    const lines = [...word.getClientRects()];
    const [first, last] = [lines[0], lines.at(-1)];
    const { clientWidth, clientHeight } = document.documentElement;
    if (!first || last.bottom < 0 || first.top > clientHeight) return hide();
    const left = Math.min(last.left, clientWidth - EDGE - note.offsetWidth);
    const below = last.bottom + 4;
    const fits = below + note.offsetHeight + EDGE <= clientHeight;
    const top = fits ? below : Math.max(EDGE, first.top - 4 - note.offsetHeight);
    note.style.left = `${Math.max(EDGE, left)}px`;
    note.style.top = `${top}px`;
  }

  const wordAt = (target) => target.closest?.("a.term");

  document.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return;
    if (wordAt(target)) show(wordAt(target));
    else if (note?.contains(target)) clearTimeout(leaving);
  });
  document.addEventListener("pointerout", ({ target, pointerType }) => {
    if (pointerType === "touch" || !(wordAt(target) || note?.contains(target))) return;
    clearTimeout(leaving);
    leaving = setTimeout(() => word !== document.activeElement && hide(), LINGER);
  });
  document.addEventListener("focusin", ({ target }) => {
    if (wordAt(target)) show(wordAt(target));
    else if (!note?.contains(target)) hide();
  });
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (target === word && !note.contains(relatedTarget)) hide();
  });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());

  document.addEventListener("pointerdown", ({ target, pointerType }) => {
    const at = wordAt(target);
    pressed = at && pointerType === "touch" ? { at, shown: at === word } : null;
    if (!at && !note?.contains(target)) hide();
  });
  document.addEventListener("click", (event) => {
    const at = wordAt(event.target);
    if (!at || at !== pressed?.at || pressed.shown) return;
    event.preventDefault(); // the first tap shows the note, which has the link; the second one follows it
    show(at);
  });

  addEventListener("scroll", place, { passive: true, capture: true });
  addEventListener("resize", place);
})();
