import { html } from "hono/html";
import type { RuntimesOverview } from "../../ports/administration.ts";
import type { Html } from "./document.ts";
import { codeNamed } from "./names.ts";

/** The runtimes of the process that answers, each with what it takes. */
export function runtimeTable({ processes, waiting, replica, ...status }: RuntimesOverview): Html {
  const { version } = status;
  const line = waiting === 1 ? "1 session waits" : `${waiting} sessions wait`;
  const about = html`<p>
    ${version === null ? "" : html`Version ${codeNamed(version)}: `}${stateWords(status)}.
    ${waiting === 0 ? "" : html`<strong>${line}</strong> for a runtime.`}
    ${
      replica === null
        ? ""
        : html`These are the runtimes of the replica ${codeNamed(replica)}, which made this page.
          Other replicas have runtimes of their own.`
    }
  </p>`;
  if (processes.length === 0)
    return html`${about}
      <p class="muted">None is running.</p>`;
  return html`${about}
    <div class="scroll" tabindex="0" role="region" aria-label="Table of runtimes">
      <table>
        <thead>
          <tr>
            <th scope="col">Process</th>
            <th scope="col">Sessions</th>
            <th scope="col">Memory</th>
          </tr>
        </thead>
        <tbody>
          ${processes.map(
            ({ processId, sessions, memoryBytes }) =>
              html`<tr>
                <th scope="row">${processId ?? "Starting"}</th>
                <td>${sessions}</td>
                <td>${memoryBytes === null ? "Unknown" : `${mebibytesIn(memoryBytes)} MiB`}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function mebibytesIn(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

const STATES: Readonly<Record<string, string>> = {
  ready: "ready",
  starting: "starting",
  stopped: "stopped",
  unavailable: "doesn't start",
};

function stateWords({ state, cloudSessions }: Pick<RuntimesOverview, "state" | "cloudSessions">) {
  if (state === "ready" && cloudSessions === false) return "can't create cloud sessions";
  return STATES[state] ?? state;
}
