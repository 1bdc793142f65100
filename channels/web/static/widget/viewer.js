/* A picture as large as the screen allows. Escape closes it, and nothing behind it. */

import { h, icon } from "./dom.js";
import { strings } from "./strings.js";

/** Shows it above `parent`; `save()` downloads it. The focus returns to where it was. */
export function showPicture(parent, { url, name, save }) {
  const close = () => dialog.close();
  const button = (label, picture, act) =>
    h("button", { type: "button", "aria-label": label, title: label, onclick: act }, icon(picture));
  const dialog = h(
    "dialog",
    {
      class: "viewer",
      "aria-label": strings.picture(name),
      onclose: () => dialog.remove(),
      onkeydown: (event) => event.stopPropagation(), // Escape closes the picture, not the chat
      onclick: ({ target }) => {
        if (target === dialog || target.matches(".viewer-stage")) close();
      },
    },
    h(
      "div",
      { class: "viewer-bar" },
      h("p", {}, name),
      button(strings.download(name), "download", save),
      button(strings.closePicture, "close", close),
    ),
    h("div", { class: "viewer-stage" }, h("img", { src: url, alt: strings.picture(name) })),
  );
  parent.append(dialog);
  dialog.showModal();
  dialog.querySelector("button:last-child").focus();
}
