// Brings the controls of the figures to life: sliders, menus, boxes, what plays, reset, and the address that keeps their
// state. replay.js shows the frames, picture.js knows where the picture can be touched.
// It makes no request, writes no HTML and evaluates nothing, so it works from file:// and under a strict
// Content-Security-Policy.
"use strict";

(() => {
  const QUIET = 500; // ms without a change before the sentence is read aloud: no player is as slow
  const PATIENCE = 2000; // ms for a sound to begin
  const own = (window.figuresThatMove ??= {});

  /** Bring one figure to life. */
  function wake(figure) {
    const inputs = [...figure.querySelectorAll(".interact-control input, .interact-control select")];
    const block = figure.querySelector('script[type="application/json"]');
    const sentence = figure.querySelector(".interact-sentence");
    const news = figure.querySelector(".interact-news");
    const picture = figure.querySelector(".interact-picture");
    const touched = own.touch(picture, move);
    const name = figure.id.replace(/^figure-/, "");
    let players = [];
    let data = null;
    let replay = null;
    let shown = null;
    let timer = 0;

    function load() {
      if (replay) return;
      data = JSON.parse(block.textContent);
      shown = index(data.controls.map((control) => control.start));
      replay = own.replay(picture, data.panels, shown);
    }

    /** The place of a combination in the grid; the last control moves fastest. */
    function index(values) {
      return values.reduce((sum, value, i) => sum * data.controls[i].texts.length + value, 0);
    }

    function place(input) {
      return input.type === "checkbox" ? Number(input.checked) : Number(input.value);
    }

    function set(input, value) {
      if (input.type === "checkbox") input.checked = Boolean(value);
      else input.value = value;
    }

    function update() {
      load();
      inputs.forEach((input, i) => {
        if (input.type !== "range") return;
        const text = data.controls[i].texts[place(input)];
        input.setAttribute("aria-valuetext", text);
        output(input).textContent = text;
      });
      const wanted = index(inputs.map(place));
      if (wanted === shown) return;
      shown = wanted;
      replay(wanted);
      touched();
      sentence.textContent = data.sentences[wanted];
      clearTimeout(timer);
      timer = setTimeout(settle, QUIET);
    }

    /** Set a control as the reader would. */
    function move(i, value) {
      stop();
      set(inputs[i], value);
      update();
    }

    function output(input) {
      return input.closest(".interact-control").querySelector("output");
    }

    // The caption below the figure changes with every step; a screen reader hears it once the figure stands still.
    function settle() {
      writeAddress();
      news.textContent = sentence.textContent;
      timer = setTimeout(() => news.replaceChildren(), 4 * QUIET);
    }

    function stop() {
      for (const player of players) player.stop();
    }

    function reset() {
      stop();
      load();
      inputs.forEach((input, i) => set(input, data.controls[i].start));
      update();
    }

    function makePlayerOf(buttons) {
      const input = buttons.parentElement.querySelector("input");
      const show = (value) => {
        set(input, value);
        update();
      };
      const control = { place: () => place(input), last: Number(input.max), show, stop };
      const player = makePlayer(buttons, control);
      const audio = buttons.querySelector("audio");
      return audio ? [player, makeListener(audio, control)] : [player];
    }

    // The address is `#name?control=text&…`, so that a reader can send what he sees.
    function writeAddress() {
      const state = inputs.map((input, i) => [data.controls[i].name, data.controls[i].texts[place(input)]]);
      try {
        history.replaceState(history.state, "", `#${name}?${new URLSearchParams(state)}`);
      } catch {
        // A browser may forbid it, in a frame of another page for instance; the figure moves all the same.
      }
    }

    function readAddress() {
      const [, hash, query] = location.hash.match(/^#([^?]*)\?(.*)$/) ?? [];
      if (hash !== name) return false;
      stop();
      load();
      for (const [control, text] of new URLSearchParams(query)) {
        const i = data.controls.findIndex((each) => each.name === control);
        const value = i < 0 ? i : data.controls[i].texts.indexOf(text);
        if (value >= 0) set(inputs[i], value);
      }
      update();
      figure.scrollIntoView();
      return true;
    }

    /** Show what the address says when the page opens, and again find the figure once all above it has come. */
    function openAddress() {
      if (!readAddress()) return;
      const find = () => figure.scrollIntoView();
      addEventListener("load", find, { once: true });
      for (const sign of ["wheel", "pointerdown", "keydown"]) {
        addEventListener(sign, () => removeEventListener("load", find), { once: true }); // the reader has gone on
      }
    }

    for (const input of inputs) {
      input.disabled = false;
      input.addEventListener("input", () => {
        stop();
        update();
      });
      input.addEventListener("pointerdown", stop);
      const width = output(input)?.dataset.width;
      if (width) output(input).style.minWidth = `min(${width}ch, 8rem)`;
    }
    players = [...figure.querySelectorAll(".interact-play")].flatMap(makePlayerOf);
    figure.querySelector(".interact-reset").addEventListener("click", reset);
    figure.querySelector(".interact-controls").removeAttribute("data-waiting");
    // Read the frames before they are needed, so that the first move is as quick as the others.
    figure.addEventListener("pointerenter", load, { once: true });
    figure.addEventListener("focusin", load, { once: true });
    // A browser that comes back to the page may have kept where the sliders were.
    addEventListener("pageshow", (event) => event.persisted && update());
    // What nobody sees stands still.
    document.addEventListener("visibilitychange", stop);
    addEventListener("beforeprint", stop);
    openAddress();
    addEventListener("hashchange", readAddress);
    new IntersectionObserver(([entry]) => entry.isIntersecting || stop()).observe(figure);
  }

  /** Let a control move by itself; where the reader wants no motion, each press of ▶ is one step. */
  function makePlayer(buttons, { place, last, show, stop }) {
    const [run, back, on] = buttons.children;
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    let timer = 0;

    function label() {
      const name = timer ? "Pause" : calm.matches ? "Play one step" : "Play";
      run.setAttribute("aria-label", name);
      run.title = timer || !calm.matches ? name : "Play one step: your device asks for less motion";
      run.toggleAttribute("data-plays", Boolean(timer));
    }

    function halt() {
      if (!timer) return;
      clearTimeout(timer);
      timer = 0;
      label();
    }

    function start() {
      stop();
      if (!calm.matches && last > 0) timer = setTimeout(tick, Number(buttons.dataset.interval));
      show(place() === last ? 0 : place() + 1);
      label();
      if (place() === last) halt();
    }

    function tick() {
      timer = setTimeout(tick, Number(buttons.dataset.interval));
      show(place() + 1);
      if (place() === last) halt();
    }

    function step(by) {
      stop();
      show(Math.min(Math.max(place() + by, 0), last));
    }

    run.addEventListener("click", () => (timer ? stop() : start()));
    back.addEventListener("click", () => step(-1));
    on.addEventListener("click", () => step(1));
    calm.addEventListener("change", () => {
      stop();
      label();
    });
    label();
    return { stop: halt };
  }

  /**
   * Let a control follow a sound. Where nothing can be heard, no sound card perhaps, a clock of our own takes its place;
   * where the reader wants no motion, the control comes after when the sound has stopped.
   */
  function makeListener(audio, { place, last, show, stop }) {
    const times = audio.dataset.times.split(" ").map(Number);
    const button = audio.previousElementSibling;
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    let frame = 0;
    let clock = null; // of our own: when it began, and the time in the sound then

    function label() {
      const name = frame ? "Stop listening" : "Listen";
      button.setAttribute("aria-label", name);
      button.title = name;
      button.toggleAttribute("data-plays", Boolean(frame));
    }

    /** The last step whose time has come. */
    function due(time) {
      return Math.max(0, times.findLastIndex((each) => each <= time + 0.001));
    }

    /** Whether the sound has begun; one that comes late is followed from then on. */
    function sounds() {
      return audio.currentTime > clock.from + 0.001;
    }

    function heard() {
      if (clock.silent && !sounds()) return clock.from + (performance.now() - clock.began) / 1000;
      return audio.currentTime;
    }

    function fallSilent() {
      clock = { from: clock.from, began: performance.now(), silent: true };
    }

    function halt() {
      if (!frame) return;
      cancelAnimationFrame(frame);
      frame = 0;
      audio.pause();
      label();
    }

    /** Stop where the sound is. */
    function end(step) {
      stop();
      if (step !== place()) show(step);
    }

    function start() {
      stop();
      const from = times[place() === last ? 0 : place()];
      clock = { from, began: performance.now(), silent: false };
      frame = requestAnimationFrame(follow);
      audio.currentTime = from;
      const mine = clock;
      audio.play().catch(() => clock === mine && fallSilent());
      if (!calm.matches) show(due(from));
      label();
    }

    function follow() {
      frame = requestAnimationFrame(follow);
      if (!clock.silent && !sounds() && performance.now() - clock.began > PATIENCE) fallSilent();
      const step = audio.ended ? last : due(heard());
      if (step === last && (audio.ended || !sounds())) end(last);
      else if (!calm.matches && step !== place()) show(step);
    }

    button.addEventListener("click", () => (frame ? end(due(heard())) : start()));
    label();
    return { stop: halt };
  }

  function wakeAll() {
    for (const figure of document.querySelectorAll("figure.interact")) own.fit(figure);
    // A figure that waits no more is awake: the script may be on a page twice.
    for (const controls of document.querySelectorAll(".interact-controls[data-waiting]")) {
      wake(controls.closest("figure.interact"));
    }
  }

  // After all deferred scripts: the other two are among them.
  if (document.readyState === "complete") wakeAll();
  else addEventListener("DOMContentLoaded", wakeAll);
})();
