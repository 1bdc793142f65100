/* The conversation with the server: connection, lines, what waits to be sent. Knows nothing of the screen.
   Protocol: docs/widget.md. */

import { Files } from "./files.js";
import { Outbox } from "./outbox.js";
import { shrunk } from "./shrink.js";
import { upload } from "./upload.js";

const ANSWER_WITHIN = 15000; // milliseconds for the server to confirm
const WELCOME_WITHIN = 10000;
const REFUSED_FOR = 4000;

const UNFIT = new Set([400, 413, 415]); // a file that the server would refuse again

/**
 * Events, as CustomEvents with `detail`:
 *   link     "connecting" | "online" | "reconnecting" | "offline" | "refused"
 *   reset    everything shown belongs to another conversation, or has a gap
 *   welcome  {greeting}: the lines of the conversation are there
 *   lines    {lines, kind: "old" | "missed" | "new"}, in order, never one twice
 *   message  a message of the customer's own that changed: as in outbox.js
 *   progress {id, share}: how much of a file is on its way, 0 to 1
 *   settled  {id, line}: the server has the message; `line` is how it stands in the conversation
 *   gone     {id}: the customer deleted a message that was not sent
 *   typing   boolean
 *   read     the agent has seen everything up to this seq
 *   state    {state, ahead?, minutes?, agent?}
 */
export class Conversation extends EventTarget {
  #server;
  #memory;
  #outbox;
  #socket = null;
  #ready = false;
  #welcomed = false;
  #askedAfter = 0;
  #lines = new Map();
  #assumed = new Map(); // seq of a line known only from the server's answer → id of the message
  #received = new Set();
  #attempt = 0;
  #flushing = false;
  #olderLines = null;
  #timer = 0;
  #uploads = new Map(); // id of a message → AbortController
  link = "idle";
  state = { state: "bot" };
  hotline = "";
  more = false;
  read = 0;

  constructor(server, memory) {
    super();
    this.files = new Files(server, memory);
    this.#server = new URL(server);
    this.#memory = memory;
    this.#outbox = new Outbox(memory);
  }

