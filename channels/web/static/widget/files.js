/* The files of the conversation, fetched with the visitor's token. Each once; their addresses hold until `release`. */

export class Files {
  #address;
  #memory;
  #kept = new Map();

  /** `server` as for Conversation. */
  constructor(server, memory) {
    this.#address = `${server.replace(/\/$/, "")}/chat/files`;
    this.#memory = memory;
  }

  get address() {
    return this.#address;
  }

  get headers() {
    return { Authorization: `Bearer ${this.#memory.get("token")}` };
  }

  /** An address for the bytes of a file of the conversation. Rejects when they did not come. */
  url(id) {
    if (!this.#kept.has(id)) {
      const url = this.#fetch(id);
      this.#kept.set(id, url);
      url.catch(() => this.#kept.delete(id)); // to be tried again
    }
    return this.#kept.get(id);
  }

  release(id) {
    this.#kept.get(id)?.then(
      (url) => URL.revokeObjectURL(url),
      () => {},
    );
    this.#kept.delete(id);
  }

  async #fetch(id) {
    const response = await fetch(`${this.#address}/${encodeURIComponent(id)}`, { headers: this.headers });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return URL.createObjectURL(await response.blob());
  }
}
