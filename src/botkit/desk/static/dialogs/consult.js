/* Asking expert groups; the customer sees nothing of it. */

import { strings } from "../strings.js";
import { choices, field, openDialog, textarea } from "./dialog.js";

export function consult(talk, { desk, toast }) {
  return openDialog({
    title: strings.consultTitle,
    body: [
      choices("checkbox", "groups", strings.consultGroups, desk.groups),
      field(strings.question, textarea("question", "", { required: true }), strings.notSeenByCustomer),
    ],
    yes: strings.sendConsult,
    act: async ({ question }, data) => {
      const groups = data.getAll("groups");
      if (groups.length === 0) throw new Error(strings.chooseGroup);
      await talk.server.ask("consult", { id: talk.id, groups, question: question.trim() });
      toast(strings.consulted);
      return true;
    },
  });
}
