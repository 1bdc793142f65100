/* The scrolled part of the panel: stays where the reader is, follows when he is at the end. */

import { h } from "./dom.js";

const NEAR = 80; // pixels
const GAP = 8; // pixels
const LOSABLE = 0.2; // of the height

/** `onTop` is called when the reader comes near the beginning, `onMove` after each scrolling. */
export class Scroller {
  #atEnd = true;

  constructor(attributes, { onTop, onMove }) {
    this.node = h("div", {
      class: "scroller",
      ...attributes,
      onscroll: () => {
        this.#atEnd = this.atEnd;
        if (this.node.scrollTop < NEAR) onTop();
        onMove();
      },
    });
    // A keyboard coming up, larger text: whoever was at the end stays there.
    new ResizeObserver(() => {
      if (this.#atEnd) this.toEnd();
      onMove();
    }).observe(this.node);
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.#atEnd = true;
  }

  /** To the end, but not so far that much of `element` is lost above: a long answer is read from its beginning. */
  toEndBelow(element) {
    const top = element ? element.getBoundingClientRect().top - this.node.getBoundingClientRect().top + this.node.scrollTop - GAP : Infinity;
    const end = this.node.scrollHeight - this.node.clientHeight;
    this.node.scrollTop = end - top > LOSABLE * this.node.clientHeight ? top : end;
    this.#atEnd = this.atEnd;
  }

  /** Runs `change`, which adds something above, and keeps what the reader sees where it is. */
  keep(change) {
    const { scrollHeight, scrollTop } = this.node;
    change();
    this.node.scrollTop = scrollTop + this.node.scrollHeight - scrollHeight;
  }
}
