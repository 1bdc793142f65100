/* Text into elements: links that can be clicked, figures large beside their small units. */

import { h } from "./dom.js";

// An address ends at white space, at a quote or bracket, and at any Chinese character or punctuation mark.
const LINK = /https?:\/\/[^\s<>"'`{}|\\^\u2010-\u201f\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+/gi;
const CLOSING = /[.,;:!?)\]]+$/;

const UNIT = "元/GB|元/MB|元/分钟|元/条|元/天|元/月|元|GB|MB|G|M|分钟|分|小时|天|个月|月|条|次|%|Gbps|Mbps|Kbps";
const BEFORE_UNIT = new RegExp(`(\\d) (?=(?:${UNIT}))`, "g"); // where a line must not break
const FIGURE = new RegExp(`((?:[约+\\-−]\\s?)?\\d[\\d,]*(?:\\.\\d+)?)(?:(\\s*)(${UNIT}))?(?![\\p{L}\\d])`, "gu");

/** The text, with web addresses and the hotline as links. */
export function linked(text, hotline = "") {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = trimmed(match[0]);
    const url = webAddress(address);
    if (!url) continue;
    parts.push(...dialable(text.slice(end, match.index), hotline));
    parts.push(h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, address));
    end = match.index + address.length;
  }
  parts.push(...dialable(text.slice(end), hotline));
  return parts;
}

/** Without the sentence's own punctuation; a closing bracket stays if it was opened inside. */
function trimmed(address) {
  const bare = address.replace(CLOSING, "");
  const closing = address[bare.length];
  return closing === ")" && bare.includes("(") ? `${bare})` : bare;
}

function webAddress(address) {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** The hotline's number, standing alone, as something to press. */
function dialable(words, hotline) {
  const text = words.replace(BEFORE_UNIT, "$1\u00a0");
  if (!hotline || !text.includes(hotline)) return text ? [text] : [];
  const parts = text.split(/(\d+)/).filter(Boolean);
  return parts.map((part) => (part === hotline ? h("a", { href: `tel:${hotline}` }, hotline) : part));
}

/** A cell's text: {parts, count}. If it is figures with units and nothing else, the `count` figures stand out. */
export function figures(text) {
  const rest = text.replace(FIGURE, "");
  if (!/\d/.test(text) || /[\p{L}\d]/u.test(rest)) return { parts: [text], count: 0 };
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(FIGURE)) {
    const [whole, number, space, unit] = match;
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push(
      h(
        "span",
        { class: "figure" },
        h("span", { class: "number" }, number),
        space ?? "",
        unit && h("span", { class: "unit" }, unit),
      ),
    );
    end = match.index + whole.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return { parts, count: parts.filter((part) => typeof part !== "string").length };
}
