/* What is said of the connection. A short interruption is not worth a word, a longer one is. */

import { h } from "./dom.js";
import { strings } from "./strings.js";

const PATIENCE = { connecting: 1500, reconnecting: 600 }; // milliseconds

export class LinkBar {
  #timer = 0;

  constructor(tryAgain) {
    this.tryAgain = tryAgain;
    this.node = h("div", { class: "link-bar", role: "status", hidden: true });
  }

  show(link, hotline) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#say(link, hotline), PATIENCE[link] ?? 0);
  }

  #say(link, hotline) {
    this.node.hidden = link === "online";
    this.node.className = `link-bar ${link}`;
    const parts = {
      online: [],
      refused: [
        h("span", {}, strings.links.refused(hotline)),
        h("button", { type: "button", class: "link", onclick: this.tryAgain }, strings.tryAgain),
      ],
    };
    this.node.replaceChildren(...(parts[link] ?? [h("span", {}, strings.links[link])]));
  }
}
