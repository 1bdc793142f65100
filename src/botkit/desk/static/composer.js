/* Where the agent writes to the customer. A draft is kept for each conversation. */

import { attachButton, objection, pasted } from "/web/widget/picking.js";
import { Typist } from "/web/widget/typist.js";
import { button, fit, h, icon, iconButton } from "./dom.js";
import { writing } from "./memory.js";
import { filled, gap, Phrases } from "./phrases.js";
import { strings } from "./strings.js";

const LONGEST = 2000; // characters
const WARN_BELOW = 100;

export class Composer {
  #talk = null;
  #leaving = null;

  constructor(desk, sender) {
    this.desk = desk;
    this.sender = sender;
    this.phrases = new Phrases(desk, ({ text }) => this.insert(text));
    this.typist = new Typist((on) => desk.server.tell("typing", { id: this.#talk.id, on }));
    this.input = h("textarea", {
      id: "reply",
      rows: "1",
      placeholder: strings.replyPlaceholder,
      "aria-label": strings.reply,
      "aria-describedby": "reply-hint",
      "aria-autocomplete": "list",
      "aria-controls": "phrases",
      autocomplete: "off",
      enterkeyhint: "send",
      oninput: () => this.#onInput(),
      onkeydown: (event) => this.#onKey(event),
      onpaste: (event) => this.#onPaste(event),
      onblur: () => {
        this.phrases.hide();
        this.typist.stopped();
      },
    });
    this.send = h(
      "button",
      { type: "submit", class: "send", "aria-label": strings.send, title: strings.send },
      icon("send"),
    );
    this.problem = h("p", { class: "problem", role: "alert" });
    this.hint = h("p", { class: "hint", id: "reply-hint", "aria-live": "polite" });
    this.suggestions = h("div", { class: "suggestions", role: "group", "aria-label": strings.suggestions });
    this.form = h(
      "form",
      { class: "field", onsubmit: (event) => this.#onSubmit(event) },
      this.phrases.node,
      iconButton("phrases", strings.openPhrases, () => this.#openPhrases(), { class: "icon-button phrases-button" }),
      attachButton((files) => this.attach(files), { class: "icon-button" }),
      this.input,
      this.send,
    );
    this.instead = h("div", { class: "instead" });
    this.node = h("div", { class: "composer" }, this.suggestions, this.problem, this.form, this.hint, this.instead);
  }

  /** Turns to another conversation, and to what was begun there. */
  show(talk) {
    this.typist.stopped();
    this.#leaving?.abort();
    this.#leaving = new AbortController();
    this.#talk = talk;
    for (const name of ["card", "state", "lines"])
      talk.addEventListener(name, () => this.#drawSuggestions(), { signal: this.#leaving.signal });
    this.phrases.hide();
    this.problem.textContent = "";
    this.#put(writing.get(`draft ${talk.id}`, ""));
  }

  /** Whether the agent may write; else the sentence and the button that stand instead. */
  allow(allowed, { text = "", label = "", act = null } = {}) {
    const focused = document.activeElement === this.input;
    this.form.hidden = !allowed;
    this.hint.hidden = !allowed;
    if (allowed !== this.allowed) this.problem.textContent = "";
    this.instead.hidden = allowed;
    this.instead.replaceChildren(
      ...(allowed ? [] : [h("p", {}, text), act ? button(label, act, { class: "button primary" }) : ""]),
    );
    if (focused && !allowed) this.instead.querySelector("button")?.focus();
    this.allowed = allowed;
    this.#drawSuggestions();
    fit(this.input);
  }

  /** Sends those files that may be sent, and says why the others may not. */
  attach(files) {
    this.problem.textContent = files.map(objection).filter(Boolean).join(" ");
    for (const file of files) if (!objection(file)) this.sender.sendFile(this.#talk.id, file);
  }

  focus() {
    if (this.allowed) this.input.focus();
    else this.instead.querySelector("button")?.focus();
  }

  /** Puts a phrase or a suggestion in, where "/…" stood or in the place of nothing. */
  insert(text) {
    const words = filled(text, this.#talk, this.desk);
    const old = this.input.value;
    const slash = old.search(/(^|\n)\/[^\n]*$/);
    const kept = slash >= 0 ? old.slice(0, old.indexOf("/", slash)) : old && !old.endsWith("\n") ? `${old}\n` : old;
    this.#put(kept + words);
    this.input.focus();
    const open = gap(this.input.value);
    if (open) this.input.setSelectionRange(...open);
  }

  #put(text) {
    this.input.value = text;
    this.input.setSelectionRange(text.length, text.length);
    this.#update();
  }

  #onPaste(event) {
    const files = pasted(event);
    if (files.length === 0) return;
    event.preventDefault();
    this.attach(files);
  }

  #onInput() {
    this.#update();
    this.problem.textContent = "";
    const query = this.input.value.match(/(?:^|\n)\/([^\n]*)$/);
    if (query && !query[1].includes(" ")) this.phrases.show(query[1]);
    else this.phrases.hide();
    this.#pointToPhrase();
    if (this.input.value.trim() && !this.phrases.open) this.typist.wrote();
  }

  #openPhrases() {
    if (this.phrases.open) this.phrases.hide();
    else this.phrases.show("");
    this.input.focus();
    this.#pointToPhrase();
  }

  #pointToPhrase() {
    const { active } = this.phrases;
    if (active) this.input.setAttribute("aria-activedescendant", active);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** Enter sends, unless it confirms a word of an input method. Safari ends the composition first: hence code 229. */
  #onKey(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (this.phrases.onKey(event)) {
      this.#pointToPhrase();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.#onSubmit(event);
  }

  #onSubmit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text || this.#left() < 0) return;
    const open = gap(text);
    if (open) {
      this.hint.textContent = strings.fillIn(text.slice(...open));
      this.input.setSelectionRange(...gap(this.input.value));
      return;
    }
    this.#put("");
    this.typist.stopped();
    this.sender.say(this.#talk.id, text);
  }

  #left() {
    return LONGEST - [...this.input.value.trim()].length;
  }

  #update() {
    const left = this.#left();
    fit(this.input);
    writing.set(`draft ${this.#talk.id}`, this.input.value || null);
    this.send.disabled = left < 0 || left === LONGEST;
    this.hint.textContent =
      left < 0 ? strings.tooLong(-left) : left <= WARN_BELOW ? strings.left(left) : strings.replyHint;
    this.input.setAttribute("aria-invalid", String(left < 0));
    this.#drawSuggestions();
  }

  /** The bot's proposals, until the agent has begun to write or has said something since the conversation is his. */
  #drawSuggestions() {
    const talk = this.#talk;
    const card = talk?.card;
    const show = this.allowed && card && !this.input.value && !spokenSinceTaken(talk.lines);
    const first = card?.first_sentence ? [{ title: strings.firstSentence, text: card.first_sentence }] : [];
    const offers = show ? [...first, ...(card.replies ?? [])] : [];
    this.suggestions.hidden = offers.length === 0;
    this.suggestions.replaceChildren(
      ...offers.map(({ title, text }) =>
        h("button", { type: "button", class: "suggestion", title: text, onclick: () => this.insert(text) }, title),
      ),
    );
  }
}

const TAKEN = ["Accept", "TakeOver", "Transfer", "Reassign"];

function spokenSinceTaken(lines) {
  const taken = lines.findLastIndex((line) => line.author === "system" && TAKEN.includes(line.detail?.event));
  return lines.slice(taken + 1).some((line) => line.author === "agent");
}
