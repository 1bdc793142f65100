/* A ticket: number, whose, where to call, department, promise, its steps. */

import { spoken } from "/web/widget/time.js";
import { copyText, h } from "./dom.js";
import { strings } from "./strings.js";
import { dueClock } from "./ticking.js";

export const isOpen = ({ state }) => state === "open" || state === "working";

export const stateTag = ({ state }) =>
  h(
    "span",
    { class: `tag ${{ open: "warn", working: "own", done: "good" }[state] ?? ""}` },
    strings.ticketStates[state],
  );

/** `more`: what stands below it. `onopen(conversation id)`: with it whose the ticket is, and a way to his conversation. */
export const ticketCard = (desk, ticket, { onopen = null, more = [] } = {}) =>
  h(
    "article",
    { class: "ticket", "aria-label": strings.ticketLabel(ticket.number) },
    h(
      "p",
      { class: "ticket-head" },
      h("b", {}, ticket.number),
      stateTag(ticket),
      ticket.call_back ? h("span", { class: "tag" }, strings.callBack) : null,
      isOpen(ticket) ? dueClock(ticket.promised_at) : null,
    ),
    onopen ? customerLine(desk, ticket, onopen) : null,
    h(
      "p",
      { class: "muted" },
      strings.dots(
        desk.departmentName(ticket.department),
        desk.kindName(ticket.kind),
        spoken(new Date(ticket.created_at)),
        isOpen(ticket) && strings.promisedBy(spoken(new Date(ticket.promised_at))),
      ),
    ),
    ticket.call ? callLine(ticket.call, ticket.verified) : null,
    h("p", { class: "ticket-text" }, ticket.text),
    stepsView(ticket.steps ?? []),
    ...more,
  );

const customerLine = (desk, { conversation, number, name, phone, channel, verified }, onopen) =>
  h(
    "p",
    { class: "ticket-who" },
    h("b", {}, name),
    h("span", { class: "muted" }, strings.dots(phone, desk.channelName(channel), verified && strings.verified)),
    h(
      "button",
      { type: "button", class: "link", onclick: () => onopen(conversation), "aria-label": strings.openTalkLabel(number) },
      strings.openTalk,
    ),
  );

/** The number that is to be called, whole: to dial, to copy. */
function callLine(number, verified) {
  const shown = strings.callNumber(number);
  const [line, extension] = number.split("-");
  const said = h("span", { class: "muted", role: "status" });
  const copy = async () => {
    said.textContent = (await copyText(shown, document)) ? strings.copied : strings.notCopied;
  };
  return h(
    "p",
    { class: "ticket-call" },
    h(
      "a",
      { href: `tel:${line}${extension ? `,${extension}` : ""}`, "aria-label": strings.callLabel(shown) },
      shown,
    ),
    h("button", { type: "button", class: "link", onclick: copy }, strings.copyNumber),
    said,
    verified ? null : h("span", { class: "muted why-number" }, strings.unverifiedCallBack),
  );
}

/** The making says nothing that is not said above, unless it is the only thing that is known of who made it. */
const stepsView = (steps) =>
  h(
    "ol",
    { class: "steps" },
    steps.map(({ state, text, at, by }, index) => {
      const name = index === 0 ? strings.newTicketStep : strings.ticketStates[state];
      return h(
        "li",
        {},
        text ? h("p", {}, text) : null,
        h("p", { class: "muted" }, strings.dots(name, by, spoken(new Date(at)))),
      );
    }),
  );
