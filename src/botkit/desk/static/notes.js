/* Notes, consults and their answers: what colleagues say to each other about a customer. He never sees it. */

import { spoken } from "/web/widget/time.js";
import { blank, button, fit, h } from "./dom.js";
import { follow } from "./follow.js";
import { writing } from "./memory.js";
import { strings } from "./strings.js";

export class Notes {
  /** `onCount(count)`: how many want a look: colleagues' that he has not seen, consults without an answer. `isShown()` */
  constructor(context, onCount, isShown) {
    this.context = context;
    this.onCount = onCount;
    this.isShown = isShown;
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

  /** The agent has them before him. */
  look() {
    if (!this.talk || this.talk.notes.length === 0) return;
    writing.set(`notes seen ${this.talk.id}`, Math.max(...this.talk.notes.map(({ id }) => id)));
    this.#count();
  }

  /** To a colleague's customer an answer that is waited for comes before a note. */
  focus() {
    const answer = this.talk?.mine ? null : this.list.querySelector(".answer-form textarea");
    (answer ?? this.input).focus();
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
    if (this.isShown()) this.look();
    this.#count();
    if (this.list.contains(document.activeElement) && document.activeElement.value) return; // an answer is being written
    const answering = this.list.contains(document.activeElement); // with nothing written yet
    this.list.replaceChildren(...threads.map((note) => this.#thread(note, notes)));
    if (answering) this.list.querySelector(".answer-form textarea")?.focus();
    this.state.replaceChildren(...(this.talk && notes.length === 0 ? [blank(strings.noNotes)] : []));
  }

  #count() {
    const { id: me } = this.context.desk.me;
    const seen = this.talk ? writing.get(`notes seen ${this.talk.id}`, 0) : 0;
    const wanting = ({ id, kind, agent, open }) => (kind === "consult" && open) || (id > seen && agent !== me);
    this.onCount((this.talk?.notes ?? []).filter(wanting).length);
  }

  #thread(note, notes) {
    const { desk } = this.context;
    const answers = notes.filter(({ kind, consult }) => kind === "answer" && consult === note.id);
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
      asked && note.open && answers.length > 0
        ? h("p", { class: "muted" }, strings.consultWaits(note.waits_for.map((id) => desk.groupName(id))))
        : null,
      asked && note.open ? this.#answerForm(note) : null,
      asked && note.over ? h("p", { class: "muted" }, strings.consultOver) : null,
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

  #answerForm({ id: consult }) {
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
