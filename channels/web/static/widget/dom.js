/* Building elements. Nothing here or elsewhere in the widget parses HTML: what the server sends is only ever text. */

const SVG = "http://www.w3.org/2000/svg";

/** An element. `on…` properties are listeners; null, undefined and false leave an attribute out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Text for screen readers only. */
export const hidden = (text, attributes = {}) => h("span", { class: "sr", ...attributes }, text);

const PATHS = {
  chat: "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6.5L8 20.5V17H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z",
  down: "m6 9.5 6 6 6-6",
  close: "m6 6 12 12M18 6 6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 19V6m-6 6 6-6 6 6",
  copy: "M9 9h9a1.5 1.5 0 0 1 1.5 1.5V19a1.5 1.5 0 0 1-1.5 1.5H9A1.5 1.5 0 0 1 7.5 19v-8.5A1.5 1.5 0 0 1 9 9ZM4.5 15V5A1.5 1.5 0 0 1 6 3.5h9",
  done: "m5 12.5 4.5 4.5L19 7.5",
  back: "m14.5 6-6 6 6 6",
  person: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM5 20a7 7 0 0 1 14 0",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [attribute, value] of Object.entries({
    viewBox: "0 0 24 24",
    class: `icon icon-${name}`,
    "aria-hidden": "true",
  })) {
    svg.setAttribute(attribute, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Puts text on the clipboard, also on pages without HTTPS. True if it worked. */
export async function copyText(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const carrier = h("textarea", { class: "sr", "aria-hidden": "true", tabindex: "-1" });
    const focused = root.activeElement;
    carrier.value = text;
    root.append(carrier);
    carrier.select();
    const copied = document.execCommand("copy");
    carrier.remove();
    focused?.focus({ preventScroll: true });
    return copied;
  }
}

/** What Tab reaches within `container`, in order. */
export function tabbable(container) {
  const candidates = container.querySelectorAll("button, textarea, a[href], [tabindex]");
  return [...candidates].filter(
    (element) => element.tabIndex >= 0 && !element.disabled && element.getClientRects().length > 0,
  );
}
