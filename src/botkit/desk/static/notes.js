/* Notes, consults and their answers: what colleagues say to each other about a customer. He never sees it. */

import { spoken } from "/web/widget/time.js";
import { blank, button, fit, h } from "./dom.js";
import { follow } from "./follow.js";
import { writing } from "./memory.js";
import { strings } from "./strings.js";

export class Notes {
  /** `onOpen(count)`: how many consults await an answer. */
  constructor(context, onOpen) {
    this.context = context;
    this.onOpen = onOpen;
    this.list = h("ol", { class: "notes" });
    this.state = h("div", {});
    this.input = h("textarea", {
      rows: "2",
      maxlength: "2000",
      placeholder: strings.notePlaceholder,
      "aria-label": strings.note,
      oninput: () => this.#keep(),
      onkeydown: (event) => onEnter(event, () => this.#save()),
    });
    this.problem = h("p", { class: "problem", role: "alert" });
    this.form = h(
      "form",
      { class: "note-form", onsubmit: (event) => (event.preventDefault(), this.#save()) },
      this.input,
      h(
        "div",
        {},
        h("span", { class: "muted" }, strings.notSeenByCustomer),
        h("button", { type: "submit", class: "button" }, strings.saveNote),
      ),
      this.problem,
    );
    this.node = h("div", { class: "panel" }, this.form, this.state, this.list);
  }

  open(talk) {
    this.talk = talk;
    this.input.value = talk ? writing.get(`note ${talk.id}`, "") : "";
    this.problem.textContent = "";
    this.form.hidden = !talk;
    follow(this, talk, ["notes", "state"], () => this.#draw());
  }

  focus() {
    this.input.focus();
  }

  #keep() {
    fit(this.input);
    writing.set(`note ${this.talk.id}`, this.input.value || null);
  }

  async #save() {
    const text = this.input.value.trim();
    const { talk } = this;
    if (!text) return;
    this.problem.textContent = "";
    try {
      await talk.server.ask("note", { id: talk.id, text });
      writing.set(`note ${talk.id}`, null);
      if (talk !== this.talk) return;
      this.input.value = "";
      fit(this.input);
    } catch (error) {
      this.problem.textContent = error.message || strings.unreachable;
    }
  }

  #draw() {
    const notes = this.talk?.notes ?? [];
    const threads = notes.filter(({ kind }) => kind !== "answer").toReversed();
    const open = notes.filter(({ kind, open: waits }) => kind === "consult" && waits).length;
    this.onOpen(open);
    if (this.list.contains(document.activeElement) && document.activeElement.value) return; // an answer is being written
    this.list.replaceChildren(...threads.map((note) => this.#thread(note, notes)));
    this.state.replaceChildren(...(this.talk && notes.length === 0 ? [blank(strings.noNotes)] : []));
  }

  #thread(note, notes) {
    const { desk } = this.context;
    const answers = notes.filter(({ kind, consult }) => kind === "answer" && consult === note.consult);
    const asked = note.kind === "consult";
    return h(
      "li",
      { class: `note ${note.kind}` },
      h(
        "p",
        { class: "note-head" },
        h("b", {}, desk.agentName(note.agent)),
        asked
          ? h("span", { class: "tag own" }, strings.consulted_((note.groups ?? []).map((id) => desk.groupName(id))))
          : null,
        h("time", { datetime: note.at }, spoken(new Date(note.at))),
      ),
      h("p", { class: "text" }, note.text),
      asked && answers.length
        ? h(
            "ol",
            {},
            answers.map((answer) => this.#answer(answer)),
          )
        : null,
      asked && note.open ? this.#answerForm(note) : null,
    );
  }

  #answer({ agent, at, text }) {
    const { desk, insert } = this.context;
    return h(
      "li",
      {},
      h(
        "p",
        { class: "note-head" },
        h("b", {}, desk.agentName(agent)),
        h("time", { datetime: at }, spoken(new Date(at))),
      ),
      h("p", { class: "text" }, text),
      this.talk.mine
        ? button(strings.use, () => insert(text), { "aria-label": strings.useLabel(desk.agentName(agent)) })
        : null,
    );
  }

  #answerForm({ consult }) {
    const input = h("textarea", {
      rows: "1",
      maxlength: "2000",
      placeholder: strings.answerPlaceholder,
      "aria-label": strings.answer,
    });
    const problem = h("p", { class: "problem", role: "alert" });
    const send = async () => {
      const text = input.value.trim();
      if (!text) return;
      try {
        await this.talk.server.ask("answer", { consult, text });
        input.value = "";
        this.#draw();
      } catch (error) {
        problem.textContent = error.message || strings.unreachable;
      }
    };
    input.addEventListener("keydown", (event) => onEnter(event, send));
    input.addEventListener("input", () => fit(input));
    return h(
      "form",
      { class: "answer-form", onsubmit: (event) => (event.preventDefault(), send()) },
      input,
      h("button", { type: "submit", class: "button" }, strings.answer),
      problem,
    );
  }
}

/** Enter, but not one that confirms a word of an input method. */
function onEnter(event, act) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  act();
}
