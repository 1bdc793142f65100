/* Customers that a supervisor looks after, in rows: opened by a press, given to somebody by another, or all of it by keys. */

import { blank, button, h } from "./dom.js";
import { reassign } from "./dialogs/reassign.js";
import { strings } from "./strings.js";

/**
 * `rows`: [{item, clock, words}]: the conversation, the time that matters, what is said of it.
 * `context`: {desk, toast(text), open(id)}. `name` keeps the focus when it is drawn anew. `onchange()` after somebody was given.
 */
export function watchlist(name, label, rows, empty, context, onchange) {
  if (rows.length === 0) return blank(empty);
  return h(
    "ul",
    { class: "due-list", "aria-label": label, onkeydown: onRowKey },
    rows.map((row) => rowView(name, row, context, onchange)),
  );
}

function rowView(name, { item, clock, words }, context, onchange) {
  const give = async () => {
    if (await reassign(item, context)) onchange();
  };
  return h(
    "li",
    {},
    clock,
    h(
      "button",
      {
        type: "button",
        class: "due-item",
        title: strings.rowKeys,
        "data-focus": `${name} open ${item.id}`,
        onclick: () => context.open(item.id),
      },
      h("b", {}, item.name),
      h("span", {}, strings.dots(...words)),
    ),
    button(strings.actionNames.reassign, give, {
      "data-focus": `${name} give ${item.id}`,
      "data-give": "",
      "aria-label": strings.reassignTitle(item.name),
    }),
  );
}

/**
 * ↑ ↓ or K J from row to row of all such lists, T gives the customer of the row to somebody, where that can be;
 * Enter opens it, as any button.
 */
export function onRowKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const row = event.target.closest("li");
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const by = { ArrowDown: 1, J: 1, ArrowUp: -1, K: -1 }[key];
  if (by) {
    const all = [...document.querySelectorAll(".page .due-list:not(.undelivered) .due-item")];
    all[all.indexOf(row.querySelector(".due-item")) + by]?.focus();
  } else if (key === "T") row.querySelector("[data-give]")?.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
