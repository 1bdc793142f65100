/* How customers found the services: today's figures, and of the last days those who were not content. For supervisors. */

import { spoken } from "/web/widget/time.js";
import { blank, h } from "./dom.js";
import { table } from "./sheet.js";
import { strings } from "./strings.js";
import { onRowKey } from "./watchlist.js";

/** `today` as the command `load` gives it. */
export const todayTable = ({ agents, total }) =>
  table(
    strings.today,
    [strings.agent, strings.endedColumn, strings.ratingsColumn],
    [...agents, { name: strings.totalRow, ...total }].map(({ name, closed, ratings, score }) => [
      name,
      String(closed),
      ratings ? strings.meanScore(score, ratings) : h("span", { class: "muted" }, strings.notRated),
    ]),
  );

/** `rows`: `unhappy` of the command `load`. `context`: {desk, open(id)}. */
export const unhappyList = (rows, context) =>
  rows.length
    ? h(
        "ul",
        { class: "due-list", "aria-label": strings.unhappy, onkeydown: onRowKey },
        rows.map((row) => h("li", {}, unhappyRow(row, context))),
      )
    : blank(strings.nobodyUnhappy);

const unhappyRow = ({ id, service, at, agent, group, score, solved }, { desk, open }) =>
  h(
    "button",
    {
      type: "button",
      class: "due-item",
      title: strings.rowKeysOpen,
      "data-focus": `unhappy open ${service}`,
      onclick: () => open(id),
    },
    h("b", {}, score === null ? strings.noScore : strings.score(score)),
    h("span", {}, strings.dots(agent, desk.groupName(group), spoken(new Date(at)))),
    h("span", { class: solved === false ? "why" : "" }, strings.customerSolved(solved)),
  );
