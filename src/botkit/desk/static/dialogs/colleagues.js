/* Agents that a customer can be passed to, those with room first. */

import { strings } from "../strings.js";

export const colleagues = (desk, self = false) =>
  [...desk.agents.values()]
    .filter((agent) => agent.presence !== "offline" && (self || agent.id !== desk.me.id))
    .toSorted((one, other) => room(other) - room(one))
    .map((agent) => ({
      id: agent.id,
      name: strings.agentOption(agent.name, strings.presences[agent.presence], agent.serving, agent.limit),
    }));

const room = ({ presence, limit, serving }) => (presence === "online" ? limit - serving : -1000);
