/* The lines of the open conversation, scrolled: older ones come as the reader nears the top, without a jump. */

import { Scroller } from "/web/widget/scroller.js";
import { Chunk, CHUNK } from "./chunk.js";
import { deliveryText, Marks } from "./delivery.js";
import { h, hidden, skeleton } from "./dom.js";
import { messageView, plain, speaker } from "./line.js";
import { Refused } from "./server.js";
import { earlierView, presentView } from "./stretch.js";
import { strings } from "./strings.js";

const AHEAD = 800; // pixels from the top at which older lines are asked for
const MARGIN = "1200px 0px"; // how far from the screen lines are still drawn

export class Log {
  #chunks = [];
  #talk = null;
  #failed = false;
  #loading = false;
  #mark = null;
  #unseen = 0;
  #leaving = null;
  #mayResend = false;
  #handOver = 0; // the line with the last hand-over, whose reason is not folded away

  /** `onSeen` when the reader is at the end and looks. `toast(text)` */
  constructor(desk, sender, { onSeen, toast }) {
    this.desk = desk;
    this.sender = sender;
    this.onSeen = onSeen;
    this.toast = toast;
    this.marks = new Marks(desk, { ondue: (seq) => this.#remark(seq), onagain: (line) => this.#sendAgain(line) });
    this.top = h("div", { class: "log-top" });
    this.chunks = h("div", { class: "chunks" });
    this.pending = h("div", { class: "pending-lines" });
    this.typing = h("p", { class: "typing", hidden: true }, h("i"), h("i"), h("i"), hidden(strings.customerTyping));
    this.announcer = h("div", { class: "sr", role: "status", "aria-live": "polite" });
    this.scroller = new Scroller(
      {
        role: "log",
        "aria-live": "off",
        "aria-label": strings.log,
        tabindex: "0",
        onkeydown: (event) => this.#onKey(event),
      },
      { onTop: () => {}, onMove: () => this.#onMove() },
    );
    this.scroller.node.append(this.top, this.chunks, this.pending, this.typing);
    this.jump = h(
      "button",
      { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() },
      h("span", {}, strings.toNewest),
    );
    this.node = h("div", { class: "log" }, this.scroller.node, this.jump, this.announcer);
    this.observer = new IntersectionObserver((entries) => this.#onIntersect(entries), {
      root: this.scroller.node,
      rootMargin: MARGIN,
    });
  }

  /** Shows another conversation. */
  show(talk) {
    this.#leaving?.abort();
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#talk = talk;
    this.#mayResend = this.#resendable;
    this.#clear();
    const on = (name, act) => talk.addEventListener(name, ({ detail }) => act(detail), { signal });
    on("reset", () => this.#clear());
    on("lines", ({ lines, kind }) => (kind === "old" ? this.#prepend(lines) : this.#append(lines)));
    on("earlier", (conversations) => this.#putEarlier(conversations));
    on("delivery", (line) => this.#onDelivery(line));
    on("item", () => this.#onItem());
    on("typing", () => this.#showTyping());
    on("read", () => this.#atEnd(() => this.#markRead()));
    on("state", () => this.#drawTop());
    for (const name of ["message", "said", "gone"])
      this.sender.addEventListener(name, () => this.#drawPending(), { signal });
    this.sender.addEventListener("progress", ({ detail }) => this.#showProgress(detail), { signal });
    this.#drawPending();
    this.#drawTop();
  }

  toEnd() {
    this.scroller.toEnd();
    this.#onMove();
  }

  focus() {
    this.scroller.node.focus();
  }

  #clear() {
    for (const chunk of this.#chunks) this.observer.unobserve(chunk.node);
    this.#chunks = [];
    this.chunks.replaceChildren();
    this.marks.clear();
    this.#handOver = 0;
    this.#mark = null;
    this.#unseen = 0;
    this.#failed = false;
    this.jump.hidden = true;
    this.typing.hidden = true;
    this.scroller.following = true;
    this.#drawTop();
  }

  #chunk(lines, makeHead = null) {
    const chunk = new Chunk(this.desk, lines, {
      before: () => this.#before(chunk),
      mark: (line) => (chunk.foreign ? null : this.marks.view(line, this.#talk.item?.channel, this.#mayResend)),
      kept: (line) => !chunk.foreign && line.seq === this.#handOver,
      makeHead,
    });
    this.observer.observe(chunk.node);
    return chunk;
  }

  /** The line above a chunk: what came before in the same conversation. */
  #before(chunk) {
    const index = this.#chunks.indexOf(chunk);
    return index > 0 ? (this.#chunks[index - 1].lines.at(-1) ?? null) : null;
  }

  /** The last hand-over may be another now: the one before goes back among the other system lines. */
  #noteHandOver() {
    const before = this.#handOver;
    this.#handOver = this.#talk.lines.findLast((line) => line.detail?.event === "HandOver")?.seq ?? 0;
    if (before === 0 || before === this.#handOver) return;
    this.#chunks.find((chunk) => !chunk.foreign && chunk.lines.some((line) => line.seq === before))?.redraw();
  }

  #prepend(lines) {
    this.#noteHandOver();
    const first = this.#chunks.length === 0;
    this.scroller.keep(() => {
      const made = [];
      for (let end = lines.length; end > 0; end -= CHUNK)
        made.unshift(this.#chunk(lines.slice(Math.max(0, end - CHUNK), end)));
      const after = this.#chunks[0];
      this.#chunks.unshift(...made);
      this.chunks.prepend(...made.map((chunk) => chunk.node));
      for (const chunk of made) chunk.show();
      after?.redraw(); // its first line may not need its day any more
      this.#drawTop();
    });
    this.#markRead();
    if (first) this.scroller.toEnd();
    this.#onMove();
  }

  #append(lines) {
    const own = this.#talk.mine && lines.some((line) => line.author === "agent");
    const following = this.scroller.following || own;
    this.#noteHandOver();
    for (const line of lines) this.#put(line);
    this.#markRead();
    if (following) this.scroller.toEnd();
    else {
      this.#unseen += lines.length;
      this.#drawJump();
    }
    const spoken = lines.filter((line) => line.author === "customer" || line.author === "system");
    this.#announce([
      ...spoken.map((line) => strings.said(speaker(line), plain(this.desk, line))),
      ...lines.filter(failed).map((line) => this.#failure(line)),
    ]);
    this.#onMove();
  }

  #put(line) {
    const own = this.#chunks.filter((chunk) => !chunk.foreign);
    const last = own.at(-1);
    const full = last && last.lines.length >= CHUNK && last.lines.at(-1).seq < line.seq;
    let chunk = own.findLast((other) => other.lines[0]?.seq <= line.seq) ?? own[0];
    if (!chunk || full) {
      chunk = this.#chunk([]);
      this.#chunks.push(chunk);
      this.chunks.append(chunk.node);
    }
    chunk.show();
    chunk.put(line);
  }

  #putEarlier(conversations) {
    this.scroller.keep(() => {
      const made = conversations.flatMap((conversation) => {
        const { lines } = conversation;
        const parts = [];
        for (let start = 0; start < lines.length; start += CHUNK) {
          const head = start === 0 ? () => earlierView(this.desk, conversation) : null;
          parts.push(this.#chunk(lines.slice(start, start + CHUNK), head));
        }
        return parts;
      });
      for (const chunk of made) chunk.foreign = true;
      const first = this.#chunks[0];
      if (first && made.length) first.makeHead = () => presentView(this.desk, this.#talk.item);
      this.#chunks.unshift(...made);
      this.chunks.prepend(...made.map((chunk) => chunk.node));
      for (const chunk of made) chunk.show();
      first?.redraw();
      this.#drawTop();
    });
    this.#markRead();
  }

  // What has become of lines

  get #resendable() {
    return this.desk.supervises || this.#talk.mine;
  }

  /** Who begins to serve the customer, or does so no more, may do other things. */
  #onItem() {
    if (this.#mayResend === this.#resendable) return;
    this.#mayResend = this.#resendable;
    for (const line of this.#talk.lines.filter(failed)) this.#remark(line.seq);
  }

  #onDelivery(line) {
    this.#remark(line.seq, line);
    if (failed(line)) this.#announce([this.#failure(line)]);
  }

  /** Draws the mark of a line anew; what the reader sees stays where it is. */
  #remark(seq, changed = null) {
    const chunk = this.#chunks.find((other) => !other.foreign && other.lines.some((line) => line.seq === seq));
    if (!chunk) return;
    const change = () => {
      chunk.remark(changed ?? chunk.lines.find((line) => line.seq === seq));
      this.#markRead();
    };
    const { bottom } = chunk.find(seq)?.getBoundingClientRect() ?? {};
    if (bottom < this.scroller.node.getBoundingClientRect().top) this.scroller.keep(change);
    else this.#atEnd(change);
  }

  async #sendAgain({ seq }) {
    const talk = this.#talk;
    try {
      await talk.server.ask("send_again", { id: talk.id, seq });
      const line = talk.lines.find((other) => other.seq === seq);
      if (!failed(line)) this.toast(strings.sentAgain); // that it failed again stands there, and has been announced
    } catch (error) {
      this.toast(error instanceof Refused && error.message ? error.message : strings.unreachable);
    }
  }

  #failure(line) {
    return strings.said(deliveryText(this.desk, line.delivery), plain(this.desk, line));
  }

  #announce(sentences) {
    if (sentences.length) this.announcer.textContent = sentences.join(" ");
  }

  #drawPending() {
    this.#atEnd(() => this.#putPending());
  }

  /** Runs `change`; whoever was at the end stays there. */
  #atEnd(change) {
    const { following } = this.scroller;
    change();
    if (following) this.scroller.toEnd();
  }

  #putPending() {
    this.pending.replaceChildren(
      ...this.sender.outbox.of(this.#talk.id).map((message) =>
        messageView(message, {
          retry: (id) => this.sender.retry(id),
          discard: (id) => this.sender.discard(id),
        }),
      ),
    );
  }

  #showProgress({ message, share }) {
    const bar = this.pending.querySelector(`[data-message="${message.id}"] progress`);
    if (bar) bar.value = share;
  }

  #showTyping() {
    this.#atEnd(() => {
      this.typing.hidden = !this.#talk.typing;
    });
  }

