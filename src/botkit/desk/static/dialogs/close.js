/* Ending a service: what it was about, which kind of complaint, solved or not. The summary is proposed. */

import { strings } from "../strings.js";
import { choices, field, openDialog, select, textarea } from "./dialog.js";

export function close(talk, { desk, toast }) {
  const summary = textarea("summary", "", { required: true, placeholder: strings.summaryComing });
  talk.server.ask("summary", { id: talk.id }).then(
    (answer) => {
      if (!summary.value) summary.value = answer.summary; // unless the agent was quicker
    },
    () => {
      summary.placeholder = strings.summaryOwn;
    },
  );
  return openDialog({
    title: strings.closeTitle(talk.item.name),
    body: [
      choices("radio", "solved", strings.solvedQuestion, [
        { id: "yes", name: strings.solved },
        { id: "no", name: strings.unsolved },
      ]),
      field(strings.kind, select("kind", desk.kinds, desk.kinds[0]?.id)),
      field(strings.summary, summary, strings.summaryHint),
    ],
    yes: strings.closeYes,
    act: async ({ solved, kind, summary: text }) => {
      if (!solved) throw new Error(strings.chooseSolved);
      await talk.server.ask("close", { id: talk.id, summary: text.trim(), kind, solved: solved === "yes" });
      toast(strings.closed);
      return true;
    },
  });
}
