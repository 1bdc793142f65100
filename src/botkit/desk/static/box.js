/* One list of conversations: loaded from the server page by page, kept up to date by what it tells. No screen. */

/** Who waits longest stands first; elsewhere who spoke last. */
const ORDERS = {
  waiting: (one, other) => time(one.since) - time(other.since),
  newest: (one, other) => time(other.last?.at ?? other.since) - time(one.last?.at ?? one.since),
};

const time = (text) => (text ? Date.parse(text) : 0);

/** Fires `change`. `state` is "loading", "ready" or "failed"; `items` are in order. */
export class Box extends EventTarget {
  #asked = 0;
  #told = null; // whom it heard of while the list is on its way, which may not know him
  #loadingMore = false;
  items = [];
  more = false;
  state = "loading";

  constructor(desk, name, query = "") {
    super();
    this.desk = desk;
    this.name = name;
    this.query = query;
    this.order = ORDERS[name] ?? ORDERS.newest;
  }

  /** Loads the beginning anew; what is shown stays until it has come. */
  async load() {
    const asked = ++this.#asked;
    this.#told ??= new Set();
    if (this.state === "failed") this.#change("loading");
    try {
      const { items, more } = await this.desk.server.ask("list", this.#question());
      if (asked !== this.#asked) return;
      this.items = items;
      this.more = more;
      const outdated = items.filter((item) => !this.desk.keep(item));
      this.#change("ready");
      for (const { id } of outdated) this.take(this.desk.items.get(id));
      this.#takeTold();
    } catch {
      if (asked !== this.#asked) return;
      this.#change(this.items.length ? "ready" : "failed");
      this.#takeTold();
    }
  }

  #takeTold() {
    const told = this.#told;
    this.#told = null;
    for (const id of told) this.take(this.desk.items.get(id));
  }

  async loadMore() {
    if (!this.more || this.#loadingMore || this.state !== "ready") return;
    this.#loadingMore = true;
    const last = this.items.at(-1);
    try {
      const { items, more } = await this.desk.server.ask("list", this.#question(last.cursor ?? last.id));
      const known = new Set(this.items.map((item) => item.id));
      this.items = [...this.items, ...items.filter((item) => !known.has(item.id))];
      this.more = more;
      const outdated = items.filter((item) => !this.desk.keep(item));
      this.#change("ready");
      for (const { id } of outdated) this.take(this.desk.items.get(id));
    } catch {
      /* scrolling on tries again */
    } finally {
      this.#loadingMore = false;
    }
  }

  /** An item that is new or has changed. A search only sees changes of what it found. */
  take(item) {
    this.#told?.add(item.id);
    if (this.state !== "ready") return;
    const known = this.items.some((other) => other.id === item.id);
    const belongs = this.desk.belongs(item, this.name);
    if (!known && (!belongs || this.query)) return;
    const others = this.items.filter((other) => other.id !== item.id);
    const beyond = this.more && others.length > 0 && this.order(item, others.at(-1)) > 0;
    if (!belongs || (beyond && !known)) this.items = others;
    else {
      const place = others.findIndex((other) => this.order(item, other) < 0);
      this.items = place < 0 ? [...others, item] : others.toSpliced(place, 0, item);
    }
    this.#change("ready");
  }

  #question(before) {
    return { box: this.name, ...(this.query && { query: this.query }), ...(before && { before }) };
  }

  #change(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("change"));
  }
}
