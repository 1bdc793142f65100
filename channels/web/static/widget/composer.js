/* Where the customer writes. */

import { h, icon } from "./dom.js";
import { attachButton, objection, pasted } from "./picking.js";
import { strings } from "./strings.js";
import { Typist } from "./typist.js";

const LONGEST = 500; // characters
const WARN_BELOW = 50;

/** `onsend(text)` is called with what was written, `onfile(file)` with each file, `ontyping(on)` while it is written. */
export class Composer {
  constructor({ onsend, onfile, ontyping }) {
    this.onsend = onsend;
    this.onfile = onfile;
    this.typist = new Typist(ontyping);
    this.input = h("textarea", {
      id: "botkit-input",
      rows: "1",
      placeholder: strings.placeholder,
      enterkeyhint: "send",
      autocomplete: "off",
      "aria-describedby": "botkit-counter",
      oninput: () => this.#onInput(),
      onkeydown: (event) => this.#onKey(event),
      onpaste: (event) => this.#onPaste(event),
      onblur: () => this.typist.stopped(),
    });
    this.button = h(
      "button",
      { type: "submit", class: "send", "aria-label": strings.send, title: strings.send, disabled: true },
      icon("send"),
    );
    this.counter = h("p", { class: "counter", id: "botkit-counter", "aria-live": "polite" });
    this.problem = h("p", { class: "problem", role: "alert" });
    this.node = h(
      "form",
      { class: "composer", onsubmit: (event) => this.#onSubmit(event) },
      this.problem,
      this.counter,
      h(
        "div",
        { class: "field" },
        h("label", { for: "botkit-input", class: "sr" }, strings.input),
        this.input,
        attachButton((files) => this.attach(files), { class: "attach" }), // behind the input: before it come the choices
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

  /** Sends those files that may be sent, and says why the others may not. */
  attach(files) {
    this.problem.textContent = files.map(objection).filter(Boolean).join(" ");
    for (const file of files) if (!objection(file)) this.onfile(file);
  }

  /** As high as what is written, up to what the stylesheet allows. */
  fit() {
    const { input } = this;
    input.style.height = "auto";
    if (input.scrollHeight) input.style.height = `${input.scrollHeight}px`;
  }

  #onInput() {
    this.#update();
    this.problem.textContent = "";
    if (this.input.value.trim()) this.typist.wrote();
    else this.typist.stopped();
  }

  #onPaste(event) {
    const files = pasted(event);
    if (files.length === 0) return;
    event.preventDefault();
    this.attach(files);
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
    this.problem.textContent = "";
    this.typist.stopped();
    this.onsend(text);
  }
}
