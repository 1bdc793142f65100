/* The middle column: who it is, what can be done, the lines, the field. */

import { takeDrops } from "/web/widget/picking.js";
import { actionsFor } from "./actions.js";
import { blank, h, icon, iconButton } from "./dom.js";
import { Composer } from "./composer.js";
import { waitingClock } from "./item.js";
import { Log } from "./log.js";
import { strings } from "./strings.js";
import { dueClock, unansweredClock } from "./ticking.js";

export class ConversationView {
  #leaving = null;
  #actions = [];
  #drawn = "";
  #taking = false; // the agent asked for it: he writes as soon as it is his
  talk = null;

  /** `context` as for actionsFor, with onBack(), onDetails(). */
  constructor(desk, sender, context) {
    this.desk = desk;
    this.context = context;
    this.log = new Log(desk, sender, { onSeen: () => this.look(), toast: context.toast });
    this.composer = new Composer(desk, sender);
    this.title = h("h2", { tabindex: "-1" });
    this.facts = h("p", { class: "facts" });
    this.bar = h("div", { class: "actions", role: "toolbar", "aria-label": strings.actionsLabel });
    this.details = iconButton("details", strings.details, context.onDetails, {
      class: "icon-button to-details",
      "aria-keyshortcuts": "I",
    });
    this.header = h(
      "header",
      { class: "talk-header" },
      iconButton("back", strings.backToList, context.onBack, { class: "icon-button to-list" }),
      h("div", { class: "who-is" }, this.title, this.facts),
      this.bar,
      this.details,
    );
    this.body = h("div", { class: "talk-body" }, this.header, this.log.node, this.composer.node);
    takeDrops(
      this.body,
      (files) => this.composer.attach(files),
      () => this.composer.allowed,
    );
    this.none = blank(strings.noneOpen, h("p", { class: "muted" }, strings.noneOpenHint));
    this.node = h("section", { class: "talk", "aria-label": strings.conversation }, this.none);
    desk.addEventListener("agents", () => this.#draw());
    desk.addEventListener("directory", () => this.#draw());
    document.addEventListener("visibilitychange", () => {
      this.look();
    });
  }

  show(talk) {
    this.#leaving?.abort();
    this.#leaving = new AbortController();
    this.talk = talk;
    this.#drawn = "";
    this.#taking = false;
    if (!talk) {
      this.node.replaceChildren(this.none);
      return;
    }
    if (!this.body.isConnected) this.node.replaceChildren(this.body);
    for (const name of ["item", "state"])
      talk.addEventListener(name, () => this.#draw(), { signal: this.#leaving.signal });
    this.log.show(talk);
    this.composer.show(talk);
    this.#draw();
  }

  /** The agent has seen what is there, if he has it before him. */
  look() {
    const before = !document.hidden && getComputedStyle(this.node).visibility === "visible";
    if (before && this.talk?.state === "ready" && this.log.scroller.atEnd) this.talk.seen();
  }

  /** Runs an action by its key; false if there is none now. */
  act(key) {
    const action = this.#actions.find((other) => other.key === key);
    if (action) this.#run(action);
    return Boolean(action);
  }

  async #run(action) {
    this.#taking = Boolean(action.primary);
    if ((await action.run()) === false) this.#taking = false;
  }

  #draw() {
    const { talk, desk } = this;
    const item = talk?.item;
    if (!item) {
      for (const part of [this.title, this.facts, this.bar]) part.replaceChildren();
      this.composer.allow(false);
      return;
    }
    this.title.replaceChildren(
      h("span", {}, item.name),
      item.verified
        ? h("span", { class: "verified" }, icon("verified"), h("span", {}, strings.verified))
        : h("span", { class: "unverified" }, strings.unverified),
      h(
        "span",
        { class: "words" },
        strings.dots(item.phone, desk.channelName(item.channel), desk.groupName(item.group)),
      ),
    );
    const state = strings.ownerState(item.owner, item.agent === desk.me.id ? strings.you : desk.agentName(item.agent));
    const keeper = item.keeper && item.keeper !== item.agent ? strings.keeper(desk.agentName(item.keeper)) : null;
    this.facts.replaceChildren(
      h("span", { class: `owner ${item.owner}` }, state),
      item.owner === "waiting" && item.since ? waitingClock(item, true) : "",
      item.unanswered_since ? unansweredClock(item.unanswered_since, desk.replyWithin) : "",
      item.due ? dueClock(item.due, true) : "",
      keeper ? h("span", {}, keeper) : "",
    );
    this.#drawActions();
    this.#drawComposer();
  }

  #drawActions() {
    this.#actions = actionsFor(this.talk, this.context);
    const drawn = this.#actions.map(({ name }) => name).join();
    if (drawn === this.#drawn) return; // so that the focus stays
    this.#drawn = drawn;
    this.bar.replaceChildren(
      ...this.#actions.map((action) => {
        const { label, icon: picture, key, primary } = action;
        return h(
          "button",
          {
            type: "button",
            class: `button${primary ? " primary" : ""}`,
            title: strings.withKey(label, key),
            "aria-keyshortcuts": key,
            onclick: () => this.#run(action),
          },
          icon(picture),
          h("span", { class: "label" }, label),
        );
      }),
    );
  }

  #drawComposer() {
    const { talk } = this;
    const { item } = talk;
    if (this.desk.isMine(item)) {
      this.composer.allow(true);
      if (this.#taking) this.composer.focus();
      this.#taking = false;
      return;
    }
    const taking = this.#actions.find((action) => action.primary);
    this.composer.allow(false, {
      text: strings.mayNotWrite(item.owner, this.desk.agentName(item.agent)),
      label: taking && strings.withKey(taking.label, taking.key),
      act: taking && (() => this.#run(taking)),
    });
  }
}
