/* The hand-over card: why the customer comes, what the bot told last, what it knew, what he likely needs, what to say. */

import { blank, button, h, icon, skeleton } from "./dom.js";
import { follow } from "./follow.js";
import { HIGH } from "./item.js";
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

  #parts({ reason, rule, group, summary, verified, facts, slots, need, first_sentence: first, replies }) {
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
            rule || desk.reasonName(reason) || strings.unknownReason,
          ),
          reason !== "frustrated" && this.talk.item.frustration >= HIGH
            ? h("span", { class: "tag bad" }, icon("frustration"), strings.frustrated)
            : null,
          h("span", { class: "tag" }, desk.groupName(group)),
          verified
            ? h("span", { class: "tag good" }, icon("verified"), strings.verified)
            : h("span", { class: "tag" }, strings.unverified),
        ),
        h("p", { class: "summary" }, summary),
        verified ? null : identifyButton(this.context, this.talk),
      ),
      need ? section(strings.need, h("p", { class: "need" }, need)) : null,
      facts?.length ? section(strings.facts, ...told(facts)) : null,
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

/** Where the agent sees that nobody is verified he can have it done. */
export const identifyButton = ({ identify }, talk) =>
  talk.mine && !talk.item.verified
    ? button(strings.withKey(strings.actionNames.identify, "V"), identify, { class: "button identify" }, icon("verified"))
    : null;

export const section = (heading, ...children) => h("section", {}, h("h2", {}, heading), ...children);

/** What the bot told, under what it was asked: sentences are read from the left, and their heading once. */
const told = (facts) =>
  facts.map(({ label, value }, index) => [
    label && label !== facts[index - 1]?.label ? h("h3", { class: "told-of" }, label) : null,
    h("p", { class: "told" }, value),
  ]);

export const pairs = (rows) =>
  h(
    "dl",
    { class: "pairs" },
    rows.filter(({ value }) => value).map(({ label, value }) => h("div", {}, h("dt", {}, label), h("dd", {}, value))),
  );
