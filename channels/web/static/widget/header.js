/* The top of the panel: whom one talks to, the way to a human, the menu. */

import { h, icon } from "./dom.js";
import { Menu } from "./menu.js";
import { strings } from "./strings.js";

const ASK_AGAIN_AFTER = 5000; // milliseconds in which a second press of 转人工 is taken for the same

/** `actions`: those of Menu, and {human(), bot(), close()}. */
export class Header {
  constructor(heading, actions) {
    this.menu = new Menu(actions);
    this.status = h("p", { class: "status" }, strings.states.bot);
    this.human = h(
      "button",
      { type: "button", class: "human", "aria-label": strings.toHumanLabel, onclick: () => this.#ask(actions.human) },
      icon("person"),
      h("span", {}, strings.toHuman),
    );
    this.node = h(
      "div",
      { class: "header" },
      h("img", {
        class: "logo",
        src: new URL("../favicon.svg", import.meta.url).href,
        alt: "",
        width: "32",
        height: "32",
      }),
      h("div", { class: "names" }, h("h2", { class: "heading", id: "botkit-heading" }, heading), this.status),
      this.human,
      this.menu.node,
      h(
        "button",
        { type: "button", class: "tool", "aria-label": strings.close, title: strings.close, onclick: actions.close },
        icon("close"),
      ),
    );
    this.waitingText = h("span", {});
    this.waiting = h(
      "div",
      { class: "waiting", hidden: true },
      this.waitingText,
      h("button", { type: "button", class: "link", onclick: actions.bot }, strings.backToBot),
    );
  }

  /** Who answers now. `ahead` and `minutes` are known while waiting, `agent` is who serves. */
  show({ state, ahead, minutes, agent }) {
    this.status.textContent = agent ? strings.served(agent) : (strings.states[state] ?? strings.states.bot);
    this.status.dataset.state = state;
    this.human.hidden = state === "waiting" || state === "human";
    this.human.disabled = false;
    this.waiting.hidden = state !== "waiting";
    this.waitingText.textContent = strings.waiting({ ahead, minutes });
  }

  #ask(human) {
    this.human.disabled = true;
    setTimeout(() => {
      this.human.disabled = false;
    }, ASK_AGAIN_AFTER);
    human();
  }
}
