/* The record of the conversation as one scrolls it: lines, earlier lines on request, the sign of typing, the way back down. */

import { h, icon } from "./dom.js";
import { Scroller } from "./scroller.js";
import { strings } from "./strings.js";
import { Timeline } from "./timeline.js";

const QUIET = 500; // milliseconds for which a screen reader is told nothing of lines that are not new
const BOT_TYPES_AT_MOST = 30000;
const AGENT_TYPES_FOR = 8000; // unless he is said to go on

/** `actions` as for LineView; `loadOlder()` loads earlier lines, resolving when they were put here. */
export class Log {
  #more = false;
  #olderFailed = false;
  #unseen = false;
  #typingTimer = 0;
  #quietTimer = 0;

  constructor(actions, loadOlder) {
    this.loadOlder = loadOlder;
    this.timeline = new Timeline(actions);
    this.older = h(
      "button",
      { type: "button", class: "older", hidden: true, onclick: () => this.#showOlder() },
      strings.older,
    );
    this.skeleton = h("div", { class: "skeleton", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    this.empty = h("p", { class: "empty", hidden: true }, strings.empty);
    this.typingWords = h("span", { class: "sr" });
    this.typing = h(
      "div",
      { class: "typing", hidden: true },
      this.typingWords,
      h("i"),
      h("i"),
      h("i"),
    );
    this.scroller = new Scroller(
      {
        role: "log",
        "aria-label": strings.log,
        "aria-live": "off",
        tabindex: "0",
        onkeydown: (event) => this.#onKey(event),
        onfocusin: (event) => this.#onFocus(event),
      },
      { onTop: () => this.#nearTop(), onMove: () => this.#showJump() },
    );
    this.scroller.node.append(this.older, this.skeleton, this.empty, this.timeline.node, this.typing);
    this.jump = h(
      "button",
      { type: "button", class: "jump", hidden: true, onclick: () => this.#jump() },
      icon("down"),
      h("span", {}, strings.newest),
    );
    this.parts = [this.scroller.node, this.jump];
  }

  get loading() {
    return !this.skeleton.hidden;
  }

  focus() {
    this.scroller.node.focus({ preventScroll: true });
  }

  /** The panel has become visible. */
  shown() {
    this.scroller.toEnd();
    this.timeline.arrange();
  }

  clear() {
    this.timeline.clear();
  }

  /** The conversation is here: shows the greeting if nothing was said yet. */
  ready({ greeting, more, hotline }) {
    this.timeline.hotline = hotline;
    if (this.loading) this.#beQuiet();
    if (greeting && this.timeline.empty) this.timeline.greet(greeting);
    this.skeleton.hidden = true;
    this.empty.hidden = !this.timeline.empty;
    this.setMore(more);
  }

  setMore(more) {
    this.#more = more;
    this.scroller.keep(() => {
      this.older.hidden = !more;
    });
  }

  /** Lines from before: of an earlier visit, or further up. */
  putOld(lines) {
    this.#beQuiet();
    const first = this.loading || this.timeline.empty;
    this.scroller.keep(() => this.timeline.put(lines));
    if (first) this.scroller.toEnd();
  }

  /** Lines just said. */
  putNew(lines) {
    this.empty.hidden = true;
    const follow = this.scroller.following;
    if (lines.some((line) => line.author !== "customer")) this.showTyping(false);
    this.timeline.put(lines);
    if (follow) this.scroller.toEndBelow(this.timeline.lastOwn?.node);
    this.#showJump(!follow);
  }

  /** A message of the customer's own on its way. */
  putMessage(message) {
    this.empty.hidden = true;
    const written = this.timeline.putMessage(message);
    if (written) this.scroller.toEnd();
  }

  showTyping(typing, agent = false) {
    const follow = this.scroller.following;
    if (typing) this.typingWords.textContent = agent ? strings.agentTyping : strings.typing;
    this.typing.hidden = !typing;
    clearTimeout(this.#typingTimer);
    if (!typing) return;
    this.#typingTimer = setTimeout(() => this.showTyping(false), agent ? AGENT_TYPES_FOR : BOT_TYPES_AT_MOST);
    if (follow) this.scroller.toEndBelow(this.timeline.lastOwn?.node);
  }

  /** New lines are read out, old ones are not. */
  #beQuiet() {
    clearTimeout(this.#quietTimer);
    this.scroller.node.setAttribute("aria-live", "off");
    this.#quietTimer = setTimeout(() => this.scroller.node.setAttribute("aria-live", "polite"), QUIET);
  }

  async #showOlder() {
    if (this.older.disabled) return;
    const focused = this.older.matches(":focus");
    this.older.disabled = true;
    this.older.textContent = strings.olderLoading;
    this.#olderFailed = !(await this.loadOlder());
    this.older.disabled = false;
    this.older.textContent = this.#olderFailed ? strings.olderFailed : strings.older;
    if (focused) (this.#more ? this.older : this.scroller.node).focus({ preventScroll: true });
  }

  /** Loads by itself on scrolling up; after a failure only when asked. */
  #nearTop() {
    if (this.#more && !this.loading && !this.#olderFailed) this.#showOlder();
  }

  #jump() {
    this.scroller.toEnd();
    this.focus();
  }

  #showJump(unseen = false) {
    const { atEnd } = this.scroller;
    this.#unseen = !atEnd && (unseen || this.#unseen);
    this.jump.hidden = atEnd || this.loading;
    this.jump.classList.toggle("unseen", this.#unseen);
    this.jump.lastChild.textContent = this.#unseen ? strings.newestUnseen : strings.newest;
  }

  /** The arrows go from line to line. */
  #onKey(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || event.target.closest(".table")) return;
    event.preventDefault();
    this.timeline.step(event.target.closest(".line"), by);
  }

  /** Tab reaches the copy button of the line that the reader is on, not those of all lines. */
  #onFocus(event) {
    const line = event.target.closest(".line");
    for (const button of this.timeline.node.querySelectorAll(".copy"))
      button.tabIndex = line?.contains(button) ? 0 : -1;
  }
}
