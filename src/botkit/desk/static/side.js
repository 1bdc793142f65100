/* The column beside the conversation: card, panorama, notes, knowledge, as tabs. */

import { CardView } from "./card.js";
import { h, iconButton } from "./dom.js";
import { Knowledge } from "./knowledge.js";
import { Notes } from "./notes.js";
import { PanoramaView } from "./panorama.js";
import { strings } from "./strings.js";

const TABS = ["card", "panorama", "notes", "knowledge"];

export class Side {
  #talk = null;

  /** `context`: {desk, insert(text), toast(text), onBack()} */
  constructor(context) {
    this.parts = {
      card: new CardView(context),
      panorama: new PanoramaView(context),
      notes: new Notes(
        context,
        (count) => this.#mark("notes", count),
        () => this.shows("notes"),
      ),
      knowledge: new Knowledge(context),
    };
    this.tabs = new Map(TABS.map((name, index) => [name, this.#tab(name, index)]));
    this.panel = h("div", { class: "scroll side-panel", id: "side-panel", role: "tabpanel", tabindex: "0" });
    this.node = h(
      "aside",
      { class: "side", "aria-label": strings.details },
      h(
        "div",
        { class: "side-top" },
        iconButton("back", strings.backToTalk, context.onBack, { class: "icon-button side-back" }),
        h("div", { class: "side-tabs", role: "tablist", "aria-label": strings.details }, [...this.tabs.values()]),
      ),
      this.panel,
    );
    this.show("card");
    this.open(null);
  }

  show(name) {
    this.name = name;
    for (const [other, tab] of this.tabs) {
      tab.setAttribute("aria-selected", String(other === name));
      tab.tabIndex = other === name ? 0 : -1;
    }
    this.panel.setAttribute("aria-labelledby", this.tabs.get(name).id);
    this.panel.replaceChildren(this.parts[name].node);
    this.panel.scrollTop = 0;
    this.look();
  }

  /** What is before the agent's eyes has been seen. */
  look() {
    if (this.shows("notes")) this.parts.notes.look();
  }

  /** Whether this part is before the agent's eyes. */
  shows(name) {
    return this.name === name && this.node.offsetParent !== null && getComputedStyle(this.node).visibility === "visible";
  }

  open(talk) {
    this.#talk = talk;
    for (const part of Object.values(this.parts)) part.open(talk);
    this.panel.scrollTop = 0;
    this.node.classList.toggle("vacant", !talk);
  }

  /** To write a note. */
  focusNote() {
    this.show("notes");
    this.parts.notes.focus();
  }

  focusKnowledge() {
    this.show("knowledge");
    this.parts.knowledge.focus();
  }

  #mark(name, count) {
    this.tabs.get(name).lastChild.textContent = count ? String(count) : "";
  }

  #tab(name, index) {
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `side-${name}`,
        "aria-controls": "side-panel",
        onclick: () => this.show(name),
        onkeydown: (event) => {
          const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (!by) return;
          event.preventDefault();
          event.stopPropagation();
          const next = TABS[(index + by + TABS.length) % TABS.length];
          this.show(next);
          this.tabs.get(next).focus();
        },
      },
      strings.sideTabs[name],
      h("b", { class: "count" }),
    );
  }
}
