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

/** The drawings of all pages by name, each a path on a square of 24. */
export const PATHS = {
  chat: "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6.5L8 20.5V17H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z",
  down: "m6 9.5 6 6 6-6",
  close: "m6 6 12 12M18 6 6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 19V6m-6 6 6-6 6 6",
  copy: "M9 9h9a1.5 1.5 0 0 1 1.5 1.5V19a1.5 1.5 0 0 1-1.5 1.5H9A1.5 1.5 0 0 1 7.5 19v-8.5A1.5 1.5 0 0 1 9 9ZM4.5 15V5A1.5 1.5 0 0 1 6 3.5h9",
  done: "m5 12.5 4.5 4.5L19 7.5",
  back: "m14.5 6-6 6 6 6",
  clip: "m20 11.5-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.6 1.6 0 0 1-2.3-2.3l7.6-7.6",
  file: "M7 3.5h7l4 4V19a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 6 19V5a1.5 1.5 0 0 1 1-1.5ZM14 3.5V8h4",
  download: "M12 4v11m-5-5 5 5 5-5M5 20h14",
  person: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM5 20a7 7 0 0 1 14 0",
};

export const icon = (name) => drawing(name, PATHS[name]);

export function drawing(name, d) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [attribute, value] of Object.entries({
    viewBox: "0 0 24 24",
    class: `icon icon-${name}`,
    "aria-hidden": "true",
  })) {
    svg.setAttribute(attribute, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", d);
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
