/* A short word on what has been done; read out, and gone after a while. */

import { h } from "./dom.js";

const STAYS = 4000; // milliseconds

export class Toasts {
  #timer = 0;

  constructor() {
    this.node = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  }

  show(text) {
    clearTimeout(this.#timer);
    this.node.replaceChildren(h("p", {}, text));
    this.#timer = setTimeout(() => this.node.replaceChildren(), STAYS);
  }
}
