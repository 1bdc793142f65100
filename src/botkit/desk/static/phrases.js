/* The phrases that "/" opens above the field: found by a few signs, chosen by keyboard, variables filled in. */

import { h } from "./dom.js";
import { strings } from "./strings.js";

/** What a phrase may name in braces, and where it comes from. Unknown ones stay, to be filled in by hand. */
export function filled(text, talk, desk) {
  const { phrase } = strings;
  const { item, panorama } = talk;
  const values = {
    [phrase.customer]: item.verified ? (panorama?.customer?.name ?? item.name) : phrase.stranger,
    [phrase.agent]: desk.me.name,
    [phrase.plan]: panorama?.plan,
    [phrase.ticket]: panorama?.tickets?.[0]?.number,
    [phrase.bill]: panorama?.bill?.total,
    [phrase.group]: desk.groupName(item.group),
  };
  return text.replace(/\{([^{}]+)\}/g, (whole, name) => (typeof values[name] === "string" ? values[name] : whole));
}

/** The first variable that is still to be filled in: [start, end], or null. */
export function gap(text) {
  const { phrase } = strings;
  for (const match of text.matchAll(/\{([^{}]+)\}/g)) {
    if (Object.values(phrase).includes(match[1])) return [match.index, match.index + match[0].length];
  }
  return null;
}

export class Phrases {
  #found = [];
  #chosen = 0;

  /** `onchoose(phrase)` */
  constructor(desk, onchoose) {
    this.desk = desk;
    this.onchoose = onchoose;
    this.node = h("ul", {
      class: "phrases",
      id: "phrases",
      role: "listbox",
      "aria-label": strings.phrases,
      hidden: true,
    });
  }

  get open() {
    return !this.node.hidden;
  }

  get active() {
    return this.open && this.#found.length ? `phrase-${this.#found[this.#chosen].id}` : null;
  }

  /** Shows those that have `query` in title or text. */
  show(query) {
    const words = query.toLowerCase();
    this.#found = this.desk.phrases.filter(({ title, text }) => `${title} ${text}`.toLowerCase().includes(words));
    this.#chosen = 0;
    this.node.hidden = false;
    this.#draw();
  }

  hide() {
    this.node.hidden = true;
  }

  /** True if the key was for the phrases. */
  onKey(event) {
    if (!this.open) return false;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { length } = this.#found;
    if (by && length) {
      this.#chosen = (this.#chosen + by + length) % length;
      this.#draw();
    } else if ((event.key === "Enter" || event.key === "Tab") && length) this.#choose(this.#found[this.#chosen]);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #choose(phrase) {
    this.hide();
    this.onchoose(phrase);
  }

  #draw() {
    const options = this.#found.map((phrase, index) =>
      h(
        "li",
        {
          role: "option",
          id: `phrase-${phrase.id}`,
          "aria-selected": String(index === this.#chosen),
          onmousedown: (event) => {
            event.preventDefault(); // the focus stays in the field
            this.#choose(phrase);
          },
        },
        h("b", {}, phrase.title),
        h("span", {}, phrase.text),
      ),
    );
    this.node.replaceChildren(...(options.length ? options : [h("li", { class: "none" }, strings.noPhrase)]));
    this.node.children[this.#chosen]?.scrollIntoView({ block: "nearest" });
  }
}
