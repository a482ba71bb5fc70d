import { html } from "hono/html";
import type { Html } from "./document.ts";
import { layout } from "./layout.ts";

/** What the bot is, and how to sign in. */
export function signedOutHomePage(): Html {
  return layout(
    "Copilot task bot",
    html`<div class="box">
      <p>
        This bot starts Copilot cloud sessions from issues and pull requests: add a label, or write
        a command like <code>/copilot triage</code> in a comment. Sign in to see the tasks in the
        repositories that you can read on GitHub.
      </p>
      <a class="button primary" href="/sign-in">Sign in with GitHub</a>
    </div>`,
  );
}
