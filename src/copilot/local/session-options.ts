import type { SessionEvent } from "@github/copilot-sdk";
import type { LocalRequest } from "../../ports/local-sessions.ts";

/**
 * The tools of the agent, of which each model gets some. Those that ask other agents, remember across sessions, or leave the machine by themselves
 * aren't among them.
 */
const TOOLS =
  "view create edit apply_patch glob grep rg bash read_bash write_bash stop_bash list_bash ask_user exit_plan_mode".split(
    " ",
  );

/**
 * What the runtime shares the session as. Otherwise it reads the address of a remote in the workspace, which the agent
 * can change, and asks api.github.com for its ids, whatever other variables say.
 */
export function repositoryOf({ owner, repository, ids }: LocalRequest): Record<string, string> {
  return {
    COPILOT_MC_REPO: `${owner}/${repository}`,
    COPILOT_MC_REPO_IDS: `${ids.owner},${ids.repository}`,
  };
}

/** What a session is created or resumed with. */
export function sessionOptions<Handlers extends object>(
  { place, token, sessionLimits }: LocalRequest,
  handlers: Handlers,
  onEvent: (event: SessionEvent) => void,
) {
  return {
    // Of the session, not of the client: what the agent runs would find that in its environment.
    gitHubToken: place.placeholder ?? token,
    workingDirectory: place.workspace,
    availableTools: TOOLS,
    includeSubAgentStreamingEvents: false,
    onEvent,
    ...handlers,
    ...(sessionLimits === undefined ? {} : { sessionLimits }),
  };
}
