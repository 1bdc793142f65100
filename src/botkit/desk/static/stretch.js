/* Where a stretch of a conversation begins or ends: handed over, accepted, passed on, closed. */

import { spoken } from "/web/widget/time.js";
import { h } from "./dom.js";
import { strings } from "./strings.js";

/** The sentence for a system line. */
export function stretchText(desk, line) {
  const { event, reason, title, end, group, agent, by } = line.detail ?? {};
  if (line.text) return line.text;
  const words = strings.stretches[event];
  if (!words) return "";
  return words({
    reason: strings.ends[end] ?? (title || desk.reasonName(reason)),
    group: desk.groupName(group),
    agent: desk.agentName(agent),
    by: desk.agentName(by),
  });
}

export function stretchView(desk, line, ...more) {
  const { event, note } = line.detail ?? {};
  return h(
    "div",
    {
      class: `stretch ${event ?? ""}`,
      "data-seq": line.seq,
      role: "group",
      tabindex: "-1",
      "aria-label": stretchText(desk, line),
    },
    h("p", {}, h("span", {}, stretchText(desk, line)), h("time", { datetime: line.at }, spoken(new Date(line.at)))),
    note ? h("blockquote", { "aria-label": strings.transferNote }, note) : null,
    ...more,
  );
}

/** Where an earlier conversation of the same customer begins. */
export const earlierView = (desk, { channel, since, lines }) =>
  h(
    "div",
    { class: "earlier" },
    h("b", {}, strings.earlierConversation),
    h("span", {}, strings.dots(desk.channelName(channel), spoken(new Date(since)), strings.lineCount(lines.length))),
  );

/** Where the conversation that is open begins, below earlier ones. */
export const presentView = (desk, item) =>
  h(
    "div",
    { class: "earlier present" },
    h("b", {}, strings.thisConversation),
    h("span", {}, desk.channelName(item.channel)),
  );
