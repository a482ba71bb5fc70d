import { html } from "hono/html";
import type { Hosting } from "../../core/task/hosting.ts";
import type { Html } from "./document.ts";
import type { CommandTarget } from "./task-command.ts";
import { commandButton, commandForm, MAX_MESSAGE } from "./task-command.ts";
import type { Offers } from "./task-offers.ts";

/** Commands that are a button alone. */
const ACTIONS = [
  { command: "stop", text: "Stop", look: "danger", about: "" },
  { command: "resume", text: "Follow again", look: "", about: "" },
  { command: "retry", text: "Retry", look: "", about: "Starts a new task, and a new session." },
] as const;

/** Of a session on a machine of the administrator's: it is on GitHub, or it isn't. */
const SHARE = {
  command: "share",
  text: "Show on GitHub",
  look: "",
  about: "There, only the owner of the session's Copilot can open it.",
} as const;
const UNSHARE = {
  command: "unshare",
  text: "Stop showing on GitHub",
  look: "",
  about: "",
} as const;

function actionsFor(hosting: Hosting | null) {
  if (hosting === null) return ACTIONS;
  return [...ACTIONS, hosting.share?.type === "shared" ? UNSHARE : SHARE];
}

/** What can be done with the task, and of the rest why not. @param hosting null for a session in GitHub's cloud */
export function actionsOf(offers: Offers, target: CommandTarget, hosting: Hosting | null): Html {
  const actions = actionsFor(hosting);
  const offered = actions.filter(({ command }) => offers[command] === null);
  const others = [...actions, { command: "send", text: "Send a message" } as const].filter(
    ({ command }) => offers[command] !== null,
  );
  const buttons = offered.map(
    ({ command, text, look, about }) =>
      html`${commandForm(target, command, commandButton({ command, text, look: `${look} block` }))}
      ${about === "" ? "" : html`<p class="muted">${about}</p>`}`,
  );
  const whyNot = html`<p class="muted">Not possible now:</p>
    <ul class="why-not">
      ${others.map(({ command, text }) => html`<li>${text}: ${offers[command]}</li>`)}
    </ul>`;
  return html`${buttons} ${others.length === 0 ? "" : whyNot}`;
}

/** A message to the agent, where one can be sent. */
export function messageSection(offers: Offers, target: CommandTarget): Html {
  if (offers.send !== null) return html`<section id="message" data-live hidden></section>`;
  const fields = html`<label for="message-text">Message to Copilot</label>
    <textarea
      id="message-text"
      name="text"
      rows="3"
      required
      maxlength="${MAX_MESSAGE}"
      aria-describedby="message-hint"
    ></textarea>
    <p class="hint" id="message-hint">The thread shows that you sent one.</p>
    ${commandButton({ command: "send", text: "Send", look: "primary" })}`;
  return html`<section id="message" data-live aria-labelledby="message-title">
    <h2 id="message-title">Send a message</h2>
    ${commandForm(target, "send", fields)}
  </section>`;
}
