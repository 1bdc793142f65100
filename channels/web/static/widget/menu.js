/* The small menu in the header: size of text, help, export, sign out, start over. */

import { h, icon } from "./dom.js";
import { strings } from "./strings.js";

/** `actions`: {resize(step), help(), export(), signOut(), startOver()}. */
export class Menu {
  constructor(actions) {
    this.sizes = strings.sizes.map((label, step) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitemradio",
          "aria-label": `${label} ${strings.sizeLabels[step]}`,
          onclick: () => actions.resize(step),
        },
        label,
      ),
    );
    const item = (label, act, tone = null) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          class: tone,
          onclick: () => {
            this.close();
            act();
          },
        },
        label,
      );
    this.list = h(
      "div",
      {
        class: "menu",
        id: "botkit-menu",
        role: "menu",
        "aria-label": strings.menu,
        hidden: true,
        onkeydown: (event) => this.#onKey(event),
      },
      h(
        "div",
        { class: "sizes", role: "group", "aria-label": strings.size },
        h("span", { class: "label", "aria-hidden": "true" }, strings.size),
        h("div", { class: "segments" }, this.sizes),
      ),
      item(strings.help, actions.help),
      item(strings.export, actions.export),
      item(strings.signOut, actions.signOut),
      item(strings.startOver, actions.startOver, "quiet"),
    );
    this.button = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": strings.menu,
        title: strings.menu,
        "aria-haspopup": "menu",
        "aria-controls": "botkit-menu",
        "aria-expanded": "false",
        onclick: () => (this.isOpen ? this.close() : this.open()),
      },
      icon("more"),
    );
    for (const button of this.#items) button.tabIndex = -1;
    this.node = h("div", { class: "menu-frame", onfocusout: (event) => this.#onLeave(event) }, this.button, this.list);
  }

  get isOpen() {
    return !this.list.hidden;
  }

  get #items() {
    return [...this.list.querySelectorAll("button")];
  }

  open() {
    this.list.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.#items[0].focus();
  }

  close({ refocus = true } = {}) {
    if (!this.isOpen) return;
    this.list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (refocus) this.button.focus();
  }

  showSize(chosen) {
    this.sizes.forEach((button, step) => button.setAttribute("aria-checked", String(step === chosen)));
  }

  #onLeave(event) {
    if (!this.node.contains(event.relatedTarget)) this.close({ refocus: false });
  }

  #onKey(event) {
    const items = this.#items;
    const at = items.indexOf(event.target);
    const to = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
      }
      this.close();
    }
  }
}
