/* Building elements, as in the widget. Nothing parses HTML: what the server sends is only ever text. */

import { drawing, h, PATHS as WIDGET_PATHS } from "/web/widget/dom.js";

export { copyText, h, hidden } from "/web/widget/dom.js";

const PATHS = {
  ...WIDGET_PATHS,
  talks: WIDGET_PATHS.chat,
  tickets: "M6 3.5h9l4 4V19a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 19V5a1.5 1.5 0 0 1 1-1.5ZM8.5 11h7M8.5 15h5",
  load: "M4 20V10m5.3 10V4m5.4 16v-7M20 20V7",
  staff:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9a6 6 0 0 1 12 0M16 4.4a3.5 3.5 0 0 1 0 6.2M18 14.6a6 6 0 0 1 3 5.4",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.8-1.7L20 20",
  details:
    "M4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5ZM15 5v14",
  frustration: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 16a4.5 4.5 0 0 1 7 0M8 9l2 1m6-1-2 1",
  verified: "M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6l-7-3Zm-3 9 2.2 2.2L15.5 10",
  phrases: "M4 5h16M4 10h16M4 15h9M17 14v6m-3-3h6",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-9.5V16m0-8h.01",
  keys: "M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6ZM7 10h.01M11 10h.01M15 10h.01M8 14h8",
  accept: "M4 12h12m-5-5 5 5-5 5M20 5v14",
  transfer: "M4 8h14m-4-4 4 4-4 4M20 16H6m4-4-4 4 4 4",
  consult: "M9 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-6 8a6 6 0 0 1 10.5-4M18 12v7m-3.5-3.5h7",
  handBack: "M9 6 4 11l5 5M4 11h9a6 6 0 0 1 6 6v2",
  finish: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-4-9 3 3 5-6",
};

export const icon = (name) => drawing(name, PATHS[name]);

export const button = (label, onclick, attributes = {}, ...before) =>
  h("button", { type: "button", class: "button", onclick, ...attributes }, ...before, label);

/** A button of which only the picture is seen. */
export const iconButton = (name, label, onclick, attributes = {}) =>
  h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...attributes },
    icon(name),
  );

/** What stands where there is nothing to show: a sentence, perhaps a way on. */
export const blank = (text, ...more) => h("div", { class: "blank" }, h("p", {}, text), ...more);

/** Grey bars in the place of what is being loaded. */
export const skeleton = (rows, label) =>
  h(
    "div",
    { class: "skeleton", role: "status", "aria-label": label },
    Array.from({ length: rows }, () => h("i", {}, h("b", {}), h("b", {}))),
  );

/** Puts `nodes` into `parent` in this order, moving as few as possible, so that focus and scrolling stay. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  let place = parent.firstElementChild;
  for (const node of nodes) {
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
}

/** Fits a text field to what is written in it, up to what the stylesheet allows. */
export function fit(input) {
  input.style.height = "auto";
  if (input.scrollHeight) input.style.height = `${input.scrollHeight + 2}px`;
}
