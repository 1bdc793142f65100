/* Files on their way in: picked, pasted, dropped; which may be sent. The server looks again, at the content. */

import { h, icon } from "./dom.js";
import { strings } from "./strings.js";

export const LARGEST = 8 * 1024 * 1024; // bytes
const LARGEST_PHOTO = 60 * 1024 * 1024; // before it is scaled down

export const PICTURES = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const SCALABLE = PICTURES.filter((type) => type !== "image/gif"); // a GIF may move
const TYPES = [
  ...PICTURES,
  "application/pdf",
  "audio/mpeg",
  "audio/ogg",
  "audio/mp4",
  "audio/m4a",
  "audio/x-m4a",
  "audio/amr",
  "video/mp4",
];
const ENDINGS = /\.(jpe?g|png|gif|webp|pdf|mp3|ogg|m4a|amr|mp4)$/i; // not every system knows the type of a recording
const ACCEPT = [...TYPES, ".m4a", ".amr"].join();

export const isPicture = ({ type }) => PICTURES.includes(type);

export const isScalable = ({ type }) => SCALABLE.includes(type);

/** Why a file cannot be sent, in words; or "". */
export function objection({ name, type, size }) {
  if (type ? !TYPES.includes(type) : !ENDINGS.test(name)) return strings.fileType(name);
  if (size === 0) return strings.fileEmpty(name);
  return size > (isScalable({ type }) ? LARGEST_PHOTO : LARGEST) ? strings.fileTooLarge(name) : "";
}

/** The button with the paper clip. `onfiles(files)`. */
export function attachButton(onfiles, attributes) {
  const input = h("input", {
    type: "file",
    accept: ACCEPT,
    multiple: true,
    hidden: true,
    onchange: () => {
      const files = [...input.files];
      input.value = ""; // so that the same file can be picked again
      if (files.length) onfiles(files);
    },
  });
  const button = h(
    "button",
    { type: "button", "aria-label": strings.attach, title: strings.attach, ...attributes, onclick: () => input.click() },
    icon("clip"),
  );
  return [input, button];
}

/** The files of a paste. Where words come along, as from a spreadsheet, the words are meant. */
export function pasted({ clipboardData }) {
  const files = [...(clipboardData?.files ?? [])];
  if (files.length === 0 || clipboardData.types.includes("text/plain")) return [];
  return files.map((file) => (file.name === "image.png" ? new File([file], strings.screenshot, file) : file));
}

/** Lets files be dropped on `node`, which says so while they are above it. `allowed()` whether they may be now. */
export function takeDrops(node, onfiles, allowed = () => true) {
  const hint = h("div", { class: "drop-hint", "aria-hidden": "true", hidden: true }, icon("clip"), strings.dropHere);
  let depth = 0; // enters and leaves come for every element inside
  const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  const carriesFiles = (event) => hasFiles(event) && allowed();
  const show = (by) => {
    depth = by === 0 ? 0 : Math.max(0, depth + by);
    hint.hidden = depth === 0;
  };
  node.addEventListener("dragenter", (event) => carriesFiles(event) && show(1));
  node.addEventListener("dragleave", (event) => carriesFiles(event) && show(-1));
  node.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault(); // else the browser leaves the page for the file
    event.dataTransfer.dropEffect = allowed() ? "copy" : "none";
  });
  node.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    show(0);
    const files = [...event.dataTransfer.files];
    if (files.length) onfiles(files);
  });
  node.append(hint);
}
