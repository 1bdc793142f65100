/* Times that go on: how long somebody has waited, how long until a promise breaks. One timer for all of them. */

import { h } from "./dom.js";
import { strings } from "./strings.js";

const SOON = 120; // seconds before a promise breaks at which its clock changes colour

/** "剩 4 分" until `due`; it turns to a warning and then says by how much it is late. */
export const dueClock = (due, full = false) => clock("due", due, full);

/** "等了 3 分" since a moment. */
export const sinceClock = (since, full = false) => clock("since", since, full);

function clock(kind, moment, full) {
  const node = h("time", { class: `clock ${kind}`, datetime: moment, "data-clock": kind, "data-full": full });
  update(node);
  return node;
}

function update(node, now = Date.now()) {
  const seconds = Math.round((Date.parse(node.dateTime) - now) / 1000);
  const due = node.dataset.clock === "due";
  const words = due ? strings.due(seconds) : strings.waited(-seconds);
  const text = "full" in node.dataset ? (due ? strings.dueFull(words) : strings.waitedFull(words)) : words;
  if (node.textContent !== text) node.textContent = text;
  if (!due) return;
  node.classList.toggle("soon", seconds >= 0 && seconds < SOON);
  node.classList.toggle("over", seconds < 0);
}

setInterval(() => {
  if (document.hidden) return;
  const now = Date.now();
  for (const node of document.querySelectorAll("time[data-clock]")) update(node, now);
}, 1000);
