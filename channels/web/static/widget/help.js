/* 使用说明: what the assistant can do and how the widget is used. */

import { h, icon } from "./dom.js";
import { strings } from "./strings.js";
import { linked } from "./text.js";

export function helpView(hotline, onback) {
  return h(
    "section",
    { "aria-labelledby": "botkit-help" },
    h(
      "div",
      { class: "bar" },
      h("button", { type: "button", class: "tool", "aria-label": strings.back, onclick: onback }, icon("back")),
      h("h3", { id: "botkit-help" }, strings.help),
    ),
    h(
      "div",
      { class: "sections", tabindex: "0" },
      strings.helpSections(hotline).map(([title, sentences]) =>
        h(
          "section",
          {},
          h("h4", {}, title),
          sentences.map((sentence) => h("p", {}, linked(sentence, hotline))),
        ),
      ),
    ),
  );
}
