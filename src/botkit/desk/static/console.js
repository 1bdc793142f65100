/* The console: joins what it knows to its parts, and the parts to each other. */

import { Account } from "./account.js";
import { callWords } from "./calls.js";
import { help } from "./dialogs/help.js";
import { ConversationView } from "./conversation.js";
import { BOXES, Desk } from "./desk.js";
import { h, hidden, icon } from "./dom.js";
import { listen } from "./keys.js";
import { Lists } from "./lists.js";
import { writing } from "./memory.js";
import { Notices } from "./notices.js";
import { Sender } from "./sender.js";
import { Server, request } from "./server.js";
import { Side } from "./side.js";
import { Staff } from "./staff.js";
import { strings } from "./strings.js";
import { Supervisor } from "./supervisor.js";
import { Talk } from "./talk.js";
import { Tickets } from "./tickets.js";
import { Toasts } from "./toasts.js";

const PHONE = "(max-width: 720px)";

const TABS_OF_CALLS = { consult: "notes", answer: "notes" };

const VIEWS = [
  { name: "talks", allowed: () => true },
  { name: "tickets", allowed: () => true },
  { name: "load", allowed: (desk) => desk.supervises },
  { name: "staff", allowed: (desk) => desk.administers },
];

export class Console {
  #leaving = new AbortController();
  #page = null;
  #own = 0; // how many he served when the counts were told last

