/* Lines as plain text: for the clipboard and for the file that the customer keeps. */

import { strings } from "./strings.js";
import { written } from "./time.js";

const ARROWS = { up: " ↑", down: " ↓" };

export const authorName = (line) =>
  line.author === "agent" && line.name ? strings.agentName(line.name) : strings.authors[line.author];

export function lineText({ text, table, step, file }) {
  return [step && stepText(step), text, table && tableText(table), file && strings.fileText(file.name)].filter(Boolean).join("\n");
}

function tableText({ caption, columns, rows }) {
  const cells = rows.map((row) => row.map(({ text, trend }) => text + (ARROWS[trend] ?? "")).join("\t"));
  return [caption, columns.join("\t"), ...cells].filter(Boolean).join("\n");
}

function stepText({ title, number, of, path, caution }) {
  return [`${strings.step(number, of)}: ${title}`, path?.join(" › "), caution].filter(Boolean).join("\n");
}

export function conversationText(lines, heading, now) {
  const head = strings.exportTitle(heading, written(now));
  return [head, ...lines.map((line) => `[${written(new Date(line.at))}] ${authorName(line)}\n${lineText(line)}`)].join(
    "\n\n",
  );
}
