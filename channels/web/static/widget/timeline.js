/* The lines on the screen, in order: each once, with times where there was a pause, speakers named where they change. */

import { h } from "./dom.js";
import { LineView } from "./line.js";
import { pauseBetween, spoken } from "./time.js";

const GREETING = 0; // its place before every line of the transcript
const PENDING = Infinity; // after every line; among themselves in the order of writing

export class Timeline {
  #views = [];
  #actions;

  /** `actions` as for LineView. */
  constructor(actions) {
    this.#actions = actions;
    this.node = h("div", { class: "timeline" });
    this.hotline = "";
  }

  get empty() {
    return this.#views.length === 0;
  }

  get last() {
    return this.#views.at(-1);
  }

  /** The customer's last line: what comes after it is the answer to it. */
  get lastOwn() {
    return this.#views.filter((view) => view.line.author === "customer").at(-1);
  }

  clear() {
    this.#views = [];
    this.node.replaceChildren();
  }

  greet({ text, choices }) {
    this.#insert({ seq: GREETING, author: "bot", text, choices, at: new Date().toISOString() });
    this.arrange();
  }

  put(lines) {
    for (const line of lines) this.#insert(line);
    this.arrange();
  }

  /** A message of the customer's own that is on its way. True if it was not here before. */
  putMessage({ id, text, at, status, error }) {
    const known = this.#byId(id);
    const view = known ?? this.#insert({ seq: PENDING, author: "customer", text, at }, id);
    view.show(status, error);
    this.arrange();
    return !known;
  }

  /** The message is in the conversation, as `line`. */
  settle(id, line) {
    const view = this.#byId(id);
    if (!view) this.put([line]);
    else if (this.#views.some((other) => other !== view && other.line.seq === line.seq)) this.remove(id);
    else {
      view.confirm(line);
      view.show(null);
      this.arrange();
    }
  }

  remove(id) {
    this.#views = this.#views.filter((view) => view.id !== id);
    this.arrange();
  }

  /** Moves the keyboard to the line before or after the one it is on. */
  step(focused, by) {
    const at = this.#views.findIndex((view) => view.article === focused);
    const next = at < 0 ? this.#views.length - 1 : Math.min(Math.max(at + by, 0), this.#views.length - 1);
    this.#views[next]?.article.focus();
  }

  /** Brings order, times, groups, choices and states up to date. Touches only what changed. */
  arrange(now = new Date()) {
    this.#views.sort((one, other) => (one.line.seq === other.line.seq ? 0 : one.line.seq - other.line.seq));
    const nodes = new Set(this.#views.map((view) => view.node));
    for (const node of [...this.node.children]) if (!nodes.has(node)) node.remove();
    const delivered = this.#views.filter((view) => view.line.author === "customer" && view.line.seq !== PENDING).at(-1);
    let before = null;
    for (const [index, view] of this.#views.entries()) {
      if (this.node.children[index] !== view.node) this.node.insertBefore(view.node, this.node.children[index] ?? null);
      const paused = !before || pauseBetween(before.at, view.at);
      view.divide(paused ? spoken(view.at, now) : "");
      view.article.classList.toggle("first", paused || speaker(before) !== speaker(view));
      view.enable(index === this.#views.length - 1);
      if (view.line.seq !== PENDING) view.show(view === delivered ? "delivered" : null);
      before = view;
    }
  }

  #insert(line, id = null) {
    const view = new LineView(line, { hotline: this.hotline, actions: this.#actions, id });
    this.#views.push(view);
    return view;
  }

  #byId(id) {
    return this.#views.find((view) => view.id === id);
  }
}

const speaker = (view) => view && `${view.line.author} ${view.line.name ?? ""}`;
