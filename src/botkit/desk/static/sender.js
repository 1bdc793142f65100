/* Sends what waits in the outbox, one at a time, as long as there is a connection. */

import { Outbox } from "./outbox.js";
import { Refused } from "./server.js";

/** Events: `message` (detail: the message, changed), `said` ({message, seq}), `gone` (the message). */
export class Sender extends EventTarget {
  #busy = false;
  outbox = new Outbox();

  constructor(server) {
    super();
    this.server = server;
    server.addEventListener("welcome", () => {
      this.outbox.requeue();
      this.#flush();
    });
  }

  say(conversation, text) {
    const message = this.outbox.add(conversation, text);
    this.#emit("message", message);
    this.#flush();
  }

  retry(id) {
    const message = this.outbox.find(id);
    if (!message) return;
    this.#mark(message, "queued");
    this.#flush();
  }

  discard(id) {
    const message = this.outbox.find(id);
    this.outbox.remove(id);
    if (message) this.#emit("gone", message);
    this.#flush();
  }

  /** A line of the conversation confirms the message, whether or not its answer comes. */
  settle(id, seq) {
    const message = this.outbox.find(id);
    if (!message) return false;
    this.outbox.remove(id);
    this.#emit("said", { message, seq });
    return true;
  }

  async #flush() {
    if (this.#busy) return;
    this.#busy = true;
    for (let message = this.outbox.next(); message && this.server.ready; message = this.outbox.next()) {
      await this.#deliver(message);
    }
    this.#busy = false;
  }

  async #deliver(message) {
    this.#mark(message, "sending");
    const { id, conversation, text } = message;
    try {
      const { seq } = await this.server.ask("say", { id: conversation, message_id: id, text });
      this.settle(id, seq);
    } catch (error) {
      if (!this.outbox.find(id)) return; // its line came before the answer
      if (error instanceof Refused) this.#mark(message, "failed", error.message);
      else this.#mark(message, this.server.ready ? "failed" : "queued");
    }
  }

  #mark(message, status, error) {
    this.outbox.mark(message, status, error);
    this.#emit("message", message);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
