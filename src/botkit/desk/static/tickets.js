/* The tickets of all departments: found by state and number, worked on step by step. */

import { blank, button, h, icon, skeleton } from "./dom.js";
import { choices, field, openDialog, textarea } from "./dialogs/dialog.js";
import { strings } from "./strings.js";
import { ticketCard } from "./ticket.js";

const STATES = ["", "open", "working", "done", "closed"];
const SEARCH_AFTER = 250; // milliseconds without a key

export class Tickets {
  #asked = 0;
  #timer = 0;
  #state = "";

  /** `context`: {desk, toast(text)} */
  constructor(context) {
    this.context = context;
    this.input = h("input", {
      type: "search",
      placeholder: strings.ticketSearch,
      "aria-label": strings.ticketSearch,
      oninput: () => this.#soon(),
    });
    this.states = STATES.map((state) =>
      h(
        "button",
        {
          type: "button",
          class: "chip-button",
          "aria-pressed": String(state === ""),
          onclick: () => this.#choose(state),
        },
        strings.ticketStates[state] ?? strings.allStates,
      ),
    );
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
      ),
      this.content,
    );
  }

  start() {
    this.#load();
  }

  stop() {}

  #choose(state) {
    this.#state = state;
    this.states.forEach((one, index) => one.setAttribute("aria-pressed", String(STATES[index] === state)));
    this.#load();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), SEARCH_AFTER);
  }

  async #load() {
    const asked = ++this.#asked;
    const query = this.input.value.trim();
    try {
      const { tickets } = await this.context.desk.server.ask("tickets", {
        ...(this.#state && { state: this.#state }),
        ...(query && { query }),
      });
      if (asked !== this.#asked) return;
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

  #card(ticket) {
    const act = () => this.#step(ticket);
    const more =
      ticket.state === "closed"
        ? null
        : button(strings.ticketStep, act, { "aria-label": strings.ticketStepLabel(ticket.number) });
    return ticketCard(this.context.desk, ticket, ...(more ? [more] : []));
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
