/* What a supervisor watches: queues, waits, load, promises about to break, what did not reach customers. */

import { blank, button, h, skeleton } from "./dom.js";
import { reassign } from "./dialogs/reassign.js";
import { table } from "./sheet.js";
import { strings } from "./strings.js";
import { dueClock, sinceClock } from "./ticking.js";
import { Undelivered } from "./undelivered.js";

const EVERY = 5000; // milliseconds

export class Supervisor {
  #timer = 0;

  /** `context`: {desk, toast(text), open(id)} */
  constructor(context) {
    this.context = context;
    this.undelivered = new Undelivered(context, { onchange: () => this.#load() });
    this.content = h("div", { class: "page-body" }, skeleton(6, strings.loading));
    this.node = h(
      "section",
      { class: "page scroll", "aria-labelledby": "load-title" },
      h("header", { class: "page-header" }, h("h1", { id: "load-title", tabindex: "-1" }, strings.views.load)),
      this.content,
    );
  }

  start() {
    this.#load();
    this.#timer = setInterval(() => document.hidden || this.#load(), EVERY);
  }

  stop() {
    clearInterval(this.#timer);
  }

  async #load() {
    try {
      const { server } = this.context.desk;
      const [load, { lines }] = await Promise.all([server.ask("load"), server.ask("undelivered")]);
      const data = { ...load, lines };
      if (!this.content.contains(document.activeElement) || !this.data) this.#draw(data);
      else this.#draw(data, document.activeElement.dataset.focus);
    } catch (error) {
      if (!this.data)
        this.content.replaceChildren(
          blank(
            error.message || strings.unreachable,
            button(strings.tryAgain, () => this.#load()),
          ),
        );
    }
  }

  #draw(data, focus) {
    this.data = data;
    this.undelivered.draw(data.lines);
    const waiting = data.groups.reduce((sum, group) => sum + group.waiting, 0);
    const serving = data.groups.reduce((sum, group) => sum + group.serving, 0);
    const online = data.agents.filter((agent) => agent.presence === "online").length;
    const late = data.due.filter((item) => Date.parse(item.due) < Date.now()).length;
    this.content.replaceChildren(
      h(
        "ul",
        { class: "numbers" },
        number(waiting, strings.waitingNow),
        number(serving, strings.servingNow),
        number(online, strings.onlineNow),
        number(late, strings.lateNow, late > 0 ? "bad" : ""),
      ),
      h("section", { class: "sheet" }, h("h2", {}, strings.queues), this.#groups(data.groups)),
      h(
        "section",
        { class: "sheet" },
        h("h2", {}, strings.promises),
        data.due.length
          ? h(
              "ul",
              { class: "due-list" },
              data.due.map((item) => this.#due(item)),
            )
          : blank(strings.noPromises),
      ),
      this.undelivered.node,
      h("section", { class: "sheet" }, h("h2", {}, strings.agents), this.#agents(data.agents)),
    );
    if (!focus) return;
    const same = this.content.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
    (same ?? this.node.querySelector("h1")).focus({ preventScroll: true }); // what is done with is gone
  }

  #groups(groups) {
    const { desk } = this.context;
    return table(
      strings.queues,
      [strings.group, strings.waitingColumn, strings.longest, strings.expected, strings.servingColumn],
      groups.map(({ group, waiting, longest, wait_minutes: minutes, serving, places }) => [
        desk.groupName(group),
        h("b", { class: waiting > 0 ? "figure-big" : "figure-big none" }, String(waiting)),
        longest ? longestView(longest) : strings.none,
        minutes === null || minutes === undefined ? strings.unsure : strings.minutes(minutes),
        loadBar(serving, places),
      ]),
    );
  }

  #agents(agents) {
    const { desk } = this.context;
    return table(
      strings.agents,
      [strings.agent, strings.presence, strings.servingColumn, strings.groupsColumn],
      agents.map(({ name, presence, serving, limit, groups }) => [
        name,
        h("span", { class: `presence ${presence}` }, strings.presences[presence]),
        loadBar(serving, limit),
        groups.map((id) => desk.groupName(id)).join(strings.comma),
      ]),
    );
  }

  #due(item) {
    const { desk, open } = this.context;
    const who = item.owner === "human" ? desk.agentName(item.agent) : strings.owners[item.owner];
    return h(
      "li",
      {},
      dueClock(item.due),
      h(
        "button",
        { type: "button", class: "due-item", "data-focus": `open ${item.id}`, onclick: () => open(item.id) },
        h("b", {}, item.name),
        h("span", {}, strings.dots(desk.groupName(item.group), who, desk.reasonName(item.reason))),
      ),
      button(strings.actionNames.reassign, () => reassign(item, this.context), {
        "data-focus": `give ${item.id}`,
        "aria-label": strings.reassignTitle(item.name),
      }),
    );
  }
}

/** `longest` is a moment, or minutes. */
const longestView = (longest) => (typeof longest === "number" ? strings.minutes(longest) : sinceClock(longest));

const number = (value, label, tone = "") => h("li", { class: tone }, h("b", {}, String(value)), h("span", {}, label));

function loadBar(serving, places) {
  const share = places > 0 ? Math.min(1, serving / places) : 0;
  const bar = h("i", {});
  bar.style.width = `${share * 100}%`;
  return h(
    "span",
    { class: `load${share >= 1 ? " full" : ""}` },
    h("span", { class: "load-bar", "aria-hidden": "true" }, bar),
    strings.of(serving, places),
  );
}
