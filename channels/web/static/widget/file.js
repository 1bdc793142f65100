/* A file in a line: a picture as a thumbnail that opens large, anything else as its name and size. */

import { h, hidden, icon } from "./dom.js";
import { isPicture } from "./picking.js";
import { strings } from "./strings.js";
import { showPicture } from "./viewer.js";

const WIDTH = 200; // pixels, kept free before the picture is there
const HEIGHT = 150;
const AHEAD = "400px"; // from the screen, at which a picture is loaded

const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      target.dispatchEvent(new CustomEvent("near"));
    }
  },
  { rootMargin: AHEAD },
);

/**
 * `file`: {name, type, size}. `source()` resolves with an address for its bytes and is called again after it failed; null
 * where there are no bytes any more.
 */
export const fileView = (file, source) => (source && isPicture(file) ? thumbnail(file, source) : row(file, source));

function thumbnail(file, source) {
  const image = h("img", { alt: "", width: WIDTH, height: HEIGHT, hidden: true });
  const words = h("span", { class: "thumb-words", "aria-hidden": "true" });
  const say = (state) => {
    const problem = state === "failed" ? strings.pictureFailed : "";
    button.dataset.state = state;
    image.hidden = state !== "ready";
    words.textContent = problem;
    button.setAttribute("aria-label", [strings.picture(file.name), problem].filter(Boolean).join(", "));
  };
  const load = async () => {
    say("loading");
    try {
      await loaded(image, await source());
      say("ready");
    } catch {
      say("failed");
    }
  };
  const press = () => {
    if (button.dataset.state === "failed") return load();
    if (button.dataset.state !== "ready") return undefined;
    const root = button.getRootNode();
    const parent = root === document ? document.body : button.closest(".panel");
    return showPicture(parent, { url: image.src, name: file.name, save: () => save(file, source) });
  };
  const button = h("button", { type: "button", class: "thumb", onclick: press, onnear: load }, image, words);
  say("loading");
  near.observe(button);
  return button;
}

/** Not `image.decode()`: that waits for a frame, and a page that nobody looks at has none. */
const loaded = (image, url) =>
  new Promise((resolve, reject) => {
    image.addEventListener("load", resolve, { once: true });
    image.addEventListener("error", reject, { once: true });
    image.src = url;
  });

function row(file, source) {
  const problem = h("span", { class: "file-problem" });
  const press = async () => {
    problem.textContent = "";
    if (!(await save(file, source))) problem.textContent = strings.fileFailed;
  };
  return h(
    "button",
    { type: "button", class: "file", disabled: !source, onclick: press },
    icon("file"),
    h(
      "span",
      { class: "file-words" },
      source ? hidden(strings.downloadFile) : null,
      h("b", {}, file.name),
      h("span", {}, strings.fileSize(file.size)),
      problem,
    ),
    source ? icon("download") : null,
  );
}

/** True if it worked. */
async function save({ name }, source) {
  try {
    h("a", { href: await source(), download: name }).click();
    return true;
  } catch {
    return false;
  }
}
