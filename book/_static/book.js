"use strict";

// A page opened from file:// may not read other pages, which is how search results get their summaries.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// Paper is white and cannot be unfolded: print in the light theme, with every fold open.
(() => {
  const root = document.documentElement;
  let theme = null;
  let folds = [];

  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    folds = [...document.querySelectorAll("details:not([open])")];
    for (const fold of folds) fold.open = true;
  });

  addEventListener("afterprint", () => {
    root.dataset.theme = theme;
    for (const fold of folds) fold.open = false;
  });
})();

// A table that is wider than a phone scrolls by itself; who has no mouse must be able to reach it.
(() => {
  function reachTables() {
    for (const table of document.querySelectorAll(".bd-article table")) {
      if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
      else table.removeAttribute("tabindex");
    }
  }
  addEventListener("load", reachTables);
  addEventListener("resize", reachTables);
})();
