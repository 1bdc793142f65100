/* All keys, on one page. */

import { h } from "../dom.js";
import { strings } from "../strings.js";
import { openDialog } from "./dialog.js";

export const help = () =>
  openDialog({
    title: strings.keysTitle,
    wide: true,
    no: strings.close,
    body: h(
      "div",
      { class: "keys" },
      strings.keys.map(([heading, keys]) =>
        h(
          "section",
          {},
          h("h3", {}, heading),
          h(
            "dl",
            {},
            keys.map(([names, meaning]) =>
              h(
                "div",
                {},
                h(
                  "dt",
                  {},
                  names.map((name) => h("kbd", {}, name)),
                ),
                h("dd", {}, meaning),
              ),
            ),
          ),
        ),
      ),
    ),
  });
