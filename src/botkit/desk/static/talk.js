/* The conversation that is open: its lines, card, notes; what comes in while it is open. No screen. */

const TYPING_FOR = 8000; // milliseconds without a word before the sign goes out

/**
 * Events:
 *   state    "loading" | "ready" | "failed" (with `error`)
 *   reset    all lines are others
 *   lines    {lines, kind: "old" | "new"} in order, never one twice
 *   delivery a line, of which only `delivery` has changed
 *   earlier  conversations of the same customer, oldest first
 *   item, card, notes, typing, read   the property of that name has changed
 */
export class Talk extends EventTarget {
  #lines = new Map();
  #loading = null;
  #typingTimer = 0;
  #told = 0;
  #heard = new Map(); // what has become of lines, by seq, since the conversation was opened: newer than what comes in answers
  state = "loading";
  error = "";
  item;
  more = false;
  card = null;
  panorama = null;
  panoramaRefused = false; // there is one, for others to see
  notes = [];
  typing = false;
  read = 0; // the customer has seen everything up to here
  earlier = null;

  constructor(desk, sender, id) {
    super();
    this.desk = desk;
    this.sender = sender;
    this.server = desk.server;
    this.id = id;
    this.item = desk.items.get(id) ?? null;
    this.#listen(this.server, "line", ({ line }) => this.#take([line], "new"));
    this.#listen(this.server, "typing", ({ on }) => this.#setTyping(on));
    this.#listen(this.server, "read", ({ seq }) => this.#onRead(seq));
    this.#listen(this.server, "delivery", ({ seq, delivery }) => this.#setDelivery(seq, delivery));
    this.#listen(this.server, "card", ({ card }) => this.#set("card", card));
    this.#listen(this.server, "notes", ({ notes }) => this.#set("notes", notes));
    this.#listen(
      this.server,
      "welcome",
      () => this.open(),
      () => true,
    );
    this.#listen(this.desk, "item", (item) => this.#onItem(item));
    this.#listen(
      this.server,
      "link",
      () => this.#setTyping(false),
      (link) => link !== "online" && this.typing,
    );
    this.#listen(
      this.sender,
      "said",
      ({ message, seq }) => this.#assume(message, seq),
      (detail) => detail.message.conversation === this.id,
    );
  }

  #leaving = new AbortController();

  #listen(source, name, act, concerns = (detail) => detail.id === this.id) {
    source.addEventListener(name, ({ detail }) => concerns(detail) && act(detail), { signal: this.#leaving.signal });
  }

  /** The lines that are loaded, in order. */
  get lines() {
    return [...this.#lines.values()].sort((one, other) => one.seq - other.seq);
  }

  get lastSeq() {
    return Math.max(0, ...this.#lines.keys());
  }

  get mine() {
    return Boolean(this.item && this.desk.isMine(this.item));
  }

  /** Opens, or joins again after the connection was lost. */
  async open() {
    if (this.state !== "ready") this.#setState("loading");
    let answer;
    this.#heard.clear();
    try {
      answer = await this.server.ask("open", { id: this.id });
    } catch (error) {
      if (this.state !== "ready") this.#setState("failed", error.message);
      return;
    }
    if (this.#leaving.signal.aborted) return;
    const held = this.lastSeq;
    const gap = held > 0 && answer.more && answer.lines.length > 0 && answer.lines[0].seq > held;
    if (gap) {
      this.#lines.clear();
      this.earlier = null;
    }
    if (gap || held === 0) this.more = answer.more;
    this.read = Math.max(this.read, answer.read ?? 0);
    const { card, panorama, notes, item } = answer;
    Object.assign(this, { card, panorama, notes, panoramaRefused: answer.panorama_refused === true });
    this.desk.take(item);
    if (gap) this.#emit("reset");
    this.#setState("ready");
    this.#take(answer.lines, held > 0 && !gap ? "new" : "old");
    for (const name of ["card", "notes", "read"]) this.#emit(name);
  }

  /** Loads what is before the first line: of this conversation, then of the customer's earlier ones. False: nothing was. */
  older() {
    this.#loading ??= this.#loadOlder().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  get complete() {
    return !this.more && this.earlier !== null;
  }

  async #loadOlder() {
    if (this.state !== "ready" || this.complete) return;
    if (this.more) {
      const before = Math.min(...this.#lines.keys());
      const { lines, more } = await this.server.ask("history", { id: this.id, before });
      this.more = more && lines.length > 0;
      this.#take(lines, "old");
      return;
    }
    const { conversations } = await this.server.ask("earlier", { id: this.id });
    this.earlier = conversations
      .map((one) => ({ ...one, lines: Array.isArray(one.lines) ? one.lines : [] }))
      .toSorted((one, other) => Date.parse(one.since) - Date.parse(other.since));
    this.#emit("earlier", this.earlier);
  }

  /** The agent has seen everything. */
  seen() {
    const seq = this.lastSeq;
    if (!this.mine || seq <= this.#told || !this.server.ready) return;
    this.#told = seq;
    this.server.tell("read", { id: this.id, seq });
  }

  leave() {
    this.#leaving.abort();
    clearTimeout(this.#typingTimer);
    this.server.tell("leave", { id: this.id });
  }

  #take(taken, kind) {
    const lines = taken.map((line) => (this.#heard.has(line.seq) ? delivered(line, this.#heard.get(line.seq)) : line));
    const fresh = lines.filter((line) => !this.#lines.has(line.seq) || this.#lines.get(line.seq).assumed);
    for (const line of lines) if (!fresh.includes(line)) this.#compare(line);
    if (fresh.length === 0) return;
    for (const line of fresh) this.#lines.set(line.seq, line);
    for (const line of fresh) if (line.client_id) this.sender.settle(line.client_id, line.seq);
    if (fresh.some((line) => line.author === "customer") && kind === "new") this.#setTyping(false);
    this.#emit("lines", { lines: fresh.toSorted((one, other) => one.seq - other.seq), kind });
  }

  /** The customer has seen everything up to here, so what waited for him on the web has arrived. */
  #onRead(seq) {
    this.#set("read", Math.max(seq, this.read));
    for (const line of this.#lines.values())
      if (line.seq <= seq && line.delivery?.status === "pending") this.#setDelivery(line.seq, null);
  }

  #setDelivery(seq, delivery) {
    this.#heard.set(seq, delivery);
    const line = this.#lines.get(seq);
    if (line) this.#compare(delivered(line, delivery));
  }

  /** A line that is known: what has become of it may be new. */
  #compare(line) {
    const known = this.#lines.get(line.seq);
    if (JSON.stringify(known.delivery) === JSON.stringify(line.delivery)) return;
    const changed = delivered(known, line.delivery);
    this.#lines.set(line.seq, changed);
    this.#emit("delivery", changed);
  }

  /** Who has been verified, has another ticket, or is somebody else's now, has more or less to be shown: it comes with opening. */
  #onItem(item) {
    const changed = (name) => this.item[name] !== item[name];
    const more = this.item && ["verified", "tickets", "owner", "agent", "group"].some(changed);
    this.#set("item", item);
    if (more && this.state === "ready") this.open();
  }

  /** The server has a message: it is a line now, even if its line has not come yet. */
  #assume({ text, file, at }, seq) {
    if (this.#lines.has(seq)) return;
    const line = { seq, author: "agent", name: this.desk.me.name, text, ...(file && { file }), at, assumed: true };
    this.#lines.set(seq, line);
    this.#emit("lines", { lines: [line], kind: "new" });
  }

  #setTyping(on) {
    clearTimeout(this.#typingTimer);
    if (on) this.#typingTimer = setTimeout(() => this.#setTyping(false), TYPING_FOR);
    if (on !== this.typing) this.#set("typing", on);
  }

  #set(name, value) {
    this[name] = value;
    this.#emit(name);
  }

  #setState(state, error = "") {
    this.state = state;
    this.error = error;
    this.#emit("state");
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** The line with what has become of it; one that has arrived says nothing about it. */
function delivered({ delivery: _, ...line }, delivery) {
  return delivery && delivery.status !== "delivered" ? { ...line, delivery } : line;
}
