/* What the agent said and the server has not confirmed yet. It survives a reload and keeps its id, by which the server
   recognises a message that it had received after all. Of a file only its name survives: that it was lost can be said. */

import { newId } from "/web/widget/id.js";
import { writing } from "./memory.js";

/**
 * A message: {id, conversation, text, at, status, error}; with a file also `file` {name, type, size, url} and `body`, its
 * bytes, of which `url` is the address; both only while the page is there. `status`: "queued" | "sending" | "failed" | "lost".
 */
export class Outbox {
  #messages = writing.get("outbox", []).map((message) => ({ ...message, status: statusAfterReload(message) }));

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
      if (message.status === "lost") continue; // it cannot be sent any more
      held.add(message.conversation);
    }
    return undefined;
  }

  /** `body`: a File, in the place of a text. */
  add(conversation, text, body = null) {
    const message = {
      id: newId(),
      conversation,
      text,
      ...(body && {
        file: { name: body.name, type: body.type, size: body.size, url: URL.createObjectURL(body) },
        body,
      }),
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

  /** How many are still to be sent. */
  get size() {
    return this.#messages.filter((message) => message.status !== "lost").length;
  }

  #store() {
    writing.set(
      "outbox",
      this.#messages.map(({ id, conversation, text, file, at, error }) => ({
        id,
        conversation,
        text,
        ...(file && { file: { ...file, url: undefined } }),
        at,
        error,
      })),
    );
  }
}

function statusAfterReload({ file, error }) {
  if (file) return "lost";
  return error ? "failed" : "queued";
}
