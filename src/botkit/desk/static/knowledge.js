/* Looking up answers and terms, to put them into the field. */

import { blank, button, h, icon, skeleton } from "./dom.js";
import { strings } from "./strings.js";

const SEARCH_AFTER = 250; // milliseconds without a key

export class Knowledge {
  #asked = 0;
  #timer = 0;

  constructor(context) {
    this.context = context;
    this.input = h("input", {
      type: "search",
      placeholder: strings.knowledgePlaceholder,
      "aria-label": strings.knowledgePlaceholder,
      oninput: () => this.#soon(),
    });
    this.found = h("div", { class: "found", "aria-live": "polite" }, blank(strings.knowledgeEmpty));
    this.node = h("div", { class: "panel" }, h("div", { class: "search" }, icon("search"), this.input), this.found);
  }

  open(talk) {
    this.talk = talk;
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), SEARCH_AFTER);
  }

  async #search() {
    const query = this.input.value.trim();
    const asked = ++this.#asked;
    if (!query) {
      this.found.replaceChildren(blank(strings.knowledgeEmpty));
      return;
    }
    if (!this.found.querySelector(".offer")) this.found.replaceChildren(skeleton(3, strings.loading));
    try {
      const { found } = await this.context.desk.server.ask("search", { query });
      if (asked === this.#asked)
        this.found.replaceChildren(
          ...(found.length ? found.map((one) => this.#one(one)) : [blank(strings.nothingFound(query))]),
        );
    } catch (error) {
      if (asked === this.#asked)
        this.found.replaceChildren(
          blank(
            error.message || strings.unreachable,
            button(strings.tryAgain, () => this.#search()),
          ),
        );
    }
  }

  #one({ kind, title, text }) {
    return h(
      "div",
      { class: "offer" },
      h("b", {}, title, h("span", { class: "tag" }, strings.foundKinds[kind])),
      h("p", {}, text),
      this.talk?.mine
        ? button(strings.use, () => this.context.insert(text), { "aria-label": strings.useLabel(title) })
        : null,
    );
  }
}
