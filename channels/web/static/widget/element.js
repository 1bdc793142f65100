/* <botkit-chat>: the button in the corner and the panel it opens. */

import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { copyText, h, icon, tabbable } from "./dom.js";
import { FullScreen } from "./fullscreen.js";
import { Header } from "./header.js";
import { helpView } from "./help.js";
import { Launcher, teaserView } from "./launcher.js";
import { LinkBar } from "./linkbar.js";
import { Log } from "./log.js";
import { takeDrops } from "./picking.js";
import { Memory } from "./storage.js";
import { strings } from "./strings.js";
import { askFirst } from "./question.js";
import { stamp } from "./time.js";
import { conversationText, lineText } from "./transcript.js";

const STYLES = ["../tokens.css", "../lines.css", "./widget.css"];

/**
 * Attributes: server, heading, greeting, position ("right" | "left"), open, hotline, data-theme ("light" | "dark").
 * Methods: open({draft}), close(), ask(text).
 * Events: "botkit-open" and "botkit-close" when the panel opens and closes.
 */
export class BotkitChat extends HTMLElement {
  #unread = 0;
  #state = "";

  connectedCallback() {
    if (this.shadowRoot) return;
    const server = this.getAttribute("server") || location.origin;
    this.heading = this.getAttribute("heading") || strings.heading;
    this.hotline = this.getAttribute("hotline") || strings.hotline;
    this.memory = new Memory(server);
    this.conversation = new Conversation(server, this.memory);
    this.#build();
    this.#listen();
    this.#resize(this.memory.get("size", 0));
    if (this.conversation.known) this.conversation.connect();
    if (this.hasAttribute("open") || this.memory.wasOpen) this.open({ focus: false });
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  /** Opens the panel; `draft` is put into the input, ready to be sent. */
  open({ draft = "", focus = true } = {}) {
    this.teaser?.remove();
    if (!this.isOpen) {
      this.#show(true);
      this.log.shown();
      this.conversation.connect();
      this.#read();
      this.dispatchEvent(new CustomEvent("botkit-open", { bubbles: true }));
    }
    if (draft) this.composer.draft(draft);
    if (focus) this.#focusInput(draft);
  }

  close() {
    if (!this.isOpen) return;
    this.header.menu.close({ refocus: false });
    this.#hideHelp();
    this.#show(false);
    this.launcher.node.focus();
    this.dispatchEvent(new CustomEvent("botkit-close", { bubbles: true }));
  }

  /** Opens the panel and sends `text`. */
  ask(text) {
    this.open();
    this.#send(text);
  }

  // Building

  #build() {
    this.launcher = new Launcher(() => (this.isOpen ? this.close() : this.open()));
    this.announcer = h("div", { class: "sr", role: "status", "aria-live": "polite" });
    this.panel = this.#buildPanel();
    this.fullScreen = new FullScreen(this.panel);
    this.teaser = this.#buildTeaser();
    const styles = STYLES.map((file) => h("link", { rel: "stylesheet", href: new URL(file, import.meta.url).href }));
    const frame = h(
      "div",
      { class: "frame", lang: "zh-CN" },
      this.panel,
      this.teaser,
      this.launcher.node,
      this.announcer,
    );
    this.#hideUntilStyled(frame, styles);
    this.attachShadow({ mode: "open" }).append(...styles, frame);
  }

