/* Tells the other side that somebody writes: again every few seconds while he does, and when he stops. */

const EVERY = 3000; // milliseconds
const STOPS_AFTER = 5000;

export class Typist {
  #toldAt = 0;
  #timer = 0;

  /** `tell(on)` */
  constructor(tell) {
    this.tell = tell;
  }

  wrote() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stopped(), STOPS_AFTER);
    const now = Date.now();
    if (now - this.#toldAt < EVERY) return;
    this.#toldAt = now;
    this.tell(true);
  }

  stopped() {
    clearTimeout(this.#timer);
    if (!this.#toldAt) return;
    this.#toldAt = 0;
    this.tell(false);
  }
}
