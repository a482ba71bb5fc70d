import { html } from "hono/html";
import type { Machine } from "../../core/worker/machine.ts";
import type { Html } from "./document.ts";
import { codeNamed } from "./names.ts";
import { timeOf } from "./time.ts";

/** More than anybody has; who runs a machine could write any number of rows. */
const MAX_SHOWN = 100;

/** The machines that run sessions, those that are there first. */
export function machineTable(machines: readonly Machine[], now: Date): Html {
  if (machines.length === 0)
    return html`<div class="box"><p>No machine has been connected yet.</p></div>`;
  const sorted = machines.toSorted(
    (one, other) =>
      Number(other.isThere) - Number(one.isThere) || one.name.localeCompare(other.name),
  );
  const left = sorted.length - MAX_SHOWN;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of machines">
      <table>
        <thead>
          <tr>
            <th scope="col">Machine</th>
            <th scope="col">Labels</th>
            <th scope="col">Places taken</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          ${sorted.slice(0, MAX_SHOWN).map((machine) => row(machine, now))}
        </tbody>
      </table>
    </div>
    ${left > 0 ? html`<p class="muted">And ${left} more.</p>` : ""}`;
}

/** Whether it can be used, in words. */
function stateOf({ isThere, hasOtherVersion }: Machine): Html | string {
  if (isThere) return "Connected";
  return html`<strong
    >${hasOtherVersion ? "Another version than the bot's" : "Not connected"}</strong
  >`;
}

function row(machine: Machine, now: Date): Html {
  const { name, labels, places, taken, isThere, sinceMs } = machine;
  const since = timeOf(new Date(now.getTime() - sinceMs).toISOString());
  const shown = labels.map((label, index) => html`${index === 0 ? "" : ", "}${codeNamed(label)}`);
  return html`<tr>
    <th scope="row">${codeNamed(name)}</th>
    <td>${labels.length === 0 ? "None" : shown}</td>
    <td>${isThere ? `${taken} of ${places}` : "–"}</td>
    <td>${stateOf(machine)} since ${since}</td>
  </tr>`;
}
