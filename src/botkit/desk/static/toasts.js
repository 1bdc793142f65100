/* A short word on what has been done or is wanted; read out, and gone after a while. */

import { button, h } from "./dom.js";

const STAYS = 4000; // milliseconds
const STAYS_WITH_WAY = 12000;

export class Toasts {
  #timer = 0;

  constructor() {
    this.shown = h("div", { class: "toast-place" });
    this.spoken = h("p", { class: "sr" });
    this.node = h("div", { class: "toasts", role: "status", "aria-live": "polite" }, this.shown, this.spoken);
  }

  /** `way`: {label, act}, a button that leads to what the words are about. */
  show(text, way = null) {
    clearTimeout(this.#timer);
    const act = way && (() => (this.#clear(), way.act()));
    this.shown.replaceChildren(h("div", { class: "toast" }, h("p", {}, text), way && button(way.label, act)));
    this.#timer = setTimeout(() => this.#clear(), way ? STAYS_WITH_WAY : STAYS);
  }

  /** For screen readers only. */
  announce(text) {
    this.spoken.textContent = text;
  }

  #clear() {
    this.shown.replaceChildren();
  }
}
