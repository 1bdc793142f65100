/* Parts of the screen that show the open conversation. */

/** Listens to the talk that is open and to no other. */
export function follow(part, talk, names, draw) {
  part.leaving?.abort();
  part.leaving = new AbortController();
  if (talk) for (const name of names) talk.addEventListener(name, draw, { signal: part.leaving.signal });
  draw();
}
