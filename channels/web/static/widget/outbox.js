/* The customer's messages that the server has not confirmed yet. They survive a reload and keep their id, by which the
   server recognises one that it had received after all. */

export class Outbox {
  #memory;
  #messages;

  constructor(memory) {
    this.#memory = memory;
    this.#messages = this.#stored().map((message) => ({ ...message, status: message.error ? "failed" : "queued" }));
  }

  get messages() {
    return [...this.#messages];
  }

  find(id) {
    return this.#messages.find((message) => message.id === id);
  }

  /** The next message to send. */
  next() {
    return this.#messages.find((message) => message.status === "queued");
  }

  add(text, payload) {
    const message = { id: newId(), text, payload, at: new Date().toISOString(), status: "queued", error: "" };
    this.#messages.push(message);
    this.#store((stored) => [...stored, message]);
    return message;
  }

  mark(message, status, error = "") {
    Object.assign(message, { status, error });
    this.#store((stored) => stored.map((other) => (other.id === message.id ? message : other)));
  }

  remove(id) {
    this.#messages = this.#messages.filter((message) => message.id !== id);
    this.#store((stored) => stored.filter((message) => message.id !== id));
  }

  #stored() {
    return this.#memory.get("outbox", []);
  }

  /** Reads before it writes: another tab may have messages of its own waiting. */
  #store(change) {
    this.#memory.set(
      "outbox",
      change(this.#stored()).map(({ id, text, payload, at, error }) => ({ id, text, payload, at, error })),
    );
  }
}

/** A random UUID, also on pages without HTTPS, where crypto.randomUUID is missing. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
