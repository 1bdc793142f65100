/* Runs of system lines: one quiet line, which unfolds. What wants to be seen stays outside. */

import { h } from "./dom.js";
import { plain } from "./line.js";
import { strings } from "./strings.js";

const FEWEST = 2; // lines that are worth folding

/** Whether a line may go into a fold. Not one that did not arrive, nor what a colleague wrote for who comes after him. */
export const foldable = (line) =>
  line.author === "system" && !line.table && !line.detail?.note && line.delivery?.status !== "failed";

/**
 * The lines in order, consecutive ones that may be folded together as an array. `kept(line)`: that stays outside all the same;
 * `together(before, line)`: whether nothing stands between the two.
 */
export function runs(desk, lines, kept, together) {
  const found = [];
  let run = [];
  const close = () => {
    const said = run.filter((line) => plain(desk, line)).length;
    found.push(...(said >= FEWEST ? [run] : run));
    run = [];
  };
  for (const line of lines) {
    const may = foldable(line) && !kept(line);
    if (run.length > 0 && (!may || !together(run.at(-1), line))) close();
    if (may) run.push(line);
    else found.push(line);
  }
  close();
  return found;
}

/** `entries`: the elements of the lines. `ontoggle(open)`. */
export function foldView(desk, run, entries, { open, ontoggle }) {
  const said = run.filter((line) => plain(desk, line));
  const events = run.map(({ detail }) => detail?.event).filter(Boolean);
  const fold = h(
    "details",
    { class: "fold", "data-fold": run[0].seq, "data-events": events.join(" "), open },
    h(
      "summary",
      {},
      h("span", { class: "closed-words" }, strings.folded(said.length, plain(desk, said.at(-1)))),
      h("span", { class: "open-words" }, strings.foldedLabel(said.length)),
    ),
    ...entries,
  );
  fold.addEventListener("toggle", () => ontoggle(fold.open));
  return fold;
}
