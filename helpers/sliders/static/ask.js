// Judges the answers to the questions of the book. The right answer was computed when the book was built; ask.py
// wrote it into the page, with a fold that shows it where no script runs. This script makes no request, writes no HTML
// and evaluates nothing, so it works from file:// and under a strict Content-Security-Policy.
"use strict";

(() => {
  /** Bring one question to life. */
  function wake(box) {
    const form = box.querySelector("form");
    const result = box.querySelector(".ask-result");
    const show = box.querySelector(".ask-show");
    const fold = box.querySelector(".ask-answer");
    const hints = [...box.querySelectorAll(".ask-hints > [data-for]")];
    const field = box.querySelector("input[type=number]");
    const answer = Number(box.dataset.answer);
    const within = Number(box.dataset.within ?? 0);

    /** What the reader gave: the place of an option or a number, null for nothing. */
    function given() {
      if (field) return Number.isFinite(field.valueAsNumber) ? field.valueAsNumber : null;
      const chosen = form.querySelector("input:checked");
      return chosen && Number(chosen.value);
    }

    function near(number, wanted) {
      return Math.abs(number - wanted) <= within * (1 + 1e-9);
    }

    // The mathematics in the fold and in the hints is typeset already, so copies of it are shown.
    function tell(verdict, ...nodes) {
      result.dataset.verdict = verdict;
      result.replaceChildren(...nodes);
    }

    function line(strong, text) {
      const paragraph = document.createElement("p");
      if (strong) {
        paragraph.append(document.createElement("strong"), " ");
        paragraph.firstChild.textContent = strong;
      }
      paragraph.append(...(typeof text === "string" ? [text] : [...text.childNodes].map((n) => n.cloneNode(true))));
      return paragraph;
    }

    function tellAnswer(verdict, strong) {
      const copies = [...fold.querySelectorAll("p")].map((paragraph) => paragraph.cloneNode(true));
      copies[0].querySelector("strong").textContent = strong;
      tell(verdict, ...copies);
    }

    function judge(event) {
      event.preventDefault();
      const number = given();
      if (number === null) {
        tell("none", line("", field ? "Write a number, such as 12 or 0.5." : "Choose an answer first."));
      } else if (near(number, answer)) {
        show.hidden = true;
        tellAnswer("right", "✓ Right:");
      } else {
        show.hidden = false;
        const hint = hints.find((each) => near(number, Number(each.dataset.for)));
        tell("wrong", line("✗ Not yet.", hint ?? "Try again, or show the answer."));
      }
    }

    form.addEventListener("submit", judge);
    show.addEventListener("click", () => tellAnswer("shown", "Answer:"));
    fold.hidden = true;
    for (const control of form.querySelectorAll("input, button")) control.disabled = false;
    box.removeAttribute("data-waiting");
  }

  function wakeAll() {
    // A question that waits no more is awake: the script may be on a page twice.
    for (const box of document.querySelectorAll(".ask[data-waiting]")) wake(box);
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", wakeAll);
  else wakeAll();
})();
