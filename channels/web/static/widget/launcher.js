/* The button in the corner, with the number of unread messages, and the short sentence beside it. */

import { h, icon } from "./dom.js";
import { strings } from "./strings.js";

export class Launcher {
  constructor(ontoggle) {
    this.badge = h("span", { class: "badge", "aria-hidden": "true", hidden: true });
    this.node = h(
      "button",
      {
        type: "button",
        class: "launcher",
        "aria-haspopup": "dialog",
        "aria-controls": "botkit-panel",
        onclick: ontoggle,
      },
      icon("chat"),
      icon("down"),
      this.badge,
    );
    this.show({ open: false, unread: 0 });
  }

  show({ open, unread }) {
    this.node.setAttribute("aria-expanded", String(open));
    this.node.setAttribute(
      "aria-label",
      open ? strings.close : unread ? strings.launcherUnread(unread) : strings.launcher,
    );
    this.badge.hidden = open || unread === 0;
    this.badge.textContent = unread > 99 ? "99+" : String(unread);
  }
}

/** `onopen` when the sentence is pressed, `ondismiss` when the reader wants it gone. */
export function teaserView(text, { onopen, ondismiss }) {
  return h(
    "div",
    { class: "teaser" },
    h("button", { type: "button", class: "words", onclick: onopen }, text),
    h("button", { type: "button", class: "tool", "aria-label": strings.dismiss, onclick: ondismiss }, icon("close")),
  );
}
