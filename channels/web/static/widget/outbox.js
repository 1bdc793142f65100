/* The customer's messages that the server has not confirmed yet. They survive a reload and keep their id, by which the
   server recognises one that it had received after all. Of a file only its name survives: that it was lost can be said. */

import { newId } from "./id.js";

/**
 * A message: {id, text, payload, at, status, error}, with `file` {name, type, size} and, while the page is there, `body`,
 * its bytes. `status`: "queued" | "sending" | "failed" | "unfit" (it would be refused again) | "lost".
 */
export class Outbox {
  #memory;
  #messages;

  constructor(memory) {
    this.#memory = memory;
    const written = this.#stored().map((message) => ({ ...message, status: message.error ? "failed" : "queued" }));
    const lost = memory.filesUnsent.map((message) => ({ ...message, text: "", status: "lost", error: "" }));
    this.#messages = [...written, ...lost].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
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

  addFile(body) {
    const { name, type, size } = body;
    const message = { id: newId(), text: "", file: { name, type, size }, body, at: new Date().toISOString(), error: "" };
    message.status = "queued";
    this.#messages.push(message);
    this.#noteFiles();
    return message;
  }

  mark(message, status, error = "") {
    Object.assign(message, { status, error });
    if (!message.file) this.#store((stored) => stored.map((other) => (other.id === message.id ? message : other)));
  }

  remove(id) {
    this.#messages = this.#messages.filter((message) => message.id !== id);
    this.#store((stored) => stored.filter((message) => message.id !== id));
    this.#noteFiles();
  }

  #noteFiles() {
    this.#memory.filesUnsent = this.#messages
      .filter((message) => message.file)
      .map(({ id, file, at }) => ({ id, file, at }));
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
