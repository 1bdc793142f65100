/* Asking first, where a customer's last word has no answer yet: before a service is closed, before an agent signs out. */

import { confirm } from "./dialogs/confirm.js";
import { h } from "./dom.js";
import { strings } from "./strings.js";

const LONGEST = 80; // characters of what he said

const ARRIVES_WITHIN = 2000; // milliseconds
const NOT_THERE = ["pending", "failed"];

/** Whether he waits for a word of the agent who serves him. */
export const unanswered = ({ unanswered_since: since }) => Boolean(since);

/** Resolves with whether to close; asks only where it matters. The lines know of an answer before the list does. */
export async function mayClose(talk) {
  const said = await arrived(talk);
  const { id, desk, sender, item, lines } = talk;
  const own = lines.findLast((line) => line.author === "agent");
  const words = sender.outbox.of(id).at(-1) ?? (NOT_THERE.includes(own?.delivery?.status) ? own : null);
  if (words) {
    const text = [h("span", {}, strings.notThereText(item.name)), list([{ name: desk.me.name, last: words }])];
    return ask({ title: strings.notThereTitle, text, yes: strings.closeAnyway });
  }
  const answered = said?.author === "agent" && (said.assumed || said.detail?.by === desk.me.id);
  if (!unanswered(item) || answered) return true;
  const text = [h("span", {}, strings.unansweredText(item.name)), list([item])];
  return ask({ title: strings.unansweredTitle, text, yes: strings.closeAnyway });
}

/** The last words, his or the agent's; what has just gone out gets a moment to arrive. */
async function arrived(talk) {
  const last = () => talk.lines.findLast(({ author }) => author === "agent" || author === "customer");
  const onItsWay = () => talk.sender.outbox.of(talk.id).some(({ status }) => status === "sending") || isPending(last());
  if (onItsWay()) {
    await new Promise((resolve) => {
      const look = () => onItsWay() || done();
      const timer = setTimeout(() => done(), ARRIVES_WITHIN);
      const heard = new AbortController();
      const done = () => {
        clearTimeout(timer);
        heard.abort();
        resolve();
      };
      for (const name of ["lines", "delivery", "read"]) talk.addEventListener(name, look, { signal: heard.signal });
    });
  }
  return last();
}

const isPending = (line) => line?.author === "agent" && (line.assumed || line.delivery?.status === "pending");

/** `context`: {desk, onSignOut()} */
export async function signOut({ desk, onSignOut }) {
  const items = await inHand(desk);
  if (items.length > 0) {
    const open = items.filter(unanswered);
    const text = [
      h("span", {}, strings.signOutInHand(items.length)),
      open.length > 0 ? h("span", {}, " ", strings.signOutUnanswered(open.length)) : null,
      open.length > 0 ? list(open) : null,
    ];
    if (!(await ask({ title: strings.signOutTitle, text, yes: strings.signOutAnyway }))) return;
  }
  onSignOut();
}

/** The customers whom he serves; where the server does not answer, those that the console has heard of. */
async function inHand(desk) {
  try {
    return (await desk.server.ask("list", { box: "mine" })).items;
  } catch {
    return [...desk.items.values()].filter((item) => desk.isMine(item));
  }
}

const ask = async ({ title, text, yes }) => (await confirm({ title, text, yes, act: () => true })) === true;

const list = (items) =>
  h(
    "span",
    { class: "unanswered", role: "list" },
    items.map(({ name, last }) =>
      h("span", { role: "listitem" }, h("b", {}, name), " ", shortened(last?.text ?? "") || strings.previewFile),
    ),
  );

const shortened = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
