/* A conversation as it stands in a list. */

import { clock, spoken } from "/web/widget/time.js";
import { h, hidden, icon } from "./dom.js";
import { strings } from "./strings.js";
import { dueClock, sinceClock } from "./ticking.js";

const HIGH = 0.6; // frustration from which it is marked

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
    this.button.classList.toggle("unread", item.unread > 0);
    this.button.replaceChildren(
      h(
        "span",
        { class: "row" },
        this.#name(),
        h("span", { class: "channel" }, this.desk.channelName(item.channel)),
        when(item),
      ),
      h("span", { class: "row" }, preview(item), unread(item)),
      h("span", { class: "row marks" }, this.#marks()),
    );
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
    const { owner, reason, group, frustration, tickets, due, agent } = this.item;
    const who =
      owner === "human"
        ? this.desk.isMine(this.item)
          ? null
          : this.desk.agentName(agent)
        : owner === "bot"
          ? strings.owners.bot
          : null;
    const said = frustration >= HIGH && reason === "frustrated"; // the mark says it already
    const words = [said ? "" : this.desk.reasonName(reason), this.desk.groupName(group), who].filter(Boolean);
    return [
      frustration >= HIGH ? h("span", { class: "tag bad" }, icon("frustration"), strings.frustrated) : null,
      h("span", { class: "words" }, words.join(" · ")),
      tickets > 0 ? h("span", { class: "tag" }, strings.openTickets(tickets)) : null,
      due ? dueClock(due) : null,
    ];
  }
}

function when({ owner, waiting_since: waiting, last, since }) {
  if (owner === "waiting" && waiting) return sinceClock(waiting);
  const at = new Date(last?.at ?? since);
  const words = Date.now() - at < 86400000 ? clock(at) : spoken(at).replace(/ .*/, "");
  return h("time", { class: "when", datetime: at.toISOString() }, words);
}

function preview({ last }) {
  if (!last) return h("span", { class: "preview" });
  const who = last.author === "customer" ? "" : strings.previewAuthors[last.author];
  return h("span", { class: "preview" }, who, last.text || strings.previewFile);
}

const unread = ({ unread: count }) =>
  count > 0 ? h("span", { class: "badge" }, String(count), hidden(strings.unread)) : null;
