/* A conversation as it stands in a list. */

import { clock, spoken } from "/web/widget/time.js";
import { givenWords } from "./calls.js";
import { h, hidden, icon } from "./dom.js";
import { strings } from "./strings.js";
import { dueClock, sinceClock, unansweredClock } from "./ticking.js";

export const HIGH = 0.5; // frustration from which it is marked, see botkit.nlu.moods

export class ItemView {
  /** `onopen(item)` when it is pressed. */
  constructor(desk, item, onopen) {
    this.desk = desk;
    this.button = h("button", { type: "button", class: "item", tabindex: "-1", onclick: () => onopen(this.item) });
    this.node = h("li", {}, this.button);
    this.update(item);
  }

  update(item) {
    if (item === this.item) return;
    this.item = item;
    this.button.dataset.id = item.id;
    const given = Boolean(item.given) && this.desk.isMine(item);
    const how = given ? givenWords(this.desk, item) : "";
    this.button.classList.toggle("unread", item.unread > 0 || given);
    this.button.classList.toggle("given", given);
    this.button.replaceChildren(
      h(
        "span",
        { class: "row" },
        this.#name(),
        h("span", { class: "channel" }, this.desk.channelName(item.channel)),
        when(item),
      ),
      h("span", { class: "row" }, preview(item), unread(item, given)),
      h("span", { class: "row marks" }, this.#marks()),
      how ? h("span", { class: "row how" }, icon("transfer"), h("span", {}, how)) : "",
      ...this.desk.askedOf(item).map((consult) => this.#consult(consult)),
    );
  }

  #consult({ agent, text }) {
    const words = strings.said(strings.asks(this.desk.agentName(agent)), text);
    return h("span", { class: "row how" }, icon("consult"), h("span", {}, words));
  }

  /** Whether it is the one that is open. */
  select(open) {
    if (open) this.button.setAttribute("aria-current", "true");
    else this.button.removeAttribute("aria-current");
  }

  #name() {
    const { name, verified } = this.item;
    return h("span", { class: "name" }, name, verified ? [icon("verified"), hidden(strings.verified)] : null);
  }

  #marks() {
    const { owner, reason, group, frustration, tickets, due, agent, unanswered_since: unanswered } = this.item;
    const who =
      owner === "human"
        ? this.desk.isMine(this.item)
          ? null
          : this.desk.agentName(agent)
        : owner === "bot"
          ? strings.owners.bot
          : null;
    const said = frustration >= HIGH && reason === "frustrated"; // the mark says it already
    const words = [who, said ? "" : this.desk.whyOf(this.item), this.desk.groupName(group)].filter(Boolean);
    return [
      frustration >= HIGH ? h("span", { class: "tag bad" }, icon("frustration"), strings.frustrated) : null,
      h("span", { class: "words" }, words.join(" · ")),
      tickets > 0 ? h("span", { class: "tag" }, strings.openTickets(tickets)) : null,
      unanswered ? unansweredClock(unanswered, this.desk.replyWithin) : null,
      due ? dueClock(due) : null,
    ];
  }
}

const LONG = 300; // seconds in the queue from which it is a warning

/** Who waits is shown for how long, since he asked for a human: so he stands in the queue, also when he comes back to it. */
export function waitingClock({ since, waiting_since: again }, full = false) {
  const asked = strings.askedAt(spoken(new Date(since)));
  const back = again && again !== since ? strings.queuedAgainAt(spoken(new Date(again))) : "";
  return sinceClock(since, full, strings.dots(asked, back), LONG);
}

function when(item) {
  const { owner, last, since } = item;
  if (owner === "waiting" && since) return waitingClock(item);
  const at = new Date(last?.at ?? since);
  const words = Date.now() - at < 86400000 ? clock(at) : spoken(at).replace(/ .*/, "");
  return h("time", { class: "when", datetime: at.toISOString() }, words);
}

function preview({ last }) {
  if (!last) return h("span", { class: "preview" });
  const who = last.author === "customer" ? "" : strings.previewAuthors[last.author];
  return h("span", { class: "preview" }, who, last.text || strings.previewFile);
}

function unread({ unread: count }, given) {
  if (count > 0) return h("span", { class: "badge" }, String(count), hidden(strings.unread));
  return given ? h("span", { class: "badge" }, strings.isNew) : null;
}
