/* What the console knows: who works here, the names of things, the conversations it has heard of. No screen. */

const BOXES = ["waiting", "mine", "all", "closed", "consults"];

/**
 * Events: `directory` (names, groups, phrases are there), `agents`, `me`, `counts`, `item` with the Item as detail.
 */
export class Desk extends EventTarget {
  me;
  groups = [];
  agents = new Map();
  counts = Object.fromEntries(BOXES.map((box) => [box, null]));
  phrases = [];
  kinds = [];
  departments = [];
  usual = {}; // department and kind of a ticket, by group
  reasons = {};
  channels = {};
  replyWithin = 120; // seconds after which the customer has waited too long for a word
  items = new Map();

  constructor(server, me) {
    super();
    this.server = server;
    this.me = me;
    server.addEventListener("welcome", ({ detail }) => this.#onWelcome(detail));
    server.addEventListener("agents", ({ detail }) => this.#onAgents(detail));
    server.addEventListener("counts", ({ detail }) => this.#onCounts(detail));
    server.addEventListener("item", ({ detail }) => this.take(detail));
  }

  get supervises() {
    return this.me.role !== "agent";
  }

  get administers() {
    return this.me.role === "admin";
  }

  isMine(item) {
    return item.owner === "human" && item.agent === this.me.id;
  }

  /** Open questions about it to a group of this agent's, not his own. */
  askedOf(item) {
    const { id, groups } = this.me;
    return (item.consults ?? []).filter((one) => one.agent !== id && one.groups.some((group) => groups.includes(group)));
  }

  /** Whether a conversation stands in a box. `closed` holds those whose service has ended, also where the bot goes on. */
  belongs(item, box) {
    switch (box) {
      case "waiting":
        return item.owner === "waiting" && (this.supervises || this.me.groups.includes(item.group));
      case "mine":
        return this.isMine(item);
      case "closed":
        return item.served && item.owner !== "waiting" && item.owner !== "human";
      case "consults":
        return this.askedOf(item).length > 0;
      default:
        return item.owner !== "closed";
    }
  }

  /** What the server tells of an item; what it told before and comes after it is passed over. */
  take(item) {
    if (this.keep(item)) this.#emit("item", item);
  }

  /** Whether it is no older than what is known: answers and news may overtake each other. Each turn of a conversation has a
   *  line in the transcript, so its number tells. */
  keep(item) {
    if (this.items.get(item.id)?.seq > item.seq) return false;
    this.items.set(item.id, item);
    return true;
  }

  agentName(id) {
    return typeof id === "string" ? id : (this.agents.get(id)?.name ?? "");
  }

  groupName(id) {
    return this.groups.find((group) => group.id === id)?.name ?? (id || "");
  }

  channelName(id) {
    return this.channels[id] ?? id;
  }

  reasonName(id) {
    return this.reasons[id] ?? "";
  }

  /** Why he came to a human: by the rule of the handbook where one applied. */
  whyOf({ rule, reason }) {
    return rule || this.reasonName(reason);
  }

  departmentName(id) {
    return this.departments.find((department) => department.id === id)?.name ?? id;
  }

  kindName(id) {
    return this.kinds.find((kind) => kind.id === id)?.name ?? id;
  }

  async setPresence(state) {
    await this.server.ask("presence", { state });
    this.me = { ...this.me, presence: state };
    this.#emit("me");
  }

  #onWelcome({ me, groups, agents, counts, phrases, kinds, departments, reasons, channels, ...more }) {
    Object.assign(this, { me, groups, phrases, kinds, departments, reasons, channels });
    this.usual = more.usual ?? {};
    this.replyWithin = more.reply_within ?? this.replyWithin;
    this.#emit("directory");
    this.#emit("me");
    this.#onAgents(agents);
    this.#onCounts(counts);
  }

  #onAgents(agents) {
    this.agents = new Map(agents.map((agent) => [agent.id, agent]));
    const own = this.agents.get(this.me.id);
    if (own && own.presence !== this.me.presence) {
      this.me = { ...this.me, presence: own.presence };
      this.#emit("me");
    }
    this.#emit("agents");
  }

  #onCounts(counts) {
    this.counts = counts;
    this.#emit("counts");
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

export { BOXES };
