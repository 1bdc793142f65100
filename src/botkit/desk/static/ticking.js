/* Times that go on: how long somebody has waited, how long until a promise breaks. One timer for all of them. */

import { h } from "./dom.js";
import { strings } from "./strings.js";

const SOON = 120; // seconds before a promise breaks at which its clock changes colour
const PATIENT = 60; // seconds without a reply of which nothing is said

/** "剩 4 分" until `due`; it turns to a warning and then says by how much it is late. */
export const dueClock = (due, full = false) => clock("due", due, { "data-full": full });

/** "等 3 分" since a moment; a warning when it has been longer than `within` seconds. */
export const sinceClock = (since, full = false, title = null, within = null) =>
  clock("since", since, { "data-full": full, title, "data-within": within });

/** "未回复 3 分" since a moment; a warning when it has been longer than `within` seconds. */
export const unansweredClock = (since, within) => clock("unanswered", since, { "data-within": within });

function clock(kind, moment, attributes) {
  const node = h("time", { class: `clock ${kind}`, datetime: moment, "data-clock": kind, ...attributes });
  update(node);
  return node;
}

function update(node, now = Date.now()) {
  const seconds = Math.round((Date.parse(node.dateTime) - now) / 1000);
  const text = WORDS[node.dataset.clock](seconds, "full" in node.dataset);
  if (node.textContent !== text) node.textContent = text;
  if (node.dataset.clock === "due") {
    node.classList.toggle("soon", seconds >= 0 && seconds < SOON);
    node.classList.toggle("over", seconds < 0);
  } else if (node.dataset.clock === "unanswered") node.hidden = -seconds < PATIENT;
  if (node.dataset.within) node.classList.toggle("late", -seconds >= Number(node.dataset.within));
}

const WORDS = {
  due: (seconds, full) => (full ? strings.dueFull(strings.due(seconds)) : strings.due(seconds)),
  since: (seconds, full) => (full ? strings.waitedFull(strings.waited(-seconds)) : strings.waited(-seconds)),
  unanswered: (seconds) => strings.unanswered(-seconds),
};

setInterval(() => {
  if (document.hidden) return;
  const now = Date.now();
  for (const node of document.querySelectorAll("time[data-clock]")) update(node, now);
}, 1000);