  /** Whether the customer has seen the last thing that was said to him; one that has not arrived has its own mark. */
  #markRead() {
    this.#mark?.remove();
    this.#mark = null;
    for (const chunk of this.#chunks.toReversed()) {
      if (chunk.foreign) return;
      const line = chunk.lines.findLast((other) => other.author === "agent");
      if (!line) continue;
      if (line.delivery) return;
      const read = line.seq <= this.#talk.read;
      this.#mark = h("p", { class: "state" }, read ? strings.read : strings.delivered);
      chunk.find(line.seq)?.append(this.#mark);
      return;
    }
  }

  #drawTop() {
    const talk = this.#talk;
    if (!talk) return;
    if (talk.state !== "ready") this.top.replaceChildren(...this.#stateParts(talk));
    else if (this.#failed)
      this.top.replaceChildren(
        h("button", { type: "button", class: "link", onclick: () => this.#older() }, strings.olderFailed),
      );
    else if (talk.complete) this.top.replaceChildren(h("p", { class: "beginning" }, strings.beginning));
    else
      this.top.replaceChildren(
        this.#loading
          ? h("p", { class: "beginning" }, strings.loading)
          : h("button", { type: "button", class: "link", onclick: () => this.#older() }, strings.older),
      );
  }

  #stateParts(talk) {
    if (talk.state === "loading") return [skeleton(5, strings.loading)];
    const again = h("button", { type: "button", class: "button", onclick: () => talk.open() }, strings.tryAgain);
    return [h("div", { class: "blank" }, h("p", {}, talk.error || strings.openFailed), again)];
  }

  async #older() {
    const talk = this.#talk;
    if (this.#loading || talk.state !== "ready" || talk.complete) return;
    this.#loading = true;
    this.#failed = false;
    this.#drawTop();
    try {
      await talk.older();
    } catch {
      this.#failed = talk === this.#talk;
    } finally {
      this.#loading = false;
      if (talk === this.#talk) {
        this.#drawTop();
        if (!this.#failed) this.#onMove();
      }
    }
  }

  #onMove() {
    const { node, atEnd } = this.scroller;
    if (!this.#talk) return;
    if (node.scrollTop < AHEAD && node.clientHeight > 0 && !this.#failed && this.#chunks.length > 0 && !this.#loading)
      this.#older();
    if (atEnd) {
      this.#unseen = 0;
      this.onSeen();
    }
    this.#drawJump();
  }

  #drawJump() {
    this.jump.hidden = this.scroller.atEnd;
    this.jump.firstChild.textContent = this.#unseen > 0 ? strings.newLines(this.#unseen) : strings.toNewest;
    this.jump.classList.toggle("unseen", this.#unseen > 0);
  }

  #onIntersect(entries) {
    if (this.scroller.node.clientHeight === 0) return; // not on the screen at all
    for (const { target, isIntersecting } of entries) {
      const { chunk } = target;
      if (isIntersecting && !chunk.shown) {
        const above = target.getBoundingClientRect().bottom < this.scroller.node.getBoundingClientRect().top;
        if (above) this.scroller.keep(() => chunk.show());
        else chunk.show();
        this.#markRead();
      } else if (!isIntersecting && target.isConnected) chunk.hide();
    }
  }

  /** ↑ ↓ from line to line, Home and End to the ends. */
  #onKey(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "End") {
      event.preventDefault();
      this.toEnd();
    }
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    const lines = [...this.chunks.querySelectorAll(STOPS)].filter(within);
    if (lines.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const from = lines.indexOf(document.activeElement.closest(STOPS));
    const to = from < 0 ? lines.length - 1 : Math.min(Math.max(from + by, 0), lines.length - 1);
    lines[to].focus({ preventScroll: true });
    lines[to].scrollIntoView({ block: "nearest" });
  }
}

/** Where ↑ ↓ stop; not at what is folded away. */
const STOPS = ".line:not([data-message]), .stretch, .fold > summary";
const within = (node) => node.matches("summary") || !node.closest(".fold:not([open])");

const failed = (line) => line?.delivery?.status === "failed";
