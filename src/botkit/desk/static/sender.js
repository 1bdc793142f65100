/* Sends what waits in the outbox, one at a time, as long as there is a connection. */

import { shrunk } from "/web/widget/shrink.js";
import { Outbox } from "./outbox.js";
import { Refused } from "./server.js";

const SHOWN_FOR = 60000; // milliseconds for which a sent file's own bytes are kept, until its line has come

/**
 * Events: `message` (detail: the message, changed), `progress` ({message, share}), `said` ({message, seq}), `gone` (the
 * message).
 */
export class Sender extends EventTarget {
  #busy = false;
  #uploads = new Map(); // id of a message → AbortController
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
    this.#add(this.outbox.add(conversation, text));
  }

  sendFile(conversation, file) {
    this.#add(this.outbox.add(conversation, "", file));
  }

  #add(message) {
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
    this.#uploads.get(id)?.abort();
    this.outbox.remove(id);
    if (message) this.#emit("gone", message);
    if (message?.file?.url) URL.revokeObjectURL(message.file.url);
    this.#flush();
  }

  /** A line of the conversation confirms the message, whether or not its answer comes. */
  settle(id, seq) {
    const message = this.outbox.find(id);
    if (!message) return false;
    this.outbox.remove(id);
    this.#emit("said", { message, seq });
    if (message.file?.url) setTimeout(() => URL.revokeObjectURL(message.file.url), SHOWN_FOR);
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
      const { seq } = await (message.file
        ? this.#upload(message)
        : this.server.ask("say", { id: conversation, message_id: id, text }));
      this.settle(id, seq);
    } catch (error) {
      if (!this.outbox.find(id)) return; // its line came before the answer
      if (error instanceof Refused) this.#mark(message, "failed", error.message);
      else this.#mark(message, this.server.ready ? "failed" : "queued");
    }
  }

  async #upload(message) {
    const { id, conversation } = message;
    const stop = new AbortController();
    this.#uploads.set(id, stop);
    try {
      message.fitted ??= await shrunk(message.body);
      const { body, name } = message.fitted;
      const onprogress = (share) => this.#emit("progress", { message, share });
      return await this.server.sendFile({ conversation, id, name }, body, { signal: stop.signal, onprogress });
    } finally {
      this.#uploads.delete(id);
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
