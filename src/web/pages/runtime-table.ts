import { html } from "hono/html";
import type { Html } from "./document.ts";

/** A process of the Copilot runtime. */
interface RuntimeRow {
  /** Null while it starts. */
  readonly processId: number | null;
  /** Sessions that are followed through it. */
  readonly sessions: number;
  /** Null where it isn't known. */
  readonly memoryMb: number | null;
}

/** How the runtimes of one process of the bot are doing. */
export interface RuntimesView {
  /** E.g. `1.0.80`; null where it isn't known. */
  readonly version: string | null;
  /** One of the bot's own words, e.g. `available`. */
  readonly state: string;
  readonly processes: readonly RuntimeRow[];
  /** Sessions that wait for a process. */
  readonly waiting: number;
}

/** The runtimes of the process that answers, each with what it takes. */
export function runtimeTable({ version, state, processes, waiting }: RuntimesView): Html {
  const line = waiting === 1 ? "1 session waits" : `${waiting} sessions wait`;
  const about = html`<p>
    ${version === null ? "" : html`Version <code>${version}</code>, `}${state}.
    ${waiting === 0 ? "" : html`<strong>${line}</strong> for a runtime.`} Other replicas of the bot
    have runtimes of their own.
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
            ({ processId, sessions, memoryMb }) =>
              html`<tr>
                <th scope="row">${processId ?? "Starting"}</th>
                <td>${sessions}</td>
                <td>${memoryMb === null ? "Unknown" : `${memoryMb} MiB`}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
