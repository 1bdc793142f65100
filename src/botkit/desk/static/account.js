/* Whose console it is: presence, sound, notifications, theme, password, signing out. */

import { h, icon } from "./dom.js";
import { changePassword } from "./dialogs/password.js";
import { help } from "./dialogs/help.js";
import { preferences } from "./memory.js";
import { strings } from "./strings.js";
import { signOut } from "./unanswered.js";

const THEMES = [null, "light", "dark"];

export class Account {
  /** `context`: {desk, notices, toast(text), onSignOut()} */
  constructor(context) {
    this.context = context;
    this.dot = h("span", { class: "dot" });
    this.initial = h("span", { class: "avatar", "aria-hidden": "true" });
    this.button = h(
      "button",
      {
        type: "button",
        class: "account-button",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        onclick: () => this.#toggle(),
      },
      this.initial,
      this.dot,
    );
    this.menu = h("div", { class: "menu", role: "menu", hidden: true, onkeydown: (event) => this.#onKey(event) });
    this.node = h("div", { class: "account" }, this.button, this.menu);
    context.desk.addEventListener("me", () => this.#draw());
    document.addEventListener("pointerdown", (event) => {
      if (!this.node.contains(event.target)) this.#close();
    });
    this.#draw();
  }

  #draw() {
    const { me } = this.context.desk;
    this.initial.textContent = [...me.name].at(-1);
    this.dot.className = `dot ${me.presence}`;
    const label = strings.accountLabel(me.name, strings.presences[me.presence]);
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
  }

  #toggle() {
    if (!this.menu.hidden) {
      this.#close();
      return;
    }
    this.menu.replaceChildren(...this.#parts());
    this.menu.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.#items()[0].focus();
  }

  #close() {
    if (this.menu.hidden) return;
    const inside = this.menu.contains(document.activeElement);
    this.menu.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (inside) this.button.focus();
  }

  #items() {
    return [...this.menu.querySelectorAll("button")];
  }

  #onKey(event) {
    const items = this.#items();
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) items[(items.indexOf(document.activeElement) + by + items.length) % items.length].focus();
    else if (event.key === "Escape") this.#close();
    else if (event.key !== "Tab") return;
    else {
      this.#close();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #parts() {
    const { desk, notices, toast } = this.context;
    const { me } = desk;
    const entry = (label, act) =>
      h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => (this.#close(), act()) }, label);
    const choice = (label, checked, act, role = "menuitemradio") =>
      h(
        "button",
        {
          type: "button",
          role,
          "aria-checked": String(checked),
          tabindex: "-1",
          onclick: () => (this.#close(), act()),
        },
        h("span", {}, label),
        checked ? icon("done") : null,
      );
    const theme = preferences.get("theme");
    return [
      h("p", { class: "menu-head" }, h("b", {}, me.name), h("span", {}, strings.roles[me.role])),
      h(
        "div",
        { role: "group", "aria-label": strings.presence },
        ["online", "away"].map((state) =>
          choice(strings.presenceActions[state], me.presence === state, () => this.#setPresence(state)),
        ),
      ),
      h(
        "div",
        { role: "group", "aria-label": strings.reminders },
        choice(
          strings.sound,
          notices.sound,
          () => {
            notices.sound = !notices.sound;
          },
          "menuitemcheckbox",
        ),
        notices.permission === "unavailable"
          ? null
          : choice(
              strings.notifications,
              notices.permission === "granted",
              async () => toast(strings.permissions[await notices.askPermission()]),
              "menuitemcheckbox",
            ),
      ),
      h(
        "div",
        { role: "group", "aria-label": strings.theme },
        THEMES.map((name) => choice(strings.themes[name ?? "system"], theme === name, () => setTheme(name))),
      ),
      h(
        "div",
        { role: "group" },
        entry(strings.keysTitle, help),
        entry(strings.changePassword, () => changePassword(this.context)),
        entry(strings.signOut, () => signOut(this.context)),
      ),
    ];
  }

  async #setPresence(state) {
    try {
      await this.context.desk.setPresence(state);
    } catch (error) {
      this.context.toast(error.message || strings.unreachable);
    }
  }
}

function setTheme(name) {
  preferences.set("theme", name);
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
}
