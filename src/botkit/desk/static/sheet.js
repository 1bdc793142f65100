/* A table of a page: the first column names the row. */

import { h } from "./dom.js";

/** `label` names it; it can be scrolled by keyboard where it is wider than the page. */
export const table = (label, columns, rows) =>
  h(
    "div",
    { class: "table-frame", role: "group", "aria-label": label, tabindex: "0", "data-focus": label },
    h(
      "table",
      { class: "sheet-table" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((column) => h("th", { scope: "col" }, column)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map(([first, ...cells]) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, first),
            cells.map((cell) => h("td", {}, cell)),
          ),
        ),
      ),
    ),
  );
