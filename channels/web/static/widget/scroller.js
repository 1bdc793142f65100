/* The scrolled part of the panel: stays where the reader is, follows when he is at the end. */

import { h } from "./dom.js";

const NEAR = 80; // pixels
const GAP = 8; // pixels
const LOSABLE = 0.2; // of the height

/** `onTop` is called when the reader comes near the beginning, `onMove` after each scrolling. */
export class Scroller {
  #height = 0;
  following = true; // whether new lines are followed: until the reader scrolls away

  constructor(attributes, { onTop, onMove }) {
    this.node = h("div", {
      class: "scroller",
      ...attributes,
      onscroll: () => {
        if (this.node.clientHeight === this.#height) this.following = this.atEnd; // else the height moved it, not the reader
        if (this.node.scrollTop < NEAR) onTop();
        onMove();
      },
    });
    // A keyboard or a bar coming up, larger text: whoever was at the end stays there.
    new ResizeObserver(() => {
      this.#height = this.node.clientHeight;
      if (this.following) this.toEnd();
      onMove();
    }).observe(this.node);
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.following = true;
  }

  /** To the end, but not so far that much of `element` is lost above: a long answer is read from its beginning. */
  toEndBelow(element) {
    const { node } = this;
    const end = node.scrollHeight - node.clientHeight;
    const above = element ? element.getBoundingClientRect().top - node.getBoundingClientRect().top : Infinity;
    const top = above + node.scrollTop - GAP;
    node.scrollTop = end - top > LOSABLE * node.clientHeight ? top : end;
    this.following = this.atEnd;
  }

  /** Runs `change`, which adds something above, and keeps what the reader sees where it is. */
  keep(change) {
    const { scrollHeight, scrollTop } = this.node;
    change();
    this.node.scrollTop = scrollTop + this.node.scrollHeight - scrollHeight;
  }
}
