/* One step of a guide: how far along, what to do, the way through the phone's menus. */

import { h, hidden } from "./dom.js";
import { strings } from "./strings.js";

/** `instruction` is the line's text, as an element, or null. */
export function stepView({ title, number, of, path, caution }, instruction) {
  const bars = Array.from({ length: of }, (_, index) => h("i", { class: index < number ? "past" : null }));
  return h(
    "div",
    { class: "step" },
    h("p", { class: "progress" }, strings.step(number, of), h("span", { class: "bars", "aria-hidden": "true" }, bars)),
    h("p", { class: "title" }, title),
    path?.length
      ? h(
          "ol",
          { class: "path", "aria-label": strings.path },
          path.map((place) => h("li", {}, h("span", { class: "chip" }, place))),
        )
      : null,
    instruction,
    caution ? h("p", { class: "caution" }, hidden(`${strings.caution}: `), caution) : null,
  );
}
