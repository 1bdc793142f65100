/* Everything about the customer on one page, once he is verified. */

import { spoken } from "/web/widget/time.js";
import { identifyButton, pairs, section } from "./card.js";
import { blank, h, skeleton } from "./dom.js";
import { follow } from "./follow.js";
import { strings } from "./strings.js";
import { ticketCard } from "./ticket.js";

export class PanoramaView {
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
    else if (talk.state === "loading") this.node.replaceChildren(skeleton(6, strings.loading));
    else if (talk.state === "failed") this.node.replaceChildren();
    else if (!talk.panorama)
      this.node.replaceChildren(
        talk.panoramaRefused
          ? blank(strings.panoramaRefused, h("p", { class: "muted" }, strings.panoramaRefusedHint))
          : blank(
              strings.noPanorama,
              h("p", { class: "muted" }, strings.noPanoramaHint),
              identifyButton(this.context, talk),
            ),
      );
    else this.node.replaceChildren(...this.#parts(talk.panorama));
  }

  #parts({ customer, plan, balance, allowances, bill, contract, phone, tags, contacts, tickets }) {
    const { desk } = this.context;
    return [
      h(
        "section",
        { class: "lead" },
        h("p", { class: "person" }, h("b", {}, customer.name), h("span", {}, customer.phone)),
        h(
          "p",
          { class: "tags" },
          [customer.status, customer.tenure, customer.age_band]
            .filter(Boolean)
            .map((text) => h("span", { class: "tag" }, text)),
          (tags ?? []).map((text) => h("span", { class: "tag own" }, text)),
        ),
      ),
      section(
        strings.products,
        pairs([
          {
            label: strings.balance,
            value: balance && strings.asOf(balance.amount, spoken(new Date(balance.at))),
          },
          { label: strings.plan, value: plan },
          { label: strings.contract, value: contract },
          { label: strings.phone, value: phone },
        ]),
      ),
      allowances?.length
        ? section(strings.allowances, h("ul", { class: "allowances" }, allowances.map(allowance)))
        : null,
      bill ? section(strings.bill(bill.period), billView(bill)) : null,
      tickets?.length
        ? section(
            strings.tickets,
            tickets.map((ticket) => ticketCard(desk, ticket)),
          )
        : null,
      section(
        strings.contacts,
        contacts?.length
          ? h(
              "ol",
              { class: "contacts" },
              contacts.map((contact) => contactView(desk, contact)),
            )
          : h("p", { class: "muted" }, strings.noContacts),
      ),
    ].filter(Boolean);
  }
}

const allowance = ({ name, used, left, expires }) =>
  h(
    "li",
    {},
    h("span", {}, name),
    h("b", {}, strings.left_(left)),
    h("small", {}, strings.dots(strings.used(used), expires && strings.expires(expires))),
  );

const billView = ({ total, items }) =>
  h(
    "dl",
    { class: "pairs bill" },
    h("div", { class: "total" }, h("dt", {}, strings.total), h("dd", {}, total)),
    items.map(({ name, amount }) => h("div", {}, h("dt", {}, name), h("dd", {}, amount))),
  );

const contactView = (desk, { at, channel, reason, end, summary, score, solved }) => {
  const rated = strings.dots(score && strings.customerScore(score), strings.customerSolved(solved));
  return h(
    "li",
    {},
    h(
      "p",
      { class: "muted" },
      strings.dots(spoken(new Date(at)), desk.channelName(channel), desk.reasonName(reason), strings.ends[end]),
    ),
    summary ? h("p", {}, summary) : null,
    rated ? h("p", { class: "muted" }, rated) : null,
  );
};
