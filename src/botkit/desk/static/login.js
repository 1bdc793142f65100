/* The form to sign in. */

import { h } from "./dom.js";
import { request } from "./server.js";
import { strings } from "./strings.js";

export class Login {
  /** `onsignedin(me)`; `why` says why the form is here, if the session has ended. */
  constructor(onsignedin, why = "") {
    this.onsignedin = onsignedin;
    this.login = h("input", {
      id: "login",
      name: "username",
      autocomplete: "username",
      required: true,
      maxlength: "60",
    });
    this.password = h("input", {
      id: "password",
      name: "password",
      type: "password",
      autocomplete: "current-password",
      required: true,
      maxlength: "200",
    });
    this.problem = h("p", { class: "problem", role: "alert" }, why);
    this.button = h("button", { type: "submit", class: "button primary" }, strings.signIn);
    this.node = h(
      "main",
      { class: "login" },
      h(
        "form",
        { onsubmit: (event) => this.#submit(event) },
        h("img", { src: "/web/favicon.svg", alt: "", width: "40", height: "40" }),
        h("h1", {}, strings.title),
        h("label", { for: "login" }, strings.login),
        this.login,
        h("label", { for: "password" }, strings.password),
        this.password,
        this.problem,
        this.button,
      ),
    );
  }

  start() {
    document.title = strings.title;
    this.login.focus();
  }

  async #submit(event) {
    event.preventDefault();
    this.button.disabled = true;
    this.problem.textContent = "";
    try {
      const { me } = await request("/desk/login", { login: this.login.value.trim(), password: this.password.value });
      this.onsignedin(me);
    } catch (error) {
      this.problem.textContent = error.message || strings.unreachable;
      this.button.disabled = false;
      if (error.status === 401) {
        this.password.value = "";
        this.password.focus();
      }
    }
  }
}
