/* What the agent said and the server has not confirmed yet. It survives a reload and keeps its id, by which the server
   recognises a message that it had received after all. */

import { writing } from "./memory.js";

/** A message: {id, conversation, text, at, status: "queued" | "sending" | "failed", error}. */
export class Outbox {
  #messages = writing.get("outbox", []).map((message) => ({ ...message, status: message.error ? "failed" : "queued" }));

  of(conversation) {
    return this.#messages.filter((message) => message.conversation === conversation);
  }

  find(id) {
    return this.#messages.find((message) => message.id === id);
  }

  /** The next one to send: in each conversation in order, so that a failed one holds up those behind it. */
  next() {
    const held = new Set();
    for (const message of this.#messages) {
      if (held.has(message.conversation)) continue;
      if (message.status === "queued") return message;
      held.add(message.conversation);
    }
    return undefined;
  }

  add(conversation, text) {
    const message = {
      id: newId(),
      conversation,
      text,
      at: new Date().toISOString(),
      status: "queued",
      error: "",
    };
    this.#messages.push(message);
    this.#store();
    return message;
  }

  mark(message, status, error = "") {
    Object.assign(message, { status, error });
    this.#store();
  }

  /** What was on its way when the line broke goes out again, with its id. */
  requeue() {
    for (const message of this.#messages) {
      if (message.status === "sending" || (message.status === "failed" && !message.error)) message.status = "queued";
    }
  }

  remove(id) {
    this.#messages = this.#messages.filter((message) => message.id !== id);
    this.#store();
  }

  get size() {
    return this.#messages.length;
  }

  #store() {
    writing.set(
      "outbox",
      this.#messages.map(({ id, conversation, text, at, error }) => ({ id, conversation, text, at, error })),
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
