/* On a phone the panel is the whole screen: nothing behind it scrolls or takes the focus, a keyboard does not cover it. */

import { tabbable } from "./dom.js";

const SMALL = "(max-width: 480px), (max-height: 480px)";

export class FullScreen {
  #panel;
  #pageOverflow;
  #open = false;
  #media = matchMedia(SMALL);

  constructor(panel) {
    this.#panel = panel;
    this.#media.addEventListener("change", () => this.update(this.#open));
    for (const event of ["resize", "scroll"]) window.visualViewport?.addEventListener(event, () => this.#fit());
  }

  get on() {
    return this.#open && this.#media.matches;
  }

  update(open) {
    this.#open = open;
    this.#panel.setAttribute("aria-modal", String(this.on));
    this.#lockPage(this.on);
    this.#fit();
  }

  /** Tab from the last thing leads to the first, and back. */
  keepFocus(event, within, focused) {
    if (!this.on) return;
    const reachable = tabbable(within);
    const [edge, other] = event.shiftKey ? [reachable[0], reachable.at(-1)] : [reachable.at(-1), reachable[0]];
    if (focused !== edge && !(focused === this.#panel && event.shiftKey)) return;
    event.preventDefault();
    other.focus();
  }

  #lockPage(lock) {
    const { style } = document.documentElement;
    if (lock && this.#pageOverflow === undefined) {
      this.#pageOverflow = style.overflow;
      style.overflow = "hidden";
    } else if (!lock && this.#pageOverflow !== undefined) {
      style.overflow = this.#pageOverflow;
      this.#pageOverflow = undefined;
    }
  }

  /** To the part of the screen that the phone's keyboard leaves free. */
  #fit() {
    const view = window.visualViewport;
    if (!view || !this.on || view.scale !== 1) return;
    this.#panel.style.setProperty("--view-height", `${view.height}px`);
    this.#panel.style.setProperty("--view-top", `${view.offsetTop}px`);
  }
}