  /** The conversation's lines that are loaded, in order. */
  get lines() {
    return [...this.#lines.values()].sort((one, other) => one.seq - other.seq);
  }

  get unsent() {
    return this.#outbox.messages;
  }

  /** True if this browser has talked with the server before. */
  get known() {
    return this.#memory.get("token") !== null || this.unsent.length > 0;
  }

  async connect() {
    if (this.#socket || this.link === "connecting") return;
    this.#setLink("connecting");
    let io;
    try {
      // A browser remembers that an address failed: a second attempt needs another one.
      const again = this.#attempt++ ? `?attempt=${this.#attempt}` : "";
      ({ io } = await import(`../vendor/socket.io.esm.min.js${again}`));
    } catch {
      this.#setLink("refused");
      return;
    }
    const socket = io(this.#server.origin, {
      path: `${this.#server.pathname.replace(/\/$/, "")}/chat/socket.io`,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 8000,
      timeout: 10000,
      auth: (give) => give(this.#credentials()),
    });
    this.#socket = socket;
    socket.on("connect", () => {
      if (this.link === "online") return; // the welcome was here before it
      this.#timer = setTimeout(() => this.#connectAfresh(), WELCOME_WITHIN);
    });
    socket.on("disconnect", (reason) => {
      this.#lost();
      if (reason === "io server disconnect") setTimeout(() => socket.connect(), 2000 + 3000 * Math.random());
    });
    socket.on("connect_error", () => {
      if (socket.active) this.#lost();
      else this.#refused();
    });
    socket.on("welcome", (welcome) => this.#onWelcome(welcome));
    socket.on("line", (line) => {
      if (!this.#welcomed) return;
      this.#take([line], "new");
      this.#confirm([line]);
    });
    socket.on("typing", ({ on }) => this.#emit("typing", Boolean(on)));
    socket.on("read", ({ seq }) => this.#setRead(Math.max(seq, this.read)));
    socket.on("state", (state) => this.#setState(state));

    // The browser knows of a lost or found network earlier than any timer does.
    window.addEventListener("offline", () => {
      socket.io.engine?.close();
      this.#lost();
    });
    window.addEventListener("online", () => this.#connectAfresh());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && !socket.connected) this.#connectAfresh();
    });
  }

  /** After `refused`: try once more. */
  tryAgain() {
    if (this.#socket) this.#connectAfresh();
    else this.connect();
  }

  /** Sends now, or as soon as there is a connection. */
  send(text, payload = null) {
    const message = this.#outbox.add(text, payload);
    this.#emit("message", message);
    this.connect();
    this.#flush();
  }

  /** Sends a file as soon as what was written before is sent. */
  sendFile(file) {
    this.#emit("message", this.#outbox.addFile(file));
    this.connect();
    this.#flush();
  }

  /** Tells a human that the customer writes; the bot does not look. */
  tellTyping(on) {
    const { state } = this.state;
    if (this.#ready && (state === "human" || state === "waiting")) this.#socket.emit("typing", { on });
  }

  retry(id) {
    const message = this.#outbox.find(id);
    if (!message || message.status !== "failed") return;
    this.#mark(message, "queued");
    this.#flush();
  }

  discard(id) {
    this.#uploads.get(id)?.abort();
    this.#outbox.remove(id);
    this.#emit("gone", { id });
  }

  /** Leaves this conversation for good, with what was not sent; another one begins. */
  startOver() {
    for (const { id } of this.unsent) this.discard(id);
    this.#memory.set("token", null);
    this.#lines.clear();
    this.#assumed.clear();
    this.read = 0;
    this.#emit("reset");
    if (this.#socket) this.#connectAfresh();
    else this.connect();
  }

  /** Loads the lines before the first one known. Resolves when they have been announced; rejects when they did not come. */
  older() {
    this.#olderLines ??= this.#loadOlder().finally(() => {
      this.#olderLines = null;
    });
    return this.#olderLines;
  }

  async #loadOlder() {
    if (!this.more) return;
    if (!this.#ready) throw new Error("not connected");
    const before = Math.min(...this.#lines.keys());
    const { lines, more } = await this.#socket.timeout(ANSWER_WITHIN).emitWithAck("history", { before });
    this.more = Boolean(more) && lines.length > 0;
    this.#take(lines, "old");
  }

  #credentials() {
    this.#askedAfter = Math.max(0, ...this.#lines.keys());
    const token = this.#memory.get("token");
    return { ...(token && { token }), ...(this.#askedAfter && { after: this.#askedAfter }) };
  }

  #onWelcome(welcome) {
    clearTimeout(this.#timer);
    const stranger = this.#welcomed && welcome.token !== this.#memory.get("token");
    const gap = this.#askedAfter > 0 && welcome.more;
    if (stranger || gap) {
      this.#lines.clear();
      this.#assumed.clear();
      this.#emit("reset");
    }
    if (stranger || gap || !this.#welcomed) this.more = Boolean(welcome.more);
    this.#memory.set("token", welcome.token);
    this.hotline = welcome.hotline || "";
    const missed = this.#welcomed && !stranger && !gap;
    this.#welcomed = true;
    this.#ready = true;
    this.#setLink("online");
    this.#setState(welcome);
    this.#setRead(Math.max(welcome.read ?? 0, this.read));
    this.#take(welcome.lines, missed ? "missed" : "old");
    this.#confirm(welcome.lines);
    this.#emit("welcome", { greeting: this.#lines.size === 0 ? welcome.greeting : null });
    for (const message of this.#outbox.messages)
      if (message.status === "failed" && !message.error) this.#mark(message, "queued");
    this.#flush();
  }

  /** Takes lines in: drops those known already, settles messages that they confirm. */
  #take(lines, kind) {
    const fresh = lines.filter((line) => !this.#lines.has(line.seq) || this.#assumed.has(line.seq));
    fresh.sort((one, other) => one.seq - other.seq);
    for (const line of fresh) this.#lines.set(line.seq, line);
    const shown = fresh.filter((line) => !this.#settleBy(line));
    if (shown.length > 0) this.#emit("lines", { lines: shown, kind });
  }

  #settleBy(line) {
    const id = this.#assumed.get(line.seq) ?? this.#outbox.find(line.client_id)?.id;
    if (!id) return false;
    this.#assumed.delete(line.seq);
    this.#outbox.remove(id);
    this.#emit("settled", { id, line });
    return true;
  }

  /** Tells the server what was shown. */
  #confirm(lines) {
    const waiting = this.#received.size > 0;
    for (const line of lines) if (line.author !== "customer") this.#received.add(line.seq);
    if (waiting || this.#received.size === 0) return;
    queueMicrotask(() => {
      if (this.#ready) this.#socket.emit("received", { seqs: [...this.#received] });
      this.#received.clear();
    });
  }

  async #flush() {
    if (this.#flushing) return;
    this.#flushing = true;
    for (let message = this.#outbox.next(); message && this.#ready; message = this.#outbox.next()) {
      await this.#deliver(message);
    }
    this.#flushing = false;
  }

  async #deliver(message) {
    this.#mark(message, "sending");
    const { id } = message;
    let answer;
    try {
      answer = await (message.file ? this.#upload(message) : this.#ask(message));
    } catch {
      // Silence while connected is a failure to show; a lost connection is not: the message goes out after it is back.
      if (this.#outbox.find(id)) this.#mark(message, this.#ready ? "failed" : "queued");
      return;
    }
    if (!this.#outbox.find(id)) return; // its line came before the answer
    if (answer.ok) this.#settle(message, answer);
    else this.#mark(message, answer.final ? "unfit" : "failed", answer.error);
  }

  #ask({ id, text, payload }) {
    const body = payload ? { id, text, payload } : { id, text };
    return this.#socket.timeout(ANSWER_WITHIN).emitWithAck("message", body);
  }

  async #upload(message) {
    const { id } = message;
    const stop = new AbortController();
    this.#uploads.set(id, stop);
    try {
      message.fitted ??= await shrunk(message.body);
      const { body, name } = message.fitted;
      const { status, answer } = await upload(`${this.files.address}?${new URLSearchParams({ id, name })}`, body, {
        headers: { ...this.files.headers, "Content-Type": "application/octet-stream" },
        signal: stop.signal,
        onprogress: (share) => this.#emit("progress", { id, share }),
      });
      if (typeof answer?.ok !== "boolean") throw new Error("not our server's answer");
      return { ...answer, final: UNFIT.has(status) };
    } finally {
      this.#uploads.delete(id);
    }
  }

  #settle(message, { seq, at = message.at }) {
    const { id, text, file } = message;
    if (!this.#lines.has(seq)) {
      this.#lines.set(seq, { seq, author: "customer", text, at, ...(file && { file }) });
      this.#assumed.set(seq, id);
    }
    this.#outbox.remove(id);
    this.#emit("settled", { id, line: this.#lines.get(seq) });
  }

  #mark(message, status, error) {
    this.#outbox.mark(message, status, error);
    this.#emit("message", message);
  }

  #lost() {
    clearTimeout(this.#timer);
    this.#ready = false;
    for (const message of this.#outbox.messages) if (message.status === "sending") this.#mark(message, "queued");
    this.#emit("typing", false);
    this.#setLink(navigator.onLine ? (this.#welcomed ? "reconnecting" : "connecting") : "offline");
  }

  /** The server is there, but does not let us in: it may be starting still. */
  #refused() {
    this.#setLink("refused");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#socket.connect(), REFUSED_FOR * (1 + Math.random()));
  }

  #connectAfresh() {
    this.#lost();
    this.#socket.disconnect().connect();
  }

  #setLink(link) {
    if (link === this.link) return;
    this.link = link;
    this.#emit("link", link);
  }

  #setRead(seq) {
    this.read = seq;
    this.#emit("read", seq);
  }

  #setState({ state, ahead, minutes, agent }) {
    this.state = { state, ahead, minutes, agent };
    this.#emit("state", this.state);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
