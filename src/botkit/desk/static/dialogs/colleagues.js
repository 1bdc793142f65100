/* Agents that a customer can be passed to: with room first, who has no group after them, who cannot take him last. */

import { strings } from "../strings.js";

/** `self`: oneself among them; `beyond`: also above their limit. */
export const colleagues = (desk, { self = false, beyond = false } = {}) =>
  [...desk.agents.values()]
    .filter((agent) => agent.presence !== "offline" && (self || agent.id !== desk.me.id))
    .map((agent) => ({ agent, why: hindrance(agent, beyond) }))
    .toSorted((one, other) => rank(one) - rank(other) || room(other.agent) - room(one.agent))
    .map(({ agent, why }) => ({
      id: agent.id,
      name: strings.agentOption(
        agent.name,
        why || strings.freePlaces(Math.max(0, room(agent))),
        agent.groups.map((id) => desk.groupName(id)).join(strings.comma),
      ),
      disabled: Boolean(why),
    }));

/** How a group stands: who is there, what room they have, how many wait. */
export function groupHint(desk, group) {
  const there = [...desk.agents.values()].filter((one) => one.presence === "online" && one.groups.includes(group));
  const free = there.reduce((sum, agent) => sum + Math.max(0, room(agent)), 0);
  return strings.groupHint(there.length, free, desk.counts.queues?.[group] ?? 0);
}

const room = ({ limit, serving }) => limit - serving;

const rank = ({ agent, why }) => (why ? 2 : agent.groups.length ? 0 : 1);

function hindrance(agent, beyond) {
  if (agent.presence === "away") return strings.awayNow;
  return !beyond && room(agent) <= 0 ? strings.fullNow(agent.limit) : "";
}
