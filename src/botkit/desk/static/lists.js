/* The column with the four boxes, the search and the list. */

import { Box } from "./box.js";
import { BOXES } from "./desk.js";
import { arrange, blank, button, h, hidden, icon, skeleton } from "./dom.js";
import { ItemView } from "./item.js";
import { strings } from "./strings.js";

const SEARCH_AFTER = 250; // milliseconds without a key
const NEAR = 600; // pixels from the end at which more is loaded
const CONSULTS = "consults";

export class Lists {
  #boxes = new Map();
  #views = new Map();
  #open = null;
  #timer = 0;
  #drawing = false;
  #entering = false; // the focus goes to the first one as soon as it is there
  #sought = null; // to be scrolled to as soon as it is there

  /** `onopen(item, box)` */
  constructor(desk, onopen) {
    this.desk = desk;
    this.onopen = onopen;
    this.tabs = new Map(BOXES.map((name, index) => [name, this.#tab(name, index)]));
    this.search = h("input", {
      type: "search",
      id: "search",
      placeholder: strings.search,
      "aria-label": strings.search,
      autocomplete: "off",
      oninput: () => this.#searchSoon(),
      onkeydown: (event) => {
        if (event.key === "Escape") this.#leaveSearch(event);
        if (event.key === "ArrowDown") this.focusList(event);
      },
    });
    this.list = h("ul", { class: "items" });
    this.state = h("div", { class: "list-state" });
    this.scroller = h(
      "div",
      { class: "scroll", id: "list", role: "tabpanel", onscroll: () => this.#loadMoreNearEnd() },
      this.list,
      this.state,
    );
    this.foot = h("div", { class: "list-foot" });
    this.node = h(
      "section",
      { class: "lists", "aria-label": strings.lists },
      h("div", { class: "boxes", role: "tablist", "aria-label": strings.boxes }, [...this.tabs.values()]),
      h("div", { class: "search" }, icon("search"), this.search),
      this.scroller,
      this.foot,
    );
    desk.addEventListener("counts", () => this.#count());
    desk.addEventListener("directory", () => this.#reload());
    desk.addEventListener("item", ({ detail }) => {
      for (const box of this.#boxes.values()) box.take(detail);
    });
    this.show("waiting");
  }

  get box() {
    return this.#boxes.get(this.name);
  }

  show(name) {
    this.name = name;
    this.search.value = this.#boxes.get(name)?.query ?? "";
    for (const [other, tab] of this.tabs) {
      tab.setAttribute("aria-selected", String(other === name));
      tab.tabIndex = other === name ? 0 : -1;
    }
    this.#hideConsults();
    this.scroller.setAttribute("aria-labelledby", this.tabs.get(name).id);
    if (!this.#boxes.has(name)) this.#make(name, "");
    else if (this.desk.server.ready) this.box.load();
    this.scroller.scrollTop = 0;
    this.#draw();
  }

  /** Goes to the box in which this conversation stands, if it is not in this one. */
  reveal(item) {
    this.#sought = item.id;
    const here = this.box.items.some((other) => other.id === item.id) || this.desk.belongs(item, this.name);
    if (!here) this.show(["mine", "waiting", "all", "closed"].find((name) => this.desk.belongs(item, name)));
    else this.#drawSoon();
  }

  /** Marks the conversation that is open. */
  select(id) {
    this.#open = id;
    for (const [other, view] of this.#views) view.select(other === id);
    this.#makeReachable();
  }

  /** Moves the focus by one; true if there was something to move to. */
  step(by) {
    const buttons = this.#buttons();
    if (buttons.length === 0) return false;
    const focused = buttons.indexOf(document.activeElement);
    const from = focused >= 0 ? focused : buttons.findIndex((button) => button.dataset.id === this.#open);
    const to = from < 0 ? 0 : Math.min(Math.max(from + by, 0), buttons.length - 1);
    for (const button of buttons) button.tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
    buttons[to].scrollIntoView({ block: "nearest" });
    return true;
  }

  /** Opens the neighbour of the one that is open. */
  openNext(by) {
    const { items } = this.box;
    const from = items.findIndex((item) => item.id === this.#open);
    const item = items[from < 0 ? 0 : from + by];
    if (!item) return false;
    this.#views.get(item.id)?.button.scrollIntoView({ block: "nearest" });
    this.onopen(item, this.name);
    return true;
  }

  focusList(event) {
    event?.preventDefault();
    const open = this.#views.get(this.#open)?.button;
    if (open?.isConnected) open.focus();
    else if (!this.step(0)) this.tabs.get(this.name).focus(); // nothing there, or not yet: at least out of the field
    this.#entering = this.box.state === "loading";
  }

  #buttons() {
    return this.box.items.map((item) => this.#views.get(item.id)?.button).filter(Boolean);
  }

  #tab(name, index) {
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `box-${name}`,
        "aria-controls": "list",
        title: strings.boxHint(index + 1),
        onclick: () => this.show(name),
        onkeydown: (event) => this.#onTabKey(event, index),
      },
      name === CONSULTS ? icon("consult") : "",
      h("span", {}, strings.boxNames[name]),
      h("b", { class: "count" }),
      h("b", { class: "badge", hidden: true }),
    );
  }

  #onTabKey(event, index) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const names = BOXES.filter((other) => !this.tabs.get(other).hidden);
    const name = names[(names.indexOf(BOXES[index]) + by + names.length) % names.length];
    this.show(name);
    this.tabs.get(name).focus();
  }

  /** What wants a look has a badge: of one's own the new ones, and what colleagues ask. */
  #count() {
    const { counts } = this.desk;
    for (const [name, tab] of this.tabs) {
      const wanting = { mine: counts.unread, [CONSULTS]: counts.consults }[name] ?? 0;
      const [count, badge] = [...tab.children].slice(-2);
      count.textContent = counts[name] && name !== CONSULTS ? strings.count(counts[name]) : "";
      badge.replaceChildren(...(wanting ? [strings.count(wanting), hidden(strings.wanting)] : []));
      badge.hidden = !wanting;
    }
    this.#hideConsults();
  }

  /** The box of consults is there while there are any. */
  #hideConsults() {
    this.tabs.get(CONSULTS).hidden = !this.desk.counts[CONSULTS] && this.name !== CONSULTS;
  }

  #make(name, query) {
    const box = new Box(this.desk, name, query);
    this.#boxes.set(name, box);
    box.addEventListener("change", () => {
      if (box === this.box) this.#drawSoon();
    });
    if (this.desk.server.ready) box.load();
  }

  /** After a connection everything may have changed. */
  #reload() {
    for (const [name, box] of this.#boxes) {
      if (name === this.name) box.load();
      else this.#boxes.delete(name);
    }
  }

  #searchSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#make(this.name, this.search.value.trim());
      this.#draw();
    }, SEARCH_AFTER);
  }

