/* A question that wants a yes before something is done that cannot be undone. */

import { h } from "./dom.js";
import { strings } from "./strings.js";

/** Asks on top of everything in `parent`; `onyes` is called for a yes. Focus returns to where it was. */
export function askFirst(parent, { question, yes, onyes }) {
  const close = (act) => () => {
    dialog.close();
    act?.();
  };
  const dialog = h(
    "dialog",
    {
      class: "question",
      "aria-labelledby": "botkit-question",
      onclose: () => dialog.remove(),
      onkeydown: (event) => event.stopPropagation(), // Escape closes the question, not the chat
    },
    h("p", { id: "botkit-question" }, question),
    h(
      "div",
      { class: "answers" },
      h("button", { type: "button", class: "no", onclick: close() }, strings.cancel),
      h("button", { type: "button", class: "yes", onclick: close(onyes) }, yes),
    ),
  );
  parent.append(dialog);
  dialog.showModal();
}
