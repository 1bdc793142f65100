/* What may be done with a conversation, by its owner and the agent's role; and how each is done. */

import { Refused } from "./server.js";
import { strings } from "./strings.js";
import { mayClose } from "./unanswered.js";
import { close } from "./dialogs/close.js";
import { consult } from "./dialogs/consult.js";
import { confirm } from "./dialogs/confirm.js";
import { reassign } from "./dialogs/reassign.js";
import { ticket } from "./dialogs/ticket.js";
import { transfer } from "./dialogs/transfer.js";

/**
 * Each: {name, label, icon, key, primary?, run()}, in the order in which they stand.
 * `context`: {desk, toast(text), onTicket(ticket)}.
 */
export function actionsFor(talk, context) {
  const { desk } = context;
  const { item } = talk;
  if (!item) return [];
  const mine = desk.isMine(item);
  const ours = desk.me.groups.includes(item.group); // of another group one does not accept, one steps in
  const all = {
    accept: item.owner === "waiting" && ours,
    takeOver: item.owner === "bot" || (item.owner === "waiting" && !ours),
    identify: mine && !item.verified,
    transfer: mine,
    consult: mine,
    ticket: item.owner !== "bot",
    handBack: mine,
    close: mine,
    reassign: desk.supervises && !mine && (item.owner === "waiting" || item.owner === "human"),
  };
  return Object.keys(all)
    .filter((name) => all[name])
    .map((name) => ({ name, label: strings.actionNames[name], ...LOOKS[name], run: () => RUN[name](talk, context) }));
}

const LOOKS = {
  accept: { icon: "accept", key: "A", primary: true },
  takeOver: { icon: "accept", key: "A", primary: true },
  identify: { icon: "verified", key: "V" },
  transfer: { icon: "transfer", key: "T" },
  consult: { icon: "consult", key: "C" },
  ticket: { icon: "tickets", key: "E" },
  handBack: { icon: "handBack", key: "B" },
  close: { icon: "finish", key: "X" },
  reassign: { icon: "transfer", key: "T" },
};

const RUN = {
  accept: (talk, context) => ask(talk, context, "accept"),
  takeOver: (talk, context) => ask(talk, context, "take_over"),
  identify: (talk, context) =>
    confirm({
      title: strings.identifyTitle,
      text: strings.identifyText,
      yes: strings.actionNames.identify,
      act: () => talk.server.ask("identify", { id: talk.id }),
    }),
  transfer: (talk, context) => transfer(talk, context),
  consult: (talk, context) => consult(talk, context),
  ticket: (talk, context) => ticket(talk, context),
  reassign: (talk, context) => reassign(talk.item, context),
  close: async (talk, context) => (await mayClose(talk)) && close(talk, context),
  handBack: (talk, context) =>
    confirm({
      title: strings.handBackTitle,
      text: strings.handBackText,
      yes: strings.actionNames.handBack,
      act: () => talk.server.ask("hand_back", { id: talk.id }),
    }),
};

async function ask({ server, id }, { toast }, event) {
  try {
    await server.ask(event, { id });
    return true;
  } catch (error) {
    toast(error instanceof Refused && error.message ? error.message : strings.unreachable);
    return false;
  }
}
