/* What a supervisor watches: who waits, who is kept waiting, load, promises about to break, what did not reach customers,
   how they were content. */

import { blank, button, h, skeleton } from "./dom.js";
import { waitingClock } from "./item.js";
import { todayTable, unhappyList } from "./ratings.js";
import { table } from "./sheet.js";
import { strings } from "./strings.js";
import { dueClock, sinceClock } from "./ticking.js";
import { Undelivered } from "./undelivered.js";
import { watchlist } from "./watchlist.js";

const EVERY = 5000; // milliseconds
const SOON = 300; // milliseconds after something has happened

export class Supervisor {
  #timer = 0;
  #soon = 0;
  #leaving = null;

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
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    for (const name of ["item", "agents"])
      this.context.desk.addEventListener(name, () => this.#loadSoon(), { signal });
  }

  stop() {
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    this.#leaving?.abort();
  }

  /** What happens together is asked for once. */
  #loadSoon() {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#load(), SOON);
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
    const { total } = data;
    const online = data.agents.filter((agent) => agent.presence === "online").length;
    const late = data.due.filter((item) => Date.parse(item.due) < Date.now()).length;
    this.content.replaceChildren(
      h(
        "ul",
        { class: "numbers" },
        number(total.waiting, strings.waitingNow),
        number(total.serving, strings.servingNow),
        number(online, strings.onlineNow),
        number(late, strings.lateNow, late > 0 ? "bad" : ""),
      ),
      sheet(strings.waitingList, this.#waiting(data.waiting)),
      sheet(strings.lateReplies, this.#late(data.late)),
      sheet(strings.promises, this.#due(data.due)),
      sheet(strings.queues, this.#groups(data.groups, total), h("p", { class: "muted hint" }, strings.freeHint)),
      this.undelivered.node,
      sheet(strings.unhappy, unhappyList(data.unhappy, this.context)),
      sheet(strings.agents, this.#agents(data.agents)),
      sheet(strings.today, todayTable(data.today)),
    );
    if (!focus) return;
    const same = this.content.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
    (same ?? this.node.querySelector("h1")).focus({ preventScroll: true }); // what is done with is gone
  }

  #waiting(items) {
    const rows = items.map((item) => ({ item, clock: waitingClock(item), words: this.#words(item, "") }));
    return this.#list("waiting", strings.waitingList, rows, strings.nobodyWaits);
  }

  #late(items) {
    const { desk } = this.context;
    const rows = items.map((item) => ({
      item,
      clock: sinceClock(item.unanswered),
      words: this.#words(item, desk.agentName(item.agent)),
    }));
    return this.#list("late", strings.lateReplies, rows, strings.noLateReplies);
  }

  #due(items) {
    const { desk } = this.context;
    const rows = items.map((item) => ({
      item,
      clock: dueClock(item.due),
      words: this.#words(item, item.owner === "human" ? desk.agentName(item.agent) : strings.owners[item.owner]),
    }));
    return this.#list("due", strings.promises, rows, strings.noPromises);
  }

  #words(item, who) {
    const { desk } = this.context;
    return [desk.groupName(item.group), who, desk.channelName(item.channel), desk.whyOf(item)];
  }

  #list(name, label, rows, empty) {
    return watchlist(name, label, rows, empty, this.context, () => this.#load());
  }

  #groups(groups, total) {
    const { desk } = this.context;
    return table(
      strings.queues,
      [
        strings.group,
        strings.waitingColumn,
        strings.longest,
        strings.expected,
        strings.servingColumn,
        strings.freeColumn,
      ],
      [
        ...groups.map(({ group, waiting, longest, wait_minutes: minutes, serving, free }) => [
          desk.groupName(group),
          figure(waiting),
          longest ? sinceClock(longest) : strings.none,
          minutes === null || minutes === undefined ? strings.unsure : strings.minutes(minutes),
          String(serving),
          String(free),
        ]),
        [strings.totalRow, figure(total.waiting), "", "", String(total.serving), String(total.free)],
      ],
    );
  }

  #agents(agents) {
    const { desk } = this.context;
    return table(
      strings.agents,
      [strings.agent, strings.presence, strings.servingColumn, strings.unansweredColumn, strings.groupsColumn],
      agents.map(({ name, presence, serving, limit, unanswered, groups }) => [
        name,
        h("span", { class: `presence ${presence}` }, strings.presences[presence]),
        loadBar(serving, limit),
        unanswered ? sinceClock(unanswered) : strings.none,
        groups.map((id) => desk.groupName(id)).join(strings.comma),
      ]),
    );
  }
}

const sheet = (title, ...content) => h("section", { class: "sheet" }, h("h2", {}, title), ...content);

const figure = (count) => h("b", { class: count > 0 ? "figure-big" : "figure-big none" }, String(count));

const number = (value, label, tone = "") => h("li", { class: tone }, h("b", {}, String(value)), h("span", {}, label));

function loadBar(serving, limit) {
  const share = limit > 0 ? Math.min(1, serving / limit) : 0;
  const bar = h("i", {});
  bar.style.width = `${share * 100}%`;
  return h(
    "span",
    { class: `load${share >= 1 ? " full" : ""}`, "aria-label": strings.limitOf(serving, limit), role: "img" },
    h("span", { class: "load-bar", "aria-hidden": "true" }, bar),
    strings.of(serving, limit),
  );
}
