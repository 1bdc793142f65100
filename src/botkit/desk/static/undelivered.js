/* Lines that were given up, on the supervisor's page: whose, where, when, why; and once more. */

import { spoken } from "/web/widget/time.js";
import { deliveryText } from "./delivery.js";
import { blank, button, h } from "./dom.js";
import { Refused } from "./server.js";
import { strings } from "./strings.js";

const FEW = 5; // rows that are shown until all are asked for
const LONGEST = 120; // characters of a line

export class Undelivered {
  #busy = new Set();
  #all = false;
  lines = [];

  /** `context`: {desk, toast(text), open(id)}. `onchange()` resolves when the lines have been asked for anew. */
  constructor(context, { onchange }) {
    this.context = context;
    this.onchange = onchange;
    this.node = h("section", { class: "sheet", "aria-labelledby": "undelivered-title" });
  }

  /** `lines` as the command `undelivered` gives them. */
  draw(lines) {
    this.lines = lines;
    const shown = this.#all ? lines : lines.slice(0, FEW);
    const hidden = lines.length - shown.length;
    this.node.replaceChildren(
      h("h2", { id: "undelivered-title", tabindex: "-1" }, strings.undelivered),
      lines.length
        ? h(
            "ul",
            { class: "due-list undelivered" },
            shown.map((line) => this.#row(line)),
          )
        : blank(strings.noUndelivered),
      hidden > 0
        ? button(strings.allUndelivered(lines.length), () => this.#showAll(), { "data-focus": "all undelivered" })
        : "",
    );
  }

  #row(line) {
    const { desk, open } = this.context;
    const { item, seq, text, at } = line;
    const key = keyOf(line);
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "due-item", "data-focus": `open ${key}`, onclick: () => open(item.id) },
        h("b", {}, item.name),
        h("span", {}, strings.dots(desk.channelName(item.channel), spoken(new Date(at)))),
        h("span", { class: "cut" }, shortened(text) || strings.previewFile),
        h("span", { class: "why" }, deliveryText(desk, line, item.channel)),
      ),
      button(strings.sendAgain, () => this.#sendAgain(line), {
        "data-focus": `again ${key}`,
        "aria-label": strings.sendAgainLabel(text),
        "aria-disabled": this.#busy.has(key) && "true",
      }),
    );
  }

  #showAll() {
    const first = this.lines[FEW];
    this.#all = true;
    this.draw(this.lines);
    this.node.querySelector(`[data-focus="open ${keyOf(first)}"]`)?.focus();
  }

  async #sendAgain(line) {
    const { desk, toast } = this.context;
    const key = keyOf(line);
    if (this.#busy.has(key)) return;
    this.#busy.add(key);
    let word = strings.sentAgain;
    try {
      await desk.server.ask("send_again", { id: line.item.id, seq: line.seq });
    } catch (error) {
      word = error instanceof Refused && error.message ? error.message : strings.unreachable;
    }
    this.#busy.delete(key);
    await this.onchange();
    const still = word === strings.sentAgain && this.lines.find((other) => keyOf(other) === key);
    toast(still ? deliveryText(desk, still, line.item.channel) : word);
  }
}

const keyOf = ({ item, seq }) => `${item.id} ${seq}`;

const shortened = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
