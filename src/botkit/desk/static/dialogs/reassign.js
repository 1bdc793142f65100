/* A supervisor gives a customer to an agent. */

import { strings } from "../strings.js";
import { colleagues } from "./colleagues.js";
import { field, openDialog, select } from "./dialog.js";

export function reassign(item, { desk, toast }) {
  return openDialog({
    title: strings.reassignTitle(item.name),
    body: [field(strings.toAgent, select("agent", colleagues(desk, { self: true, beyond: true }), "", { required: true, autofocus: true }))],
    yes: strings.actionNames.reassign,
    act: async ({ agent }) => {
      await desk.server.ask("reassign", { id: item.id, agent: Number(agent) });
      toast(strings.reassigned);
      return true;
    },
  });
}
