// Fits the pictures of the figures into the page, the size of panels and what stays in view while the reader drags, and
// finds what the reader touches in them.
"use strict";

(() => {
  const LARGEST = 7.5; // rem for an inch of Matplotlib's: a letter of 10 pt is as large as the page's own
  const SMALLEST = 4.25; // … as on a phone of 360 px; where there is less, panels stand below one another
  const COVERED = 0.4; // of a window's height, at most, by what stays in view
  const REACH_OF_MOUSE = 4; // px by which the pointer may miss what it is to touch
  const REACH_OF_FINGER = 16;
  const LINE_OF_TEXT = 28; // px: what is higher, and not much wider than high, gets its sign around it
  const own = (window.figuresThatMove ??= {});

  /** Let the letters of all panels have about the same size: a panel is as wide as its figure in inches. */
  function sizePanels(panels) {
    const widest = Math.max(...panels.map((panel) => panel.dataset.inches));
    for (const panel of panels) {
      const inches = panel.dataset.inches;
      panel.style.flex = `${inches} 1 ${SMALLEST * inches}rem`;
      panel.style.maxWidth = `min(${LARGEST * inches}rem, ${(100 * inches) / widest}%)`;
    }
  }

  /** The height of what the page itself keeps at the top of the window. */
  function headerHeight() {
    const headers = [...document.querySelectorAll(".bd-header, .bd-header-article")];
    const stays = headers.filter((header) => /sticky|fixed/.test(getComputedStyle(header).position));
    return stays.reduce((sum, header) => sum + header.offsetHeight, 0);
  }

  /** Keep the controls and the sentence of a figure that is higher than the window in view, if they leave room. */
  function keepInView(figure, controls, sentence) {
    function decide() {
      const header = headerHeight();
      const room = innerHeight - header;
      const most = COVERED * innerHeight;
      const high = figure.offsetHeight > room;
      const both = controls.offsetHeight + sentence.offsetHeight <= most;
      controls.toggleAttribute("data-stays", high && controls.offsetHeight <= most);
      sentence.toggleAttribute("data-stays", high && both);
      figure.style.setProperty("--interact-top", `${header}px`);
    }
    new ResizeObserver(decide).observe(figure);
    addEventListener("resize", decide);
  }

  /** Let a click on what has `data-touch` call `set(control, place)`; return what to call when the frame is another. */
  own.touch = (picture, set) => {
    const mark = document.createElement("div"); // around what the mouse is on; the picture itself stays as it is
    mark.className = "interact-mark";
    mark.hidden = true;
    picture.append(mark);
    const sign = signs(picture);
    let known = null;
    let width = 0;
    let mouse = null; // where it is, while it is over the picture
    let reach = REACH_OF_MOUSE;

    function targets() {
      if (!known || width !== picture.clientWidth) {
        known = findTargets(picture);
        width = picture.clientWidth;
      }
      return known;
    }

    /** The target at the pointer: the nearest within reach, and of those that lie over one another the smallest. */
    function target(event) {
      const { left, top } = picture.getBoundingClientRect();
      const near = targets().map((box) => ({ box, off: distance(box, event.clientX - left, event.clientY - top) }));
      const size = ({ box }) => (box.right - box.left) * (box.bottom - box.top);
      const [best] = near.filter(({ off }) => off <= reach).sort((a, b) => a.off - b.off || size(a) - size(b));
      return best?.box;
    }

    function hover() {
      const box = mouse && target(mouse);
      picture.style.cursor = box ? "pointer" : "";
      mark.hidden = !box;
      if (!box) return;
      Object.assign(mark.style, { left: `${box.left - 2}px`, top: `${box.top - 2}px` });
      Object.assign(mark.style, { width: `${box.right - box.left + 4}px`, height: `${box.bottom - box.top + 4}px` });
    }

    // Not every browser says of a click what made it.
    picture.addEventListener("pointerdown", (event) => {
      reach = event.pointerType === "mouse" ? REACH_OF_MOUSE : REACH_OF_FINGER;
    });
    picture.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse") return;
      mouse = event;
      reach = REACH_OF_MOUSE;
      hover();
    });
    picture.addEventListener("pointerleave", () => {
      mouse = null;
      hover();
    });
    picture.addEventListener("click", (event) => {
      const box = target(event);
      if (box) set(box.control, box.place);
    });
    picture.addEventListener("pointerenter", () => sign(targets()));
    new ResizeObserver(() => sign(targets())).observe(picture);
    tellOfTouch(picture);
    return () => {
      known = null;
      if (mouse) hover();
      if (picture.matches(":hover") || matchMedia("(hover: none)").matches) sign(targets());
    };
  };

  /** Return what draws a quiet sign at each target; the style says when it is seen. */
  function signs(picture) {
    const layer = document.createElement("div");
    layer.className = "interact-signs";
    layer.setAttribute("aria-hidden", "true");
    picture.append(layer);
    let drawn = "";
    return (targets) => {
      const lowest = new Map(); // of the parts that set the same, such as a word and what it brings
      for (const box of targets) {
        const key = `${box.control} ${box.place}`;
        if (!lowest.has(key) || lowest.get(key).bottom < box.bottom) lowest.set(key, box);
      }
      const boxes = [...lowest.values()].map(({ left, top, right, bottom }) =>
        [left, top, right - left, bottom - top].map(Math.round),
      );
      if (drawn === boxes.join()) return;
      drawn = boxes.join();
      layer.replaceChildren(...boxes.map(signAt));
    };
  }

  function signAt([left, top, width, height]) {
    const sign = document.createElement("span");
    const isHigh = height > LINE_OF_TEXT && height > 0.6 * width; // others get it below, as words of the text do
    const out = isHigh ? 4 : 0;
    sign.className = isHigh ? "interact-sign-around" : "interact-sign-below";
    Object.assign(sign.style, { left: `${left - out}px`, top: `${top - out}px` });
    Object.assign(sign.style, { width: `${width + 2 * out}px`, height: `${height + 2 * out}px` });
    return sign;
  }

  /** Say above a picture that it can be touched, with an example for each control: the first words that set it. */
  function tellOfTouch(picture) {
    const controls = [...picture.closest("figure").querySelectorAll(".interact-control label")];
    const examples = controls.map(() => "");
    for (const group of picture.querySelectorAll("[data-touch]")) {
      const [control] = group.dataset.touch.split(" ");
      const words = group.textContent.trim();
      if (/\p{L}/u.test(words) > /\p{L}/u.test(examples[control]) || !examples[control]) examples[control] = words;
    }
    const told = examples.flatMap((words, i) => (words ? [`“${words}” sets ${controls[i].textContent}`] : []));
    if (!told.length) return;
    const line = document.createElement("p");
    line.className = "interact-touch";
    line.textContent = `Tap what is dotted: ${told.join(", ")}. The controls do the same.`;
    picture.before(line);
  }

  /** The boxes that can be touched, from the picture's corner; artists of one target that meet are one. */
  function findTargets(picture) {
    const corner = picture.getBoundingClientRect();
    const found = [];
    for (const group of picture.querySelectorAll("[data-touch]")) {
      const [control, place] = group.dataset.touch.split(" ").map(Number);
      let box = { control, place, ...within(corner, group.getBoundingClientRect()) };
      for (const other of found.filter((each) => each.control === control && each.place === place && meet(each, box))) {
        found.splice(found.indexOf(other), 1);
        box = { ...box, ...union(other, box) };
      }
      found.push(box);
    }
    return found;
  }

  function within({ left, top }, box) {
    return { left: box.left - left, right: box.right - left, top: box.top - top, bottom: box.bottom - top };
  }

  function meet(one, other) {
    return (
      one.left <= other.right && other.left <= one.right && one.top <= other.bottom && other.top <= one.bottom
    );
  }

  function union(one, other) {
    return {
      left: Math.min(one.left, other.left),
      top: Math.min(one.top, other.top),
      right: Math.max(one.right, other.right),
      bottom: Math.max(one.bottom, other.bottom),
    };
  }

  function distance(box, x, y) {
    return Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
  }

  /** Fit one figure into the page. */
  own.fit = (figure) => {
    const panels = [...figure.querySelectorAll(".interact-panel")];
    if (panels.length > 1) sizePanels(panels);
    const controls = figure.querySelector(".interact-controls");
    if (controls) keepInView(figure, controls, figure.querySelector(".interact-sentence"));
  };
})();
