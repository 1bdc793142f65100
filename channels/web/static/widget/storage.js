/* What the browser remembers for one chat server. Where storage is forbidden, memory stands in until the page is left. */

export class Memory {
  #prefix;
  #fallback = new Map();

  constructor(server) {
    this.#prefix = `botkit ${server} `;
  }

  get(name, otherwise = null) {
    try {
      const text = localStorage.getItem(this.#prefix + name);
      return text === null ? otherwise : JSON.parse(text);
    } catch {
      return this.#fallback.has(name) ? this.#fallback.get(name) : otherwise;
    }
  }

  set(name, value) {
    try {
      localStorage.setItem(this.#prefix + name, JSON.stringify(value));
    } catch {
      this.#fallback.set(name, value);
    }
  }

  /** Files of this tab that are not sent yet: what they are called. Their bytes are gone with the page. */
  get filesUnsent() {
    try {
      return JSON.parse(sessionStorage.getItem(`${this.#prefix}files`)) ?? [];
    } catch {
      return [];
    }
  }

  set filesUnsent(files) {
    try {
      sessionStorage.setItem(`${this.#prefix}files`, JSON.stringify(files));
    } catch {
      /* then nobody can say that one was lost */
    }
  }

  /** For this tab only: whether the panel was open when the page was left. */
  get wasOpen() {
    try {
      return sessionStorage.getItem(`${this.#prefix}open`) === "1";
    } catch {
      return false;
    }
  }

  set wasOpen(open) {
    try {
      sessionStorage.setItem(`${this.#prefix}open`, open ? "1" : "0");
    } catch {
      /* then the panel starts closed */
    }
  }
}
