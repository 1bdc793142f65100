/* Passing a customer on, with a note: to a group or to a colleague. */

import { strings } from "../strings.js";
import { choices, field, openDialog, select, textarea } from "./dialog.js";
import { colleagues, groupHint } from "./colleagues.js";

export function transfer(talk, { desk, toast }) {
  const groups = desk.groups.map(({ id, name }) => ({
    id,
    name,
    hint: groupHint(desk, id),
  }));
  const agent = select("agent", [{ id: "", name: strings.anyone }, ...colleagues(desk)], "");
  return openDialog({
    title: strings.transferTitle(talk.item.name),
    body: [
      choices("radio", "group", strings.toGroup, groups, talk.item.group ? [talk.item.group] : []),
      field(strings.toAgent, agent, strings.toAgentHint),
      field(strings.transferNote, textarea("note", "", { required: true, autofocus: true }), strings.transferNoteHint),
    ],
    yes: strings.actionNames.transfer,
    act: async ({ group, agent: chosen, note }) => {
      await talk.server.ask("transfer", {
        id: talk.id,
        note: note.trim(),
        ...(chosen ? { agent: Number(chosen) } : { group }),
      });
      toast(strings.transferred);
      return true;
    },
  });
}
