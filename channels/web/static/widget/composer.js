/* Where the customer writes. */

import { h, icon } from "./dom.js";
import { strings } from "./strings.js";

const LONGEST = 500; // characters
const WARN_BELOW = 50;

/** `onsend(text)` is called with what was written. */
export class Composer {
  constructor(onsend) {
    this.onsend = onsend;
    this.input = h("textarea", {
      id: "botkit-input",
      rows: "1",
      placeholder: strings.placeholder,
      enterkeyhint: "send",
      autocomplete: "off",
      "aria-describedby": "botkit-counter",
      oninput: () => this.#update(),
      onkeydown: (event) => this.#onKey(event),
    });
    this.button = h(
      "button",
      { type: "submit", class: "send", "aria-label": strings.send, title: strings.send, disabled: true },
      icon("send"),
    );
    this.counter = h("p", { class: "counter", id: "botkit-counter", "aria-live": "polite" });
    this.node = h(
      "form",
      { class: "composer", onsubmit: (event) => this.#onSubmit(event) },
      this.counter,
      h(
        "div",
        { class: "field" },
        h("label", { for: "botkit-input", class: "sr" }, strings.input),
        this.input,
        this.button,
      ),
    );
  }

  /** Puts text in, ready to be sent or changed. */
  draft(text) {
    this.input.value = text;
    this.#update();
    this.input.setSelectionRange(text.length, text.length);
  }

  /** As high as what is written, up to what the stylesheet allows. */
  fit() {
    const { input } = this;
    input.style.height = "auto";
    if (input.scrollHeight) input.style.height = `${input.scrollHeight}px`;
  }

  #update() {
    const { input } = this;
    const left = LONGEST - [...input.value.trim()].length;
    this.fit();
    this.button.disabled = left < 0 || left === LONGEST;
    this.counter.textContent = left < 0 ? strings.tooLong(-left) : left <= WARN_BELOW ? strings.left(left) : "";
    this.counter.classList.toggle("over", left < 0);
    input.setAttribute("aria-invalid", String(left < 0));
  }

  /** Enter sends, unless it confirms a word of an input method. Safari ends the composition first: hence code 229. */
  #onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#onSubmit(event);
  }

  #onSubmit(event) {
    event.preventDefault();
    if (this.button.disabled) return;
    const text = this.input.value.trim();
    this.draft("");
    this.onsend(text);
  }
}
