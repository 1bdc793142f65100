/* What the console knows: who works here, the names of things, the conversations it has heard of. No screen. */

const BOXES = ["waiting", "mine", "all", "closed"];

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
  reasons = {};
  channels = {};
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

  /** Whether a conversation stands in a box. `closed` holds those whose service has ended; `all` the others. */
  belongs(item, box) {
    switch (box) {
      case "waiting":
        return item.owner === "waiting" && (this.supervises || this.me.groups.includes(item.group));
      case "mine":
        return this.isMine(item);
      case "closed":
        return item.owner === "closed";
      default:
        return item.owner !== "closed";
    }
  }

  take(item) {
    this.items.set(item.id, item);
    this.#emit("item", item);
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

  #onWelcome({ me, groups, agents, counts, phrases, kinds, departments, reasons, channels }) {
    Object.assign(this, { me, groups, phrases, kinds, departments, reasons, channels });
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
