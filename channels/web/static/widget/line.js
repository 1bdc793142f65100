/* One line of the conversation on the screen. */

import { h, hidden, icon } from "./dom.js";
import { fileView } from "./file.js";
import { isPicture } from "./picking.js";
import { stepView } from "./step.js";
import { strings } from "./strings.js";
import { tableView } from "./table.js";
import { linked } from "./text.js";
import { clock } from "./time.js";
import { authorName } from "./transcript.js";

let count = 0;

/**
 * An item of the timeline: {node, line, status, choices, …}. `actions` are what its buttons do:
 * {choose(choice), retry(id), discard(id), copy(line, button), address(file), release(file)}; the last two for the bytes of
 * a file that the server has.
 */
export class LineView {
  #state = null;
  #divider = null;
  #time = null;
  #bar = null;
  #file = null;
  #local = ""; // address of a file's bytes as they are in this browser

  constructor(line, { hotline, actions, id = null, body = null }) {
    this.line = line;
    this.id = id;
    this.actions = actions;
    this.at = new Date(line.at);
    this.choices = (line.choices ?? []).map((choice) =>
      h("button", { type: "button", class: "choice", onclick: () => actions.choose(choice) }, choice.title),
    );
    this.hotline = hotline;
    this.text = line.text ? h("p", { class: "text" }, linked(line.text, hotline)) : null;
    if (body) this.#local = URL.createObjectURL(body);
    this.#file = line.file ? this.#fileView(line.file) : null;
    const rich = line.table || line.step;
    const bare = line.file && isPicture(line.file) && !line.text && (this.#local || line.file.id);
    const name = `botkit-line-${++count}`;
    this.who = h("span", { class: "who", id: name }, authorName(line));
    this.article = h(
      "article",
      { class: `line ${line.author}${rich ? " rich" : ""}`, "aria-labelledby": name, tabindex: "-1" },
      this.who,
      h(
        "div",
        { class: `bubble${bare ? " bare" : ""}` },
        line.step ? null : this.text,
        line.table ? tableView(line.table) : null,
        line.step ? stepView(line.step, this.text) : null,
        this.#file,
        line.author === "bot" ? this.#copyButton() : null,
      ),
      this.choices.length ? h("div", { class: "choices" }, this.choices) : null,
    );
    this.#dated();
    this.node = h("div", { class: "item" }, this.article);
  }

  /** Below a message of the customer's own: "sending", "queued", "failed", "unfit", "lost", "delivered", "read" or nothing. */
  show(status, error = "") {
    if (status === this.status && error === this.error) return;
    this.status = status;
    this.error = error;
    this.#state?.remove();
    this.#bar = null;
    this.#state = status ? h("p", { class: `state ${status}` }, this.#stateParts(status, error)) : null;
    if (this.#state) this.article.append(this.#state);
  }

  /** How much of a file is on its way. */
  progress(share) {
    if (this.#bar) this.#bar.value = share;
  }

  /** The line goes: so does what was held for it. */
  release() {
    if (this.#local) URL.revokeObjectURL(this.#local);
    if (this.line.file?.id) this.actions.release(this.line.file);
  }

  /** The line as the server has it, in place of what was shown while it was on its way. */
  confirm(line) {
    if (line.text !== this.line.text) this.text?.replaceChildren(...linked(line.text, this.hotline));
    this.line = line;
    this.at = new Date(line.at);
    this.#dated();
    if (!line.file || (this.#local && isPicture(line.file))) return; // the picture stays: it is the same
    const file = this.#fileView(line.file);
    this.#file?.replaceWith(file);
    this.#file = file;
  }

  /** Shows the time above this line, or not. */
  divide(text) {
    if ((this.#divider?.textContent ?? "") === text) return;
    this.#divider?.remove();
    this.#divider = text ? h("p", { class: "divider" }, h("time", { datetime: this.at.toISOString() }, text)) : null;
    if (this.#divider) this.node.prepend(this.#divider);
  }

  /** Only the choices of the last line can be chosen. */
  enable(enabled) {
    for (const button of this.choices) button.disabled = !enabled;
  }

  #dated() {
    this.#time?.remove();
    this.#time = hidden(clock(this.at), { class: "sr time" });
    this.article.append(this.#time);
  }

  #fileView(file) {
    if (!this.#local && !file.id) return fileView(file, null); // its bytes are gone
    return fileView(file, async () => this.#local || this.actions.address(this.line.file));
  }

  #stateParts(status, error) {
    const { id, actions } = this;
    const button = (label, act) => h("button", { type: "button", class: "link", onclick: act }, label);
    if (status === "read") return [hidden(strings.readBy), strings.read];
    if (status === "lost") return [`${strings.lost} `, button(strings.discard, () => actions.discard(id))];
    if (status === "sending" && this.line.file) {
      this.#bar = h("progress", { max: "1", value: "0", "aria-label": strings.progress });
      return [this.#bar, ` ${strings.sending} `, button(strings.stop, () => actions.discard(id))];
    }
    if (status === "unfit") return [`${strings.failedBecause(error)} `, button(strings.discard, () => actions.discard(id))];
    if (status !== "failed") return [strings[status]];
    if (!error) return [button(strings.failed, () => actions.retry(id))];
    return [
      `${strings.failedBecause(error)} `,
      button(strings.retry, () => actions.retry(id)),
      " ",
      button(strings.discard, () => actions.discard(id)),
    ];
  }

  #copyButton() {
    const button = h(
      "button",
      { type: "button", class: "copy", tabindex: "-1", "aria-label": strings.copy, title: strings.copy },
      icon("copy"),
    );
    button.addEventListener("click", () => this.actions.copy(this.line, button));
    return button;
  }
}