  /** Transparent and out of the page's flow, but already able to take the focus. */
  #hideUntilStyled(frame, styles) {
    const settled = (style) =>
      new Promise((done) => {
        style.onload = style.onerror = done;
      });
    this.style.position = "fixed";
    frame.style.opacity = "0";
    Promise.all(styles.map(settled)).then(() => {
      frame.style.opacity = "";
      if (!this.isOpen) return;
      this.log.shown();
      this.composer.fit(); // what was measured before the styles were there was wrong
    });
  }

  #buildPanel() {
    this.header = new Header(this.heading, {
      resize: (step) => this.#resize(step),
      help: () => this.#showHelp(),
      export: () => this.#export(),
      signOut: () => this.#send(strings.signOut, "/sign_out"),
      startOver: () => this.#startOver(),
      human: () => this.#send(strings.toHuman, "/request_human"),
      bot: () => this.#send(strings.backToBot, "/back_to_bot"),
      close: () => this.close(),
    });
    this.linkBar = new LinkBar(() => this.conversation.tryAgain());
    this.log = new Log(
      {
        choose: (choice) => this.#send(choice.title, choice.payload),
        retry: (id) => this.conversation.retry(id),
        discard: (id) => this.conversation.discard(id),
        copy: (line, button) => this.#copy(line, button),
        address: (file) => this.conversation.files.url(file.id),
        release: (file) => this.conversation.files.release(file.id),
      },
      () => this.#loadOlder(),
    );
    this.log.timeline.hotline = this.hotline;
    this.composer = new Composer({
      onsend: (text) => this.#send(text),
      onfile: (file) => this.conversation.sendFile(file),
      ontyping: (on) => this.conversation.tellTyping(on),
    });
    this.help = h("div", { class: "help", hidden: true });
    const panel = h(
      "section",
      {
        class: "panel",
        id: "botkit-panel",
        role: "dialog",
        "aria-labelledby": "botkit-heading",
        tabindex: "-1",
        hidden: true,
        onkeydown: (event) => this.#onKey(event),
      },
      this.header.node,
      this.header.waiting,
      h("div", { class: "stage" }, this.linkBar.node, this.log.parts),
      this.composer.node,
      this.help,
    );
    takeDrops(
      panel,
      (files) => this.composer.attach(files),
      () => this.help.hidden,
    );
    return panel;
  }

  #buildTeaser() {
    const text = this.getAttribute("greeting");
    if (!text || this.memory.get("greeted", false)) return null;
    const dismissed = (then) => () => {
      this.memory.set("greeted", true);
      then();
    };
    return teaserView(text, { onopen: dismissed(() => this.open()), ondismiss: dismissed(() => this.teaser.remove()) });
  }

  // What the conversation tells

  #listen() {
    const { conversation, log } = this;
    const on = (name, act) => conversation.addEventListener(name, ({ detail }) => act(detail));
    on("link", (link) => this.linkBar.show(link, this.hotline));
    on("reset", () => {
      log.clear();
      conversation.unsent.forEach((message) => log.putMessage(message));
    });
    on("welcome", ({ greeting }) => {
      this.hotline = conversation.hotline || this.hotline;
      log.ready({ greeting, more: conversation.more, hotline: this.hotline });
      this.#read();
    });
    on("lines", ({ lines, kind }) => {
      if (kind === "old") log.putOld(lines);
      else log.putNew(lines);
      this.#count(lines);
    });
    on("message", (message) => {
      log.putMessage(message);
      if (message.status === "failed" || message.status === "unfit")
        this.#announce(message.error ? strings.failedBecause(message.error) : strings.failed);
    });
    on("progress", ({ id, share }) => log.timeline.progress(id, share));
    on("settled", ({ id, line }) => log.timeline.settle(id, line));
    on("gone", ({ id }) => log.timeline.remove(id));
    on("typing", (typing) => log.showTyping(typing, conversation.state.state === "human"));
    on("read", () => this.#showRead());
    on("state", (state) => this.#showState(state));
    conversation.unsent.forEach((message) => log.putMessage(message));
    document.addEventListener("visibilitychange", () => this.#read());
  }

  #showState(state) {
    this.header.show(state);
    if (this.#state && this.#state !== state.state) this.#announce(this.header.status.textContent);
    this.#state = state.state;
    this.#showRead();
  }

  /** What the agent has seen counts while he serves. */
  #showRead() {
    const { state, read } = this.conversation;
    this.log.timeline.showRead(state.state === "human" ? read : 0);
  }

  // What the customer does

  #send(text, payload = null) {
    this.conversation.send(text, payload);
    const focused = this.shadowRoot.activeElement;
    if (!focused || focused.disabled) this.#focusInput();
  }

  async #loadOlder() {
    try {
      await this.conversation.older();
      return true;
    } catch {
      return false;
    } finally {
      this.log.setMore(this.conversation.more);
    }
  }

  async #copy(line, button) {
    const copied = await copyText(lineText(line), this.shadowRoot);
    this.#announce(copied ? strings.copied : strings.notCopied, { toast: !copied });
    if (!copied) return;
    button.replaceChildren(icon("done"));
    setTimeout(() => button.replaceChildren(icon("copy")), 1500);
  }

  async #export() {
    this.#announce(strings.exporting);
    while (this.conversation.more) {
      if (!(await this.#loadOlder())) {
        this.#announce(strings.exportFailed, { toast: true });
        return;
      }
    }
    const now = new Date();
    const text = conversationText(this.conversation.lines, this.heading, now);
    // The mark at the beginning tells Windows that this is UTF-8.
    const url = URL.createObjectURL(new Blob(["\ufeff", text, "\n"], { type: "text/plain;charset=utf-8" }));
    h("a", { href: url, download: strings.exportFile(this.heading, stamp(now)) }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    this.#announce(strings.exported, { toast: true });
  }

  #startOver() {
    askFirst(this.panel, {
      question: strings.startOverQuestion,
      yes: strings.startOverYes,
      onyes: () => {
        this.memory.set("read", 0);
        this.conversation.startOver();
        this.#focusInput();
      },
    });
  }

  #resize(step) {
    this.dataset.size = String(step);
    this.memory.set("size", step);
    this.header.menu.showSize(step);
    this.composer.fit();
  }

  #showHelp() {
    this.help.replaceChildren(helpView(this.hotline, () => this.#hideHelp()));
    this.help.hidden = false;
    this.#coverBehindHelp(true);
    tabbable(this.help)[0].focus();
  }

  #hideHelp() {
    if (this.help.hidden) return;
    this.help.hidden = true;
    this.#coverBehindHelp(false);
    this.header.menu.button.focus();
  }

  #coverBehindHelp(covered) {
    for (const part of this.panel.children) if (part !== this.help) part.toggleAttribute("inert", covered);
  }

  // Keyboard and focus

  #onKey(event) {
    event.stopPropagation(); // the page's own shortcuts are not meant while one writes here
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      if (this.help.hidden) this.close();
      else this.#hideHelp();
    }
    if (event.key === "Tab") {
      this.fullScreen.keepFocus(event, this.help.hidden ? this.panel : this.help, this.shadowRoot.activeElement);
    }
  }

  /** On a touch screen the keyboard comes up only when asked for: it would hide the choices. */
  #focusInput(draft = "") {
    const touch = matchMedia("(pointer: coarse)").matches;
    const target = touch ? (draft ? this.composer.button : this.panel) : this.composer.input;
    target.focus({ preventScroll: true });
  }

  // What has been seen

  #show(open) {
    this.panel.hidden = !open;
    this.memory.wasOpen = open;
    this.classList.toggle("open", open);
    this.fullScreen.update(open);
    this.composer.fit();
    this.launcher.show({ open, unread: this.#unread });
  }

  #count(lines) {
    const read = this.memory.get("read", 0);
    const unread = lines.filter((line) => line.seq > read && (line.author === "bot" || line.author === "agent")).length;
    this.#unread += unread;
    this.#read();
    if (this.#unread > 0 && unread > 0 && !this.isOpen) this.#announce(strings.unreadArrived(this.#unread));
    this.launcher.show({ open: this.isOpen, unread: this.#unread });
  }

  /** What is open and in view has been read. */
  #read() {
    if (!this.isOpen || document.visibilityState !== "visible") return;
    this.#unread = 0;
    const last = this.conversation.lines.at(-1)?.seq ?? 0;
    if (last > this.memory.get("read", 0)) this.memory.set("read", last);
    this.launcher.show({ open: true, unread: 0 });
  }

  /** Says something to screen readers, with `toast` to everyone. */
  #announce(text, { toast = false } = {}) {
    this.announcer.textContent = "";
    setTimeout(() => {
      this.announcer.textContent = text;
    }, 50);
    if (!toast) return;
    const note = h("p", { class: "toast", "aria-hidden": "true" }, text);
    this.panel.append(note);
    setTimeout(() => note.remove(), 3000);
  }
}

if (!customElements.get("botkit-chat")) customElements.define("botkit-chat", BotkitChat);
