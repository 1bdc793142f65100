/* Short words on what has been done or is wanted; read out, and gone after a while. Several stand below each other. */

import { h } from "./dom.js";

const STAYS = 4000; // milliseconds
const STAYS_WITH_WAY = 12000;
const MOST = 3;

export class Toasts {
  #toasts = []; // the oldest first

  constructor() {
    this.shown = h("div", { class: "toast-place" });
    this.spoken = h("p", { class: "sr" });
    this.node = h(
      "div",
      { class: "toasts", role: "status", "aria-live": "polite", "aria-atomic": "false" },
      this.shown,
      this.spoken,
    );
  }

  /**
   * `way`: {label, act, id, body?}, pressing the toast leads to what the words are about; `body` stands below them.
   * Of one thing (`id`) the newest stands.
   */
  show(text, way = null) {
    if (way) this.forget(way.id);
    const toast = { id: way?.id, stays: way ? STAYS_WITH_WAY : STAYS, node: null, timer: 0 };
    const act = () => {
      this.#remove(toast);
      way?.act();
    };
    toast.node = h(
      "div",
      {
        class: way ? "toast way" : "toast",
        onclick: act,
        onmouseenter: () => clearTimeout(toast.timer), // while it is read it stays
        onmouseleave: () => this.#letGo(toast),
        onfocusin: () => clearTimeout(toast.timer),
        onfocusout: () => this.#letGo(toast),
      },
      h("p", {}, h("b", {}, text), way?.body ? h("span", {}, way.body) : null),
      way ? h("button", { type: "button", class: "button" }, way.label) : null,
    );
    this.#toasts.push(toast);
    this.shown.append(toast.node);
    while (this.#toasts.length > MOST) this.#remove(this.#toasts.find((other) => !other.id) ?? this.#toasts[0]);
    this.#letGo(toast);
  }

  /** What was said about this is settled. */
  forget(id) {
    for (const toast of this.#toasts.filter((other) => other.id === id)) this.#remove(toast);
  }

  /** For screen readers only. */
  announce(text) {
    this.spoken.textContent = text;
  }

  #letGo(toast) {
    clearTimeout(toast.timer);
    if (this.#toasts.includes(toast)) toast.timer = setTimeout(() => this.#remove(toast), toast.stays);
  }

  #remove(toast) {
    clearTimeout(toast.timer);
    this.#toasts = this.#toasts.filter((other) => other !== toast);
    toast.node.remove();
  }
}
