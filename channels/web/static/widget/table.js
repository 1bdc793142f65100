/* A table that can be read on 360 px: the first column stays while the others scroll, or, from five columns on, each row
   becomes a card. Roles are written out, because as cards the elements are no longer laid out as a table. */

import { h, hidden } from "./dom.js";
import { strings } from "./strings.js";
import { figures } from "./text.js";

const MOST_COLUMNS = 4;
const ARROWS = { up: "↑", down: "↓" };

export function tableView({ caption, columns, rows }) {
  const stacked = columns.length > MOST_COLUMNS;
  const table = h(
    "table",
    { role: "table", class: stacked ? "stacked" : null },
    caption ? h("caption", {}, caption) : null,
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, columns.map(headingView))),
    h(
      "tbody",
      { role: "rowgroup" },
      rows.map((row) => rowView(row, columns)),
    ),
  );
  const frame = h("div", { class: "table" }, table);
  if (!stacked) watchOverflow(frame, caption || strings.log);
  return frame;
}

/** The corner above the row headings is empty, hence no heading. */
const headingView = (column) =>
  column ? h("th", { role: "columnheader", scope: "col" }, column) : h("td", { role: "cell" });

function rowView(cells, columns) {
  return h(
    "tr",
    { role: "row" },
    cells.map((cell, index) =>
      index === 0
        ? h("th", { role: "rowheader", scope: "row" }, cellText(cell))
        : h(
            "td",
            { role: "cell", class: cell.text.trim() ? null : "blank" },
            h("span", { class: "column", "aria-hidden": "true" }, columns[index]),
            h("span", { class: "value" }, cellText(cell)),
          ),
    ),
  );
}

function cellText({ text, trend, good }) {
  const { parts, count } = figures(text);
  const tone = good === true ? "good" : good === false ? "bad" : "neutral";
  const mark = trend
    ? h("span", { class: "trend" }, h("span", { "aria-hidden": "true" }, ARROWS[trend]), hidden(meaning(trend, good)))
    : null;
  if (mark && count > 0 && typeof parts.at(-1) !== "string")
    parts.at(-1).append(mark); // so that no line breaks between them
  else if (mark) parts.push(mark);
  return h(
    "span",
    { class: `cell ${trend || typeof good === "boolean" ? tone : ""} ${count === 1 ? "single" : ""}` },
    parts,
  );
}

const meaning = (trend, good) =>
  ` (${strings.trends[trend]}${typeof good === "boolean" ? `, ${strings.goodness[good]}` : ""})`;

/** A table wider than its frame can be reached and scrolled by keyboard, and shows that there is more. */
function watchOverflow(frame, label) {
  const update = () => {
    const more = frame.scrollWidth - frame.clientWidth;
    const wide = more > 1;
    frame.classList.toggle("wide", wide && frame.scrollLeft < more - 1);
    if (wide === frame.hasAttribute("tabindex")) return;
    for (const [name, value] of [
      ["tabindex", "0"],
      ["role", "region"],
      ["aria-label", label],
    ]) {
      if (wide) frame.setAttribute(name, value);
      else frame.removeAttribute(name);
    }
  };
  new ResizeObserver(update).observe(frame);
  frame.addEventListener("scroll", update, { passive: true });
}
