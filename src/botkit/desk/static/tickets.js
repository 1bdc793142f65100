/* The tickets of all departments: found by state, department, whose and number, worked on step by step. */

import { blank, button, h, icon, skeleton } from "./dom.js";
import { choices, field, openDialog, textarea } from "./dialogs/dialog.js";
import { strings } from "./strings.js";
import { ticketCard } from "./ticket.js";

const STATES = ["", "open", "working", "done", "closed"];
const FLAGS = ["mine", "overdue"];
const SEARCH_AFTER = 250; // milliseconds without a key

export class Tickets {
  #asked = 0;
  #timer = 0;
  #filters = { state: "", department: "", mine: false, overdue: false };

  /** `context`: {desk, toast(text), open(id)} */
  constructor(context) {
    this.context = context;
    this.input = h("input", {
      type: "search",
      placeholder: strings.ticketSearch,
      "aria-label": strings.ticketSearch,
      oninput: () => this.#soon(),
    });
    this.states = STATES.map((state) => chip(strings.ticketStates[state] ?? strings.allStates, () => this.#set({ state })));
    this.flags = FLAGS.map((name) =>
      chip({ mine: strings.onlyMine, overdue: strings.onlyOverdue }[name], () =>
        this.#set({ [name]: !this.#filters[name] }),
      ),
    );
    this.department = h("select", {
      "aria-label": strings.department,
      onchange: () => this.#set({ department: this.department.value }),
    });
    this.content = h("div", { class: "page-body tickets" }, skeleton(6, strings.loading));
    this.node = h(
      "section",
      { class: "page scroll", "aria-labelledby": "tickets-title" },
      h(
        "header",
        { class: "page-header" },
        h("h1", { id: "tickets-title", tabindex: "-1" }, strings.views.tickets),
        h("div", { class: "chip-row", role: "group", "aria-label": strings.ticketState }, this.states),
        h("div", { class: "search" }, icon("search"), this.input),
        h(
          "div",
          { class: "chip-row filters", role: "group", "aria-label": strings.filtersLabel },
          this.flags,
          this.department,
        ),
      ),
      this.content,
    );
  }

  start() {
    this.#drawFilters(null);
    this.#load();
  }

  stop() {}

  #set(change) {
    Object.assign(this.#filters, change);
    this.#drawFilters(null);
    this.#load();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), SEARCH_AFTER);
  }

  async #load() {
    const asked = ++this.#asked;
    const query = this.input.value.trim();
    const wanted = Object.entries({ ...this.#filters, query }).filter(([, value]) => value);
    try {
      const { tickets, counts } = await this.context.desk.server.ask("tickets", Object.fromEntries(wanted));
      if (asked !== this.#asked) return;
      this.#drawFilters(counts);
      this.content.replaceChildren(
        ...(tickets.length
          ? tickets.map((ticket) => this.#card(ticket))
          : [blank(query ? strings.nothingFound(query) : strings.noTickets)]),
      );
    } catch (error) {
      if (asked !== this.#asked) return;
      this.content.replaceChildren(
        blank(
          error.message || strings.unreachable,
          button(strings.tryAgain, () => this.#load()),
        ),
      );
    }
  }

  /** `counts` as the server gives them; without, those of before stay until they come. */
  #drawFilters(counts) {
    this.counts = counts ?? this.counts;
    const { state, department } = this.#filters;
    this.states.forEach((one, index) => mark(one, STATES[index] === state, this.counts?.states[STATES[index]]));
    this.flags.forEach((one, index) => mark(one, this.#filters[FLAGS[index]], this.counts?.[FLAGS[index]]));
    const option = (id, name) => {
      const count = this.counts?.departments[id] ?? 0;
      return h("option", { value: id, selected: id === department }, this.counts ? `${name} (${count})` : name);
    };
    this.department.replaceChildren(
      option("", strings.allDepartments),
      ...this.context.desk.departments.map(({ id, name }) => option(id, name)),
    );
  }

  #card(ticket) {
    const act = () => this.#step(ticket);
    const more =
      ticket.state === "closed"
        ? []
        : [button(strings.ticketStep, act, { "aria-label": strings.ticketStepLabel(ticket.number) })];
    return ticketCard(this.context.desk, ticket, { onopen: (id) => this.context.open(id), more });
  }

  async #step(ticket) {
    const { desk, toast } = this.context;
    const answer = await openDialog({
      title: strings.ticketStepLabel(ticket.number),
      body: [
        choices(
          "radio",
          "state",
          strings.ticketState,
          STATES.slice(1).map((id) => ({ id, name: strings.ticketStates[id] })),
          [ticket.state],
        ),
        field(
          strings.ticketStepText,
          textarea("text", "", { required: true, autofocus: true }),
          strings.ticketStepHint,
        ),
      ],
      yes: strings.save,
      act: ({ state, text }) => desk.server.ask("ticket_step", { ticket: ticket.id, state, text: text.trim() }),
    });
    if (!answer) return;
    toast(strings.saved);
    this.#load();
  }
}

const chip = (name, onclick) =>
  h("button", { type: "button", class: "chip-button", "aria-pressed": "false", "data-name": name, onclick }, name);

/** Whether it is chosen, and how many it shows or would show. */
function mark(node, chosen, count) {
  const { name } = node.dataset;
  node.setAttribute("aria-pressed", String(chosen));
  if (count === undefined) return;
  node.replaceChildren(name, h("small", { "aria-hidden": "true" }, strings.count(count)));
  node.setAttribute("aria-label", strings.filterCount(name, count));
}