  /** `onSignedOut(why)` */
  constructor(me, { onSignedOut }) {
    this.onSignedOut = onSignedOut;
    this.server = new Server();
    this.desk = new Desk(this.server, me);
    this.sender = new Sender(this.server);
    this.toasts = new Toasts();
    const context = {
      desk: this.desk,
      toast: (text) => this.toasts.show(text),
      insert: (text) => this.#insert(text),
      open: (id) => this.open(id),
      onTicket: (talk, ticket) => this.#onTicket(talk, ticket),
      onBack: () => (matchMedia(PHONE).matches ? history.back() : this.#hideDetails()),
      onDetails: () => this.#toggleDetails(),
      onSignOut: () => this.#signOut(),
      identify: () => this.conversation.act("V"),
    };
    this.context = context;
    this.notices = new Notices(this.desk, {
      onopen: (call) => this.#openCall(call),
      isLooking: (id) => this.talk?.id === id && this.view === "talks",
    });
    context.notices = this.notices;
    this.lists = new Lists(this.desk, (item, box) => this.open(item.id, { tab: box === "consults" ? "notes" : null }));
    this.notices.offer(this.lists.foot, context.toast);
    this.conversation = new ConversationView(this.desk, this.sender, context);
    this.side = new Side(context);
    this.account = new Account(context);
    this.pages = { tickets: new Tickets(context), load: new Supervisor(context), staff: new Staff(context) };
    this.rail = new Map(
      VIEWS.filter(({ allowed }) => allowed(this.desk)).map(({ name }) => [name, this.#railButton(name)]),
    );
    this.linkBar = h("div", { class: "link-bar", role: "status", hidden: true });
    this.talks = h(
      "div",
      { class: "talks" },
      h("h1", { class: "sr" }, strings.views.talks),
      this.lists.node,
      this.conversation.node,
      this.side.node,
    );
    this.main = h("main", { class: "main" }, this.talks);
    this.node = h(
      "div",
      { class: "console", "data-screen": "list" },
      h(
        "nav",
        { class: "rail", "aria-label": strings.viewsLabel },
        h("button", { type: "button", class: "skip", onclick: () => this.#skip() }, strings.skip),
        h("img", { class: "rail-logo", src: "/web/favicon.svg", alt: "", width: "28", height: "28" }),
        h("div", { class: "rail-views" }, [...this.rail.values()]),
        this.account.node,
      ),
      h("div", { class: "work" }, this.linkBar, this.main),
      this.toasts.node,
    );
    this.#connectParts();
    this.#show("talks");
  }

  start() {
    this.server.connect();
    const id = decodeURIComponent(location.hash.slice(1));
    if (id) this.open(id, { push: false });
    this.desk.addEventListener("counts", () => this.#showOwn(), { signal: this.#leaving.signal });
  }

  /** Where nobody waits and nothing is open, the list goes to one's own customers when there are more of them. */
  #showOwn() {
    const { waiting, mine } = this.desk.counts;
    const more = mine > this.#own;
    this.#own = mine ?? 0;
    if (more && !this.talk && this.lists.name === "waiting" && !waiting) this.lists.show("mine");
  }

  close() {
    this.#leaving.abort();
    this.#page?.stop();
    this.notices.close();
    this.server.close();
  }

  /** Opens a conversation; `tab`: what of its details is to be seen. */
  open(id, { push = true, tab = null } = {}) {
    this.#show("talks");
    if (this.talk?.id !== id) {
      this.talk?.leave();
      this.talk = new Talk(this.desk, this.sender, id);
      this.conversation.show(this.talk);
      this.side.open(this.talk);
      this.lists.select(id);
      this.#keepInSight(this.talk);
      if (this.server.ready) this.talk.open();
    }
    this.toasts.forget(id);
    if (push) this.#go("talk", id);
    else this.node.dataset.screen = "talk";
    if (tab) {
      this.side.show(tab);
      this.#showDetails();
      if (matchMedia(PHONE).matches) return this.side.tabs.get(tab).focus(); // there it is all that is seen
    }
    return this.#focusTalk();
  }

  /** The list shows where the open conversation stands: when it is opened, and when it becomes one's own. */
  #keepInSight(talk) {
    let known = null;
    const look = () => {
      const { item } = talk;
      if (!item) return;
      if (!known || (talk.mine && !this.desk.isMine(known))) this.lists.reveal(item);
      known = item;
    };
    talk.addEventListener("item", look);
    look();
  }

  /** One's own conversation is to be written in; in another's, the reader stays in the list, to look at the next. */
  #focusTalk() {
    if (matchMedia(PHONE).matches) this.conversation.title.focus();
    else if (this.talk.mine) this.conversation.composer.focus();
    else if (!this.lists.node.contains(document.activeElement)) this.conversation.title.focus();
  }

  #connectParts() {
    const { signal } = this.#leaving;
    this.server.addEventListener("link", ({ detail }) => this.#showLink(detail), { signal });
    this.server.addEventListener("signed_out", () => this.#end(strings.sessionEnded), { signal });
    this.server.addEventListener("call", ({ detail }) => this.#onCall(detail), { signal });
    this.desk.addEventListener("counts", () => this.#titleOfRail(), { signal });
    window.addEventListener("popstate", ({ state }) => this.#onPop(state), { signal });
    window.addEventListener(
      "beforeunload",
      (event) => {
        if (this.sender.outbox.size > 0) event.preventDefault();
      },
      { signal },
    );
    listen(this.#commands(), signal);
  }

  #commands() {
    const { lists, conversation, side } = this;
    const talks = (act) => () => (this.view === "talks" ? act() : false);
    const talk = (act) => talks(() => (this.talk ? act() : false));
    const step = (by) => talks(() => lists.step(by));
    const boxes = BOXES.map((name, index) => [
      `Alt+${index + 1}`,
      () => {
        this.#show("talks");
        if (this.node.dataset.screen !== "list" && matchMedia(PHONE).matches) history.back();
        lists.show(name);
        lists.focusList();
      },
    ]);
    const acts = ["A", "V", "T", "C", "E", "B", "X"].map((key) => [key, talk(() => conversation.act(key))]);
    return {
      ...Object.fromEntries([...boxes, ...acts]),
      J: step(1),
      ArrowDown: step(1),
      K: step(-1),
      "Alt+ArrowDown": talks(() => lists.openNext(1)),
      "Alt+ArrowUp": talks(() => lists.openNext(-1)),
      ArrowUp: step(-1),
      R: talk(() => conversation.composer.focus()),
      L: talk(() => conversation.log.focus()),
      N: talk(() => {
        this.#showDetails();
        side.focusNote();
      }),
      F: talk(() => {
        this.#showDetails();
        side.focusKnowledge();
      }),
      I: talk(() => this.#toggleDetails()),
      "/": talks(() => lists.search.focus()),
      "?": () => {
        help();
      },
      Escape: () => this.#escape(),
    };
  }

  /** From the field back to the list, from the details back to the conversation. */
  #escape() {
    if (this.view !== "talks") return this.#show("talks");
    if (this.node.classList.contains("with-details")) return this.#hideDetails();
    if (this.side.node.contains(document.activeElement)) return this.conversation.composer.focus();
    return this.lists.focusList();
  }

  #insert(text) {
    this.#hideDetails();
    if (this.node.dataset.screen === "details") history.back();
    this.conversation.composer.insert(text);
  }

  /** A ticket that was just made is on the customer's page at once. */
  #onTicket(talk, ticket) {
    if (!talk.panorama) return;
    talk.panorama = { ...talk.panorama, tickets: [ticket, ...(talk.panorama.tickets ?? [])] };
    talk.dispatchEvent(new CustomEvent("card"));
  }

  // Screens: on a phone list, conversation and details are one after the other, and "back" leads back.

  #go(screen, id) {
    const { state } = history;
    if (state?.screen === screen && state.id === id) return;
    const address = `#${encodeURIComponent(id ?? "")}`;
    if (state?.screen === screen && matchMedia(PHONE).matches) history.replaceState({ screen, id }, "", address);
    else history.pushState({ screen, id }, "", address);
    this.node.dataset.screen = screen;
  }

  #onPop(state) {
    const screen = state?.screen ?? "list";
    this.node.dataset.screen = screen;
    this.#hideDetails();
    if (screen === "list") {
      if (!matchMedia(PHONE).matches) this.#leaveTalk();
      this.lists.focusList();
    } else if (state.id && state.id !== this.talk?.id) this.open(state.id, { push: false });
  }

  #leaveTalk() {
    this.talk?.leave();
    this.talk = null;
    this.conversation.show(null);
    this.side.open(null);
    this.lists.select(null);
  }

  #showDetails() {
    this.node.classList.add("with-details");
    this.side.look();
    if (this.talk && matchMedia(PHONE).matches) this.#go("details", this.talk.id);
  }

  #hideDetails() {
    this.node.classList.remove("with-details");
  }

