/* The customer's frustration on a line: the words that carry it are marked, the reasons named. */

import { h, hidden, icon } from "./dom.js";
import { strings } from "./strings.js";

/** The text with the spans marked. Spans count characters as Python does: whole code points. */
export function marked(text, spans = []) {
  const characters = [...text];
  const parts = [];
  let end = 0;
  for (const [start, stop] of spans.toSorted((one, other) => one[0] - other[0])) {
    if (start < end || stop <= start) continue;
    parts.push(characters.slice(end, start).join(""));
    parts.push(h("mark", {}, characters.slice(start, stop).join("")));
    end = stop;
  }
  parts.push(characters.slice(end).join(""));
  return parts.filter((part) => part !== "");
}

export function frustrationNote({ score, reasons = [] }) {
  const percent = Math.round(score * 100);
  return h(
    "span",
    { class: "emotion" },
    icon("frustration"),
    hidden(strings.frustratedLine),
    reasons.length ? reasons.map((reason) => strings.moods[reason] ?? reason).join(strings.comma) : strings.frustrated,
    h("span", { class: "score", title: strings.frustrationScore }, ` ${percent}`),
  );
}
