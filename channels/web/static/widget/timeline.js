/* The lines on the screen, in order: each once, with times where there was a pause, speakers named where they change. */

import { h } from "./dom.js";
import { LineView } from "./line.js";
import { pauseBetween, spoken } from "./time.js";

const GREETING = 0; // its place before every line of the transcript
const PENDING = Infinity; // after every line; among themselves in the order of writing

export class Timeline {
  #views = [];
  #actions;
  #read = 0;

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
    for (const view of this.#views) view.release();
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
  putMessage({ id, text, at, status, error, file, body }) {
    const known = this.#byId(id);
    const view = known ?? this.#insert({ seq: PENDING, author: "customer", text, at, file }, id, body);
    view.show(status, error);
    this.arrange();
    return !known;
  }

  progress(id, share) {
    this.#byId(id)?.progress(share);
  }

  /** The agent has seen everything up to here; 0: nothing is said of it. */
  showRead(seq) {
    if (seq === this.#read) return;
    this.#read = seq;
    this.arrange();
  }

  /** The message is in the conversation, as `line`. */
  settle(id, line) {
    const view = this.#byId(id);
    if (!view) this.put([line]);
    else if (this.#views.some((other) => other !== view && other.line.seq === line.seq)) this.remove(id);
    else {
      view.confirm(line);
      this.arrange();
    }
  }

  remove(id) {
    this.#byId(id)?.release();
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
    const own = this.#views.filter((view) => view.line.author === "customer" && view.line.seq !== PENDING);
    const delivered = own.at(-1);
    const read = own.findLast((view) => view.line.seq <= this.#read);
    let before = null;
    for (const [index, view] of this.#views.entries()) {
      if (this.node.children[index] !== view.node) this.node.insertBefore(view.node, this.node.children[index] ?? null);
      const paused = !before || pauseBetween(before.at, view.at);
      view.divide(paused ? spoken(view.at, now) : "");
      view.article.classList.toggle("first", paused || speaker(before) !== speaker(view));
      view.enable(index === this.#views.length - 1);
      if (view.line.seq !== PENDING) view.show(view === read ? "read" : view === delivered ? "delivered" : null);
      before = view;
    }
  }

  #insert(line, id = null, body = null) {
    const view = new LineView(line, { hotline: this.hotline, actions: this.#actions, id, body });
    this.#views.push(view);
    return view;
  }

  #byId(id) {
    return this.#views.find((view) => view.id === id);
  }
}

const speaker = (view) => view && `${view.line.author} ${view.line.name ?? ""}`;