  #toggleDetails() {
    if (this.node.classList.contains("with-details")) this.#hideDetails();
    else {
      this.#showDetails();
      this.side.tabs.get(this.side.name).focus();
    }
  }

  #show(name) {
    if (this.view === name) return;
    this.view = name;
    this.#page?.stop();
    this.#page = this.pages[name] ?? null;
    this.talks.classList.toggle("behind", this.#page !== null); // it keeps what was scrolled to
    this.main.replaceChildren(this.talks, ...(this.#page ? [this.#page.node] : []));
    this.node.dataset.view = name;
    for (const [other, button] of this.rail) {
      if (other === name) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    if (!this.#page) this.conversation.look();
    this.#page?.start();
    this.#page?.node.querySelector("h1").focus();
  }

  #railButton(name) {
    return h(
      "button",
      { type: "button", class: "rail-button", onclick: () => this.#show(name) },
      icon(name),
      h("span", {}, strings.views[name]),
      h("b", { class: "rail-count" }),
    );
  }

  #titleOfRail() {
    const { waiting, unread, consults } = this.desk.counts;
    const wanting = (unread ?? 0) + (consults ?? 0);
    const badge = this.rail.get("talks").lastChild;
    badge.classList.toggle("quiet", !wanting);
    if (wanting) badge.replaceChildren(strings.count(wanting), hidden(strings.wanting));
    else badge.replaceChildren(...(waiting ? [strings.count(waiting), hidden(strings.waitingNow)] : []));
  }

  #showLink(link) {
    this.linkBar.hidden = link === "online";
    this.linkBar.className = `link-bar ${link}`;
    this.linkBar.textContent = strings.links[link] ?? "";
    if (link === "connecting") this.linkBar.hidden = true; // at the beginning the lists show that they load
  }

  /** What the lists show anyway is only read out; the rest is shown, with a way there. */
  #onCall(call) {
    const { id, kind } = call;
    const { title, body } = callWords(this.desk, call);
    if (this.talk?.id === id && this.view === "talks" && (!TABS_OF_CALLS[kind] || this.side.shows(TABS_OF_CALLS[kind]))) {
      if (kind === "assigned") this.toasts.show(title); // he who only looked on serves him now
      return;
    }
    if (kind === "waiting" || kind === "message") this.toasts.announce(strings.dots(title, body));
    else this.toasts.show(title, { id, body, label: strings.openIt, act: () => this.#openCall(call) });
  }

  #openCall({ id, kind }) {
    this.open(id, { tab: TABS_OF_CALLS[kind] });
  }

  #skip() {
    if (this.talk) this.conversation.composer.focus();
    else this.lists.focusList();
  }

  async #signOut() {
    try {
      await request("/desk/logout", {});
    } catch (error) {
      this.toasts.show(error.message || strings.unreachable);
      return;
    }
    this.#end("");
  }

  #end(why) {
    if (!why) writing.clear();
    history.replaceState(null, "", location.pathname);
    this.onSignedOut(why);
  }
}
