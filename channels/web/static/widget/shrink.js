/* A large photo of a phone, made smaller before it is sent: quicker on the way, and without the place where it was taken. */

import { isScalable, LARGEST } from "./picking.js";

const LARGE = 2 * 1024 * 1024; // bytes
const LONGEST_SIDE = 2560; // pixels
const QUALITIES = [0.85, 0.7, 0.5];

/** {body, name}: what is to be sent of a file. One that cannot be drawn is sent as it is. */
export async function shrunk(file) {
  const { name } = file;
  if (!isScalable(file) || file.size <= LARGE) return { body: file, name };
  const smaller = await redrawn(file).catch(() => null);
  if (!smaller || smaller.size >= file.size) return { body: file, name };
  return { body: smaller, name: name.replace(/\.\w+$|$/, ".jpg") };
}

async function redrawn(file) {
  const url = URL.createObjectURL(file);
  try {
    const picture = new Image(); // unlike createImageBitmap, it heeds in every browser how the phone was held
    picture.src = url;
    await picture.decode();
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.naturalWidth * scale);
    canvas.height = Math.round(picture.naturalHeight * scale);
    const paper = canvas.getContext("2d");
    paper.fillStyle = "white"; // JPEG knows no transparency
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    let made = null;
    for (const quality of QUALITIES) {
      made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (!made || made.size <= LARGEST) break;
    }
    return made;
  } finally {
    URL.revokeObjectURL(url);
  }
}