  #leaveSearch(event) {
    event.stopPropagation();
    if (this.search.value) {
      this.search.value = "";
      this.#searchSoon();
    } else this.focusList(event);
  }

  #loadMoreNearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.box.loadMore();
  }

  /** Many changes at once are drawn once. */
  #drawSoon() {
    if (this.#drawing) return;
    this.#drawing = true;
    setTimeout(() => this.#draw(), 0);
  }

  #draw() {
    this.#drawing = false;
    const { items, state, query } = this.box;
    const views = items.map((item) => {
      const view = this.#views.get(item.id) ?? new ItemView(this.desk, item, (opened) => this.onopen(opened, this.name));
      view.update(item);
      this.#views.set(item.id, view);
      return view;
    });
    const shown = new Set(items.map((item) => item.id));
    for (const [id, view] of this.#views) {
      if (!shown.has(id)) this.#views.delete(id);
      else view.select(id === this.#open);
    }
    arrange(
      this.list,
      views.map((view) => view.node),
    );
    this.state.replaceChildren(...this.#stateParts(state, items.length, query));
    this.#makeReachable();
    if (this.#entering && state !== "loading") {
      this.#entering = false;
      if (document.activeElement === this.tabs.get(this.name)) this.step(0);
    }
    if (shown.has(this.#sought)) {
      this.#views.get(this.#sought).button.scrollIntoView({ block: "nearest" });
      this.#sought = null;
    }
    this.#loadMoreNearEnd();
  }

  #stateParts(state, count, query) {
    if (count > 0) return [];
    if (state === "loading") return [skeleton(6, strings.loading)];
    if (state === "failed")
      return [
        blank(
          strings.listFailed,
          button(strings.tryAgain, () => this.box.load()),
        ),
      ];
    return [blank(query ? strings.nothingFound(query) : strings.emptyBoxes[this.name])];
  }

  /** Tab reaches one of the list: the open one, or the first. */
  #makeReachable() {
    const buttons = this.#buttons();
    if (buttons.includes(document.activeElement)) return;
    const one = buttons.find((button) => button.dataset.id === this.#open) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === one ? 0 : -1;
  }
}
