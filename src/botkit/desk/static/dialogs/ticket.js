/* A ticket to a department, with the conversation attached. */

import { strings } from "../strings.js";
import { choices, field, openDialog, select, textarea } from "./dialog.js";

export function ticket(talk, { desk, toast, onTicket }) {
  const proposed = [talk.card?.need, talk.card?.summary].filter(Boolean).join("\n");
  return openDialog({
    title: strings.ticketTitle,
    body: [
      choices(
        "radio",
        "department",
        strings.department,
        desk.departments,
        desk.departments.slice(0, 1).map(({ id }) => id),
      ),
      field(strings.kind, select("kind", desk.kinds, desk.kinds[0]?.id)),
      field(strings.ticketText, textarea("text", proposed, { required: true, autofocus: true }), strings.ticketHint),
    ],
    yes: strings.makeTicket,
    act: async ({ department, kind, text }) => {
      const { ticket: made } = await talk.server.ask("ticket", { id: talk.id, department, kind, text: text.trim() });
      toast(strings.ticketMade(made.number));
      onTicket(talk, made);
      return made;
    },
  });
}
