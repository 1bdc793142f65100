/* What wants a look now, in words: for toasts, notifications and the rows of the lists. */

import { strings } from "./strings.js";

/** `{title, body}` of a `call`: who, what about, and why or what was said. */
export function callWords(desk, { id, kind, text, name, by, why }) {
  const who = desk.agentName(by);
  const item = desk.items.get(id);
  if (kind !== "assigned") return { title: strings.dots(strings.calls[kind]?.(who) ?? strings.title, name), body: text };
  const about = item && strings.dots(desk.whyOf(item), desk.groupName(item.group));
  return { title: strings.said(strings.given[why]?.(who) ?? strings.calls.assigned(), name), body: text || about || "" };
}

/** From whom a customer came to the agent who serves him; empty for the queue. */
export function givenWords(desk, { given }) {
  if (given.why === "queue") return "";
  const how = strings.given[given.why]?.(desk.agentName(given.by)) ?? "";
  return how && given.note ? strings.said(how, given.note) : how;
}
