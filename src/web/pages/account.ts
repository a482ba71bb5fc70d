import { html } from "hono/html";
import type { Connection, TokenKind } from "../../core/identity/connection.ts";
import type { Html } from "./document.ts";
import { postForm } from "./document.ts";
import { layout } from "./layout.ts";
import type { PageViewer } from "./site-page.ts";
import { timeOf } from "./time.ts";

/** Why a token that somebody pasted wasn't stored. */
export interface TokenProblem {
  readonly problem: string;
  /** Where it's fixed; null where no page does. */
  readonly page: string | null;
}

interface AccountView {
  readonly viewer: PageViewer;
  /** Null when the person isn't connected. */
  readonly connection: Connection | null;
  /** Where GitHub makes fine-grained tokens. */
  readonly tokenPage: string;
  readonly tokenProblem?: TokenProblem | undefined;
}

/** What a visitor sees. */
export function visitorPage(formToken: string): Html {
  return layout(
    "Connect your Copilot",
    html`<div class="box">
      <p>
        This bot starts Copilot cloud sessions when you add a label or write a command in an issue
        or pull request. After you connect, your sessions run as you: they see only what you can
        see, and they use your Copilot plan. The bot keeps an encrypted token for this until you
        disconnect.
      </p>
      ${postForm({ action: "/connect/start", formToken }, connectButton("Connect with GitHub"))}
    </div>`,
  );
}

/** What a person sees who has signed in. */
export function accountPage(view: AccountView): Html {
  const { viewer, connection, tokenProblem } = view;
  const problem = tokenProblem === undefined ? "" : problemOf(tokenProblem);
  const title = connection === null ? "Your Copilot isn't connected" : "Your Copilot is connected";
  const body = connection === null ? unconnected(view) : connected(view, connection);
  return layout(title, html`${problem}${body}`, viewer, "connection");
}

function unconnected(view: AccountView): Html {
  const { formToken } = view.viewer;
  return html`<div class="box">
    <section>
      <h2>Connect with GitHub</h2>
      <p>The bot stores no token of yours. Connect so that it can start your sessions.</p>
      ${postForm({ action: "/connect/start", formToken }, connectButton("Connect with GitHub"))}
    </section>
    ${tokenSection(view)}
  </div>`;
}

function connected(view: AccountView, connection: Connection): Html {
  const { formToken } = view.viewer;
  const again = html`<button class="button">Connect again</button>`;
  const disconnect = html`<button class="button danger">Disconnect</button>`;
  return html`<p>Sessions that you request run as you and use your Copilot plan.</p>
    ${details(connection)}
    <div class="box">
      <section>
        <h2>Connect again</h2>
        <p>Get a new token from GitHub, for example after your Copilot plan has changed.</p>
        ${postForm({ action: "/connect/start", formToken }, again)}
      </section>
      ${tokenSection(view)}
      <section>
        <h2>Disconnect</h2>
        <p>The bot deletes your token and stops following your sessions.</p>
        ${postForm({ action: "/connect/disconnect", formToken }, disconnect)}
      </section>
    </div>`;
}

function details({ kind, rights, connectedAt, expiresAt, person }: Connection): Html {
  const rows: readonly (readonly [string, Html | string])[] = [
    ["Stored", html`An encrypted token, and your account: @${person.login} (ID ${person.id})`],
    ["Connected with", KINDS[kind]],
    ["Since", timeOf(connectedAt)],
    ["Until", untilOf(kind, expiresAt)],
    ["Copilot plan", rights.plan?.replaceAll("_", " ") ?? "Not reported"],
    ["Can start cloud sessions", answer(rights.cloudSessions)],
    ["Can show and steer sessions remotely", answer(rights.remoteControl)],
  ];
  return html`<dl class="box">
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

const KINDS: Readonly<Record<TokenKind, string>> = {
  app: "Your authorization of this GitHub App",
  oauth_app: "Your authorization of an OAuth app",
  personal: "A fine-grained personal access token",
};

function untilOf(kind: TokenKind, expiresAt: string | null): Html | string {
  if (kind === "app") return "You disconnect. The bot renews the token when it expires.";
  if (expiresAt !== null) return timeOf(expiresAt);
  return "You disconnect. GitHub reports no expiration date for the token.";
}

function answer(value: boolean | null): string {
  if (value === null) return "Not reported";
  return value ? "Yes" : "No";
}

function tokenSection({ viewer, tokenPage, tokenProblem }: AccountView): Html {
  const { formToken } = viewer;
  const invalid = tokenProblem === undefined ? "" : html`aria-invalid="true"`;
  return html`<section>
    <h2>Use a fine-grained token</h2>
    <p>
      If GitHub's sign-in can't give the bot access to your Copilot, create a
      <a href="${tokenPage}">fine-grained personal access token</a> with the account permission
      “Copilot Requests”, and paste it here.
    </p>
    ${postForm(
      { action: "/connect/token", formToken },
      html`<label for="token">Fine-grained personal access token</label>
        <p class="hint" id="token-hint">It begins with <code>github_pat_</code>.</p>
        <input
          type="password"
          id="token"
          name="token"
          required
          maxlength="255"
          autocomplete="off"
          spellcheck="false"
          aria-describedby="token-hint"
          ${invalid}
        />
        <button class="button">Use this token</button>`,
    )}
  </section>`;
}

function problemOf({ problem, page }: TokenProblem): Html {
  const link = page === null ? "" : html` <a href="${page}">Fix this on GitHub</a>.`;
  return html`<p class="alert" role="alert">The token wasn't stored. ${problem}${link}</p>`;
}

function connectButton(text: string): Html {
  return html`<button class="button primary">${text}</button>`;
}
