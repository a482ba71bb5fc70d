import { html } from "hono/html";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { ConnectionCount } from "../../core/identity/connection.ts";
import type { ConnectedPerson } from "../../ports/task-lists.ts";
import type { Html } from "./document.ts";
import { codeNamed, personNamed } from "./names.ts";
import { timeOf } from "./time.ts";

/** Somebody who has connected, as the page shows them. */
export type ConnectedRow = Omit<ConnectedPerson, "id">;

/** Who has connected, how, and until when. Never a token. */
export function peopleTable(
  people: readonly ConnectedRow[],
  { connected, ended }: ConnectionCount,
  hosts: GitHubHosts,
): Html {
  if (people.length === 0) return html`<p class="muted">Nobody has.</p>`;
  const left = connected - people.length;
  return html`<p>${connected} ${connected === 1 ? "person" : "people"}${endedWords(ended)}.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of people">
      <table>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Connected with</th>
            <th scope="col">Since</th>
            <th scope="col">Until</th>
          </tr>
        </thead>
        <tbody>
          ${people.map((person) => row(person, hosts))}
        </tbody>
      </table>
    </div>
    ${left > 0 ? html`<p class="muted">… and ${left} more.</p>` : ""}`;
}

function endedWords(ended: number): string {
  if (ended === 0) return "";
  return ended === 1
    ? ", of whom 1 has to connect again"
    : `, of whom ${ended} have to connect again`;
}

const KINDS: Readonly<Record<string, string>> = {
  app: "The GitHub App",
  oauth_app: "An OAuth app",
  personal: "A fine-grained token",
};

function row({ login, kind, connectedAt, expiresAt, hasEnded }: ConnectedRow, hosts: GitHubHosts) {
  const until = expiresAt === null ? "They disconnect" : timeOf(expiresAt);
  // The bot renews tokens of the App by itself.
  const end = kind === "app" ? "They disconnect" : until;
  return html`<tr>
    <th scope="row">${personNamed(login, hosts)}</th>
    <td>${KINDS[kind] ?? codeNamed(kind)}</td>
    <td>${timeOf(connectedAt)}</td>
    <td>${hasEnded ? html`<span class="full">They have to connect again</span>` : end}</td>
  </tr>`;
}
