/* One line of a conversation as the agent sees it. */

import { fileView } from "/web/widget/file.js";
import { isPicture } from "/web/widget/picking.js";
import { stepView } from "/web/widget/step.js";
import { tableView } from "/web/widget/table.js";
import { linked } from "/web/widget/text.js";
import { clock } from "/web/widget/time.js";
import { h, hidden } from "./dom.js";
import { frustrationNote, marked } from "./emotion.js";
import { stretchText, stretchView } from "./stretch.js";
import { strings } from "./strings.js";

/** Who speaks. */
export const speaker = (line) => (line.author === "agent" && line.name) || strings.authors[line.author];

/** A line as plain words, for screen readers and previews. */
export const plain = (desk, line) =>
  line.author === "system"
    ? stretchText(desk, line)
    : line.text || line.file?.name || line.table?.caption || line.step?.title || "";

/**
 * `before` is the line above, by whose author and time the name can be left out. `mark`: what has become of the line, as in
 * delivery.js, or null; it can be replaced in its place.
 */
export function lineView(desk, line, before, mark = null) {
  if (line.author === "system" && !plain(desk, line)) return h("div", { hidden: true });
  if (line.author === "system" && !line.table) return h("div", { class: "entry" }, stretchView(desk, line, markPlace(mark)));
  const frustration = line.detail?.frustration;
  const text = line.text
    ? h("p", { class: "text" }, frustration ? marked(line.text, frustration.spans) : linked(line.text))
    : null;
  const rich = line.table || line.step;
  return h(
    "div",
    { class: "entry" },
    h(
      "article",
      {
        class: `line ${line.author}${rich ? " rich" : ""}${frustration ? " frustrated" : ""}${follows(line, before) ? " follows" : ""}`,
        "data-seq": line.seq,
        "aria-label": strings.lineLabel(speaker(line), clock(new Date(line.at))),
        tabindex: "-1",
      },
      h(
        "p",
        { class: "who", "aria-hidden": "true" },
        speaker(line),
        h("time", { datetime: line.at }, clock(new Date(line.at))),
      ),
      h(
        "div",
        { class: bubbleClass(line) },
        line.step ? null : text,
        line.table ? tableView(line.table) : null,
        line.step ? stepView(line.step, text) : null,
        line.file ? fileOf(line.file) : null,
      ),
      line.choices?.length ? choicesView(line.choices) : null,
      line.author === "customer" ? null : markPlace(mark),
      frustration ? frustrationNote(frustration) : null,
      line.author === "bot" && line.detail ? understanding(line.detail) : null,
    ),
  );
}

const markPlace = (mark) => h("div", { class: "mark-place" }, mark);

const follows = (line, before) =>
  before &&
  before.author === line.author &&
  before.name === line.name &&
  new Date(line.at) - new Date(before.at) < 300000;

const choicesView = (choices) =>
  h(
    "p",
    { class: "choices" },
    hidden(strings.offered),
    choices.map(({ title }) => h("span", {}, title)),
  );

const files = new WeakMap(); // lines are drawn often, pictures should not be loaded each time

/** `file.url`: where its bytes are while the server's line has not come yet. */
function fileOf(file) {
  if (!file.id && !file.url) return fileView(file, null); // its bytes are gone
  if (!files.has(file))
    files.set(
      file,
      fileView(file, async () => file.url ?? `/desk/files/${encodeURIComponent(file.id)}`),
    );
  return files.get(file);
}

const bubbleClass = ({ text, file }) =>
  file && isPicture(file) && !text && (file.id || file.url) ? "bubble bare" : "bubble";

/** What the bot understood: opened on demand. */
function understanding({ intent, confidence, entities = [], actions = [] }) {
  if (!intent && actions.length === 0) return null;
  const row = (label, value) => (value ? [h("dt", {}, label), h("dd", {}, value)] : []);
  return h(
    "details",
    { class: "understanding" },
    h("summary", {}, strings.understanding),
    h(
      "dl",
      {},
      row(strings.intent, intent),
      row(strings.confidence, confidence === undefined || confidence === null ? "" : strings.percent(confidence)),
      row(strings.entities, entities.map(entityText).join(strings.comma)),
      row(strings.actions, actions.join(strings.comma)),
    ),
  );
}

const entityText = (entity) =>
  typeof entity === "string" ? entity : `${entity.name ?? entity.entity ?? ""}: ${entity.value ?? ""}`;

/** A message that is on its way, as in outbox.js. `actions`: {retry(id), discard(id)}. */
export function messageView(message, actions) {
  const { text, file, at, status } = message;
  const content = file ? fileOf(file) : h("p", { class: "text" }, text);
  return h(
    "div",
    { class: "entry" },
    h(
      "article",
      {
        class: `line agent pending ${status}`,
        "data-message": message.id,
        "aria-label": strings.lineLabel(strings.authors.agent, clock(new Date(at))),
      },
      h("div", { class: bubbleClass(message) }, content),
      h("p", { class: "state" }, stateParts(message, actions)),
    ),
  );
}

function stateParts({ id, file, status, error }, { retry, discard }) {
  const act = (label, run) => h("button", { type: "button", class: "link", onclick: run }, label);
  if (status === "lost") return [strings.lost, " ", act(strings.discard, () => discard(id))];
  if (status === "failed")
    return [strings.notSent(error), " ", act(strings.retry, () => retry(id)), " ", act(strings.discard, () => discard(id))];
  if (!file || status !== "sending") return [strings.sendStates[status]];
  const bar = h("progress", { max: "1", value: "0", "aria-label": strings.progress });
  return [bar, " ", strings.sendStates.sending, " ", act(strings.cancel, () => discard(id))];
}
