/* Who works here: accounts, roles, groups, limits. For admins. */

import { blank, button, copyText, h, skeleton } from "./dom.js";
import { confirm } from "./dialogs/confirm.js";
import { choices, field, openDialog, select } from "./dialogs/dialog.js";
import { table } from "./sheet.js";
import { strings } from "./strings.js";

const ROLES = ["agent", "supervisor", "admin"];

export class Staff {
  /** `context`: {desk, toast(text)} */
  constructor(context) {
    this.context = context;
    this.content = h("div", { class: "page-body" }, skeleton(6, strings.loading));
    this.node = h(
      "section",
      { class: "page scroll", "aria-labelledby": "staff-title" },
      h(
        "header",
        { class: "page-header" },
        h("h1", { id: "staff-title", tabindex: "-1" }, strings.views.staff),
        button(strings.newAgent, () => this.#edit(null), { class: "button primary" }),
      ),
      this.content,
    );
  }

  start() {
    this.#load();
  }

  stop() {}

  async #load() {
    try {
      const { agents } = await this.context.desk.server.ask("staff");
      this.content.replaceChildren(h("section", { class: "sheet" }, this.#table(agents)));
    } catch (error) {
      this.content.replaceChildren(
        blank(
          error.message || strings.unreachable,
          button(strings.tryAgain, () => this.#load()),
        ),
      );
    }
  }

  #table(agents) {
    const { desk } = this.context;
    return table(
      strings.views.staff,
      [strings.agent, strings.login, strings.role, strings.groupsColumn, strings.limit, strings.account, ""],
      agents.map((agent) => [
        agent.name,
        agent.login,
        strings.roles[agent.role],
        agent.groups.map((id) => desk.groupName(id)).join(strings.comma),
        String(agent.limit),
        agent.active ? h("span", { class: "tag good" }, strings.active) : h("span", { class: "tag" }, strings.inactive),
        button(strings.edit, () => this.#edit(agent), { "aria-label": strings.editLabel(agent.name) }),
      ]),
    );
  }

  async #edit(agent) {
    const { desk, toast } = this.context;
    const input = (name, value, attributes = {}) =>
      h("input", { name, value, required: true, maxlength: "60", ...attributes });
    const saved = await openDialog({
      title: agent ? strings.editLabel(agent.name) : strings.newAgent,
      body: [
        field(strings.name, input("name", agent?.name, { autofocus: true }), strings.nameHint),
        field(strings.login, input("login", agent?.login, { autocomplete: "off" })),
        field(
          strings.role,
          select(
            "role",
            ROLES.map((id) => ({ id, name: strings.roles[id] })),
            agent?.role ?? "agent",
          ),
        ),
        choices("checkbox", "groups", strings.groupsColumn, desk.groups, agent?.groups ?? []),
        field(strings.limit, input("limit", String(agent?.limit ?? 5), { type: "number", min: "1", max: "50" })),
        agent
          ? choices(
              "radio",
              "active",
              strings.account,
              [
                { id: "yes", name: strings.active },
                { id: "no", name: strings.inactive },
              ],
              [agent.active ? "yes" : "no"],
            )
          : null,
        // One's own is changed in one's own menu: a new one would end the very session that shows it.
        agent && agent.id !== desk.me.id ? button(strings.resetPassword, () => this.#resetPassword(agent)) : null,
      ],
      yes: strings.save,
      act: ({ name, login, role, limit, active }, data) =>
        desk.server.ask("staff_save", {
          ...(agent && { id: agent.id }),
          name: name.trim(),
          login: login.trim(),
          role,
          groups: data.getAll("groups"),
          limit: Number(limit),
          active: active !== "no",
        }),
    });
    if (!saved) return;
    this.#load();
    if (saved.password) await this.#showPassword(strings.passwordTitle(saved.agent.name), saved.password);
    else toast(strings.saved);
  }

  async #resetPassword(agent) {
    const { server } = this.context.desk;
    const reset = await confirm({
      title: strings.resetPasswordTitle(agent.name),
      text: strings.resetPasswordText,
      yes: strings.resetPassword,
      act: () => server.ask("staff_password", { id: agent.id }),
    });
    if (reset) await this.#showPassword(strings.newPasswordTitle(agent.name), reset.password);
  }

  /** A password that the server made is shown this once. */
  #showPassword(title, password) {
    const copied = h("p", { class: "muted", role: "status" });
    return openDialog({
      title,
      body: [
        h("p", {}, strings.passwordOnce),
        h("p", { class: "secret" }, h("code", {}, password)),
        button(strings.copy, async () => {
          copied.textContent = (await copyText(password, document)) ? strings.copied : strings.notCopied;
        }),
        copied,
      ],
      no: strings.close,
    });
  }
}
