/* The hand-over card: why the customer comes, what the bot told last, what it knew, what he likely needs, what to say. */

import { blank, button, h, icon, skeleton } from "./dom.js";
import { follow } from "./follow.js";
import { strings } from "./strings.js";

export class CardView {
  constructor(context) {
    this.context = context;
    this.node = h("div", { class: "panel" });
  }

  open(talk) {
    this.talk = talk;
    follow(this, talk, ["card", "state", "item"], () => this.#draw());
  }

  #draw() {
    const { talk } = this;
    if (!talk) this.node.replaceChildren();
    else if (talk.state === "loading") this.node.replaceChildren(skeleton(4, strings.loading));
    else if (talk.state === "failed") this.node.replaceChildren();
    else if (!talk.card)
      this.node.replaceChildren(blank(talk.item?.owner === "bot" ? strings.noCardYet : strings.noCard));
    else this.node.replaceChildren(...this.#parts(talk.card));
  }

  #parts({ reason, group, summary, verified, facts, slots, need, first_sentence: first, replies }) {
    const { desk } = this.context;
    const said = [...(first ? [{ title: strings.firstSentence, text: first }] : []), ...(replies ?? [])];
    return [
      h(
        "section",
        { class: "lead" },
        h(
          "p",
          { class: "tags" },
          h(
            "span",
            { class: reason === "frustrated" ? "tag bad" : "tag" },
            desk.reasonName(reason) || strings.unknownReason,
          ),
          h("span", { class: "tag" }, desk.groupName(group)),
          verified
            ? h("span", { class: "tag good" }, icon("verified"), strings.verified)
            : h("span", { class: "tag" }, strings.unverified),
        ),
        h("p", { class: "summary" }, summary),
      ),
      need ? section(strings.need, h("p", { class: "need" }, need)) : null,
      facts?.length ? section(strings.facts, pairs(facts)) : null,
      slots?.length ? section(strings.slots, pairs(slots)) : null,
      said.length
        ? section(
            strings.replies,
            said.map((reply) => this.#reply(reply)),
          )
        : null,
    ].filter(Boolean);
  }

  #reply({ title, text }) {
    const { talk } = this;
    return h(
      "div",
      { class: "offer" },
      h("b", {}, title),
      h("p", {}, text),
      talk.mine
        ? button(strings.use, () => this.context.insert(text), { "aria-label": strings.useLabel(title) })
        : null,
    );
  }
}

export const section = (heading, ...children) => h("section", {}, h("h2", {}, heading), ...children);

export const pairs = (rows) =>
  h(
    "dl",
    { class: "pairs" },
    rows.filter(({ value }) => value).map(({ label, value }) => h("div", {}, h("dt", {}, label), h("dd", {}, value))),
  );
