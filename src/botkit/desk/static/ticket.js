/* A ticket: number, department, promise, its steps. */

import { spoken } from "/web/widget/time.js";
import { h } from "./dom.js";
import { strings } from "./strings.js";
import { dueClock } from "./ticking.js";

export const isOpen = ({ state }) => state === "open" || state === "working";

export const stateTag = ({ state }) =>
  h(
    "span",
    { class: `tag ${{ open: "warn", working: "own", done: "good" }[state] ?? ""}` },
    strings.ticketStates[state],
  );

export const ticketCard = (desk, ticket, ...more) =>
  h(
    "article",
    { class: "ticket", "aria-label": strings.ticketLabel(ticket.number) },
    h(
      "p",
      { class: "ticket-head" },
      h("b", {}, ticket.number),
      stateTag(ticket),
      isOpen(ticket) ? dueClock(ticket.promised_at) : null,
    ),
    h(
      "p",
      { class: "muted" },
      strings.dots(
        desk.departmentName(ticket.department),
        desk.kindName(ticket.kind),
        spoken(new Date(ticket.created_at)),
      ),
    ),
    h("p", { class: "ticket-text" }, ticket.text),
    ticket.steps?.length
      ? h(
          "ol",
          { class: "steps" },
          ticket.steps.map(({ state, text, at, by }) =>
            h(
              "li",
              {},
              h("p", {}, text || strings.ticketStates[state]),
              h("p", { class: "muted" }, strings.dots(strings.ticketStates[state], by, spoken(new Date(at)))),
            ),
          ),
        )
      : null,
    ...more,
  );
