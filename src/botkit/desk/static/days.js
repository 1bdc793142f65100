/* The day above the first line of each day. */

import { h } from "./dom.js";
import { strings } from "./strings.js";

export const dayOf = (line) => new Date(line.at).toDateString();

export function dayView(line, now = new Date()) {
  const date = new Date(line.at);
  const days = Math.round((new Date(now.toDateString()) - new Date(date.toDateString())) / 86400000);
  return h("p", { class: "day" }, h("span", {}, strings.day(date, days, date.getFullYear() === now.getFullYear())));
}
