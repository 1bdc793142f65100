/* What has become of a line for the customer, in words and below its bubble. Of one that he has got nothing is said. */

import { h, icon } from "./dom.js";
import { strings } from "./strings.js";

const QUIET_FOR = 4000; // milliseconds in which a line that waits says nothing: nearly all arrive before

/** `channel`: the line's own; on the web it waits for a page that shows it. */
export function deliveryText(desk, { status, problem, elsewhere }, channel) {
  const words =
    status === "failed"
      ? strings.notDelivered(strings.problems[problem])
      : status === "pending" && channel === "web"
        ? strings.notSeenYet
        : strings.deliveries[status];
  return strings.dots(words, elsewhere && strings.sentElsewhere(desk.channelName(elsewhere)));
}

export class Marks {
  #timers = new Map(); // seq → when its mark is due

  /** `ondue(seq)`: the mark of a line that waits is to be drawn. `onagain(line)`: it is to be sent once more. */
  constructor(desk, { ondue, onagain }) {
    this.desk = desk;
    this.ondue = ondue;
    this.onagain = onagain;
  }

  /** The mark of a line, or null. `resendable`: whoever looks at it may send it again. */
  view(line, channel, resendable) {
    const { delivery } = line;
    if (!delivery || (delivery.status === "pending" && this.#early(line))) return null;
    const failed = delivery.status === "failed";
    return h(
      "div",
      { class: `delivery ${delivery.status}` },
      failed ? icon("info") : null,
      h("span", {}, deliveryText(this.desk, delivery, channel)),
      failed && resendable
        ? h(
            "button",
            {
              type: "button",
              class: "link",
              "aria-label": strings.sendAgainLabel(line.text),
              onclick: () => this.onagain(line),
            },
            strings.sendAgain,
          )
        : null,
    );
  }

  clear() {
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Whether it is too soon to say that a line waits; then it is drawn when it is time. */
  #early({ seq, at }) {
    const now = Date.now();
    if (!this.#timers.has(seq)) {
      const wait = Math.min(QUIET_FOR, Date.parse(at) + QUIET_FOR - now); // the two clocks need not agree
      if (wait <= 0) return false;
      this.#timers.set(seq, { due: now + wait, timer: setTimeout(() => this.ondue(seq), wait) });
    }
    return now < this.#timers.get(seq).due;
  }
}
