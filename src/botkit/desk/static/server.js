/* The way to the server: HTTP for signing in, Socket.IO for everything live. Knows nothing of the screen.
   Protocol: docs/desk.md. */

import { io } from "/web/vendor/socket.io.esm.min.js";
import { upload } from "/web/widget/upload.js";

const ANSWER_WITHIN = 15000; // milliseconds
const WELCOME_WITHIN = 10000;
const EVENTS = ["item", "counts", "line", "typing", "read", "card", "notes", "delivery", "agents", "call"];

/** The server said no. `message` is its sentence. */
export class Refused extends Error {}

/** No answer came: no network, or the server is away. */
export class Unreachable extends Error {}

/** Asks by HTTP. The answer's data, or null where there are none. Throws Refused with `status`, Unreachable. */
export async function request(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
  } catch {
    throw new Unreachable();
  }
  if (response.status >= 500) throw new Unreachable();
  const data = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw Object.assign(new Refused(data?.error ?? ""), { status: response.status });
  return data;
}

/**
 * Events, as CustomEvents with `detail`: those of the protocol under their names, `welcome` and `signed_out` among them, and
 *   link   "connecting" | "online" | "reconnecting" | "offline"
 */
export class Server extends EventTarget {
  #socket = null;
  #timer = 0;
  #welcomed = false;
  link = "idle";

  get ready() {
    return this.link === "online";
  }

  connect() {
    const socket = io("/desk", {
      path: "/chat/socket.io",
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
      timeout: 10000,
      withCredentials: true,
    });
    this.#socket = socket;
    this.#setLink("connecting");
    socket.on("connect", () => {
      if (!this.ready) this.#timer = setTimeout(() => this.connectAfresh(), WELCOME_WITHIN); // it may have come before
    });
    socket.on("disconnect", (reason) => {
      this.#lost();
      if (reason === "io server disconnect") this.#checkSession();
    });
    socket.on("connect_error", () => {
      this.#lost();
      if (!socket.active) this.#checkSession();
    });
    socket.on("welcome", (welcome) => {
      clearTimeout(this.#timer);
      this.#welcomed = true;
      this.link = "online"; // before anybody acts on the welcome; announced after it
      this.#emit("welcome", welcome);
      this.#emit("link", "online");
    });
    socket.on("signed_out", () => this.#end());
    for (const name of EVENTS) socket.on(name, (data) => this.#emit(name, data));
    window.addEventListener("offline", this.#onOffline);
    window.addEventListener("online", this.#onOnline);
  }

  /** Asks, and resolves with the answer. Throws Refused, Unreachable. */
  async ask(event, data = {}) {
    if (!this.ready) throw new Unreachable();
    let answer;
    try {
      answer = await this.#socket.timeout(ANSWER_WITHIN).emitWithAck(event, data);
    } catch {
      throw new Unreachable();
    }
    if (!answer?.ok) throw new Refused(answer?.error ?? "");
    return answer;
  }

  /** Sends a file: `query` as in docs/desk.md, `options` those of upload. The answer as from `ask`. */
  async sendFile(query, body, options) {
    let done;
    try {
      const headers = { "Content-Type": "application/octet-stream" };
      done = await upload(`/desk/files?${new URLSearchParams(query)}`, body, { headers, ...options });
    } catch {
      throw new Unreachable();
    }
    const { status, answer } = done;
    if (status === 401) this.#end();
    if (status >= 500 || !answer) throw new Unreachable();
    if (!answer.ok) throw new Refused(answer.error ?? "");
    return answer;
  }

  /** Says something whose loss does no harm. */
  tell(event, data) {
    if (this.ready) this.#socket.emit(event, data);
  }

  connectAfresh() {
    this.#lost();
    this.#socket.disconnect().connect();
  }

  close() {
    clearTimeout(this.#timer);
    window.removeEventListener("offline", this.#onOffline);
    window.removeEventListener("online", this.#onOnline);
    this.#socket?.removeAllListeners();
    this.#socket?.disconnect();
    this.link = "idle";
  }

  #onOffline = () => {
    this.#socket.io.engine?.close();
    this.#lost();
  };

  #onOnline = () => this.connectAfresh();

  /** The server turned us away: is it the session, or is it starting still? */
  async #checkSession() {
    clearTimeout(this.#timer);
    try {
      await request("/desk/me");
    } catch (error) {
      if (error.status === 401) {
        this.#end();
        return;
      }
    }
    this.#timer = setTimeout(() => this.#socket.connect(), 2000 + 2000 * Math.random());
  }

  #end() {
    this.close();
    this.#emit("signed_out");
  }

  #lost() {
    clearTimeout(this.#timer);
    this.#setLink(navigator.onLine ? (this.#welcomed ? "reconnecting" : "connecting") : "offline");
  }

  #setLink(link) {
    if (link === this.link) return;
    this.link = link;
    this.#emit("link", link);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
