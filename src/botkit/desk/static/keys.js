/* The keyboard: single letters outside of fields, Alt with a number or an arrow everywhere. */

const WRITES = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

/**
 * `commands`: by key ("J", "?", "ArrowDown", "Alt+1"), functions that return false if the key was not for them.
 * They rest while a dialog is open and while an input method is composing.
 */
export function listen(commands, signal) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
      if (document.querySelector("dialog[open]")) return;
      const command = commands[nameOf(event)];
      if (command && command(event) !== false) event.preventDefault();
    },
    { signal },
  );
}

function nameOf(event) {
  const { key, code, altKey, ctrlKey, metaKey } = event;
  if (ctrlKey || metaKey) return "";
  if (altKey && key.startsWith("Arrow")) return `Alt+${key}`;
  if (altKey) return /^Digit\d$/.test(code) ? `Alt+${code.at(-1)}` : ""; // on a Mac, Option changes the sign
  if (key === "Escape") return "Escape";
  if (event.target.matches?.(WRITES)) return "";
  return key.length === 1 ? key.toUpperCase() : key;
}
