/* A ticket to a department, with the conversation attached. */

import { strings } from "../strings.js";
import { choices, field, openDialog, select, textarea } from "./dialog.js";

export function ticket(talk, { desk, toast, onTicket }) {
  const { department, kind } = desk.usual[talk.item.group] ?? {};
  const text = textarea("text", "", { required: true, autofocus: true });
  talk.server.ask("summary", { id: talk.id }).then(
    ({ summary }) => {
      const told = (talk.card?.facts ?? []).map(({ value }) => value);
      if (!text.value) text.value = [summary, ...told].filter(Boolean).join("\n"); // unless the agent was quicker
    },
    () => {},
  );
  return openDialog({
    title: strings.ticketTitle,
    body: [
      choices(
        "radio",
        "department",
        strings.department,
        desk.departments,
        [department ?? desk.departments[0]?.id],
      ),
      field(strings.kind, select("kind", desk.kinds, kind ?? desk.kinds[0]?.id)),
      field(strings.ticketText, text, strings.ticketHint),
    ],
    yes: strings.makeTicket,
    act: async (chosen) => {
      const { ticket: made } = await talk.server.ask("ticket", { id: talk.id, ...chosen, text: chosen.text.trim() });
      toast(strings.ticketMade(made.number));
      onTicket(talk, made);
      return made;
    },
  });
}
