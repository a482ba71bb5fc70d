import { html } from "hono/html";
import type { Html } from "../../../src/web/pages/document.ts";
import { linkButton, wholeDocument } from "../../../src/web/pages/document.ts";
import { icon } from "../../../src/web/pages/icons.ts";
import { codeNamed, named } from "../../../src/web/pages/names.ts";
import type { ConvertedApp } from "./conversion.ts";
import type { Addresses, Asked, AskedByApp } from "./manifest.ts";
import { MAX_APP_NAME, registeredAddresses } from "./manifest.ts";
import type { Step } from "./next-steps.ts";
import type { Saved } from "./settings-file.ts";

/** What the first page shows. */
export interface StartPageView {
  readonly asked: AskedByApp;
  /** The name that GitHub will suggest. */
  readonly name: string;
  /** The organization that will own the App; null for the account that's signed in to GitHub. */
  readonly organization: string | null;
  /** GitHub as an origin. */
  readonly web: string;
  readonly addresses: Addresses;
  /** Where the manifest is sent, with the state. */
  readonly action: string;
  readonly manifest: string;
}

/** What will happen, and the button for it. */
export function startPage(view: StartPageView): Html {
  const { asked, name, manifest, action, web } = view;
  return registrationPage(
    "Register the GitHub App",
    html`<p>
        This registers a GitHub App for your bot. On the next page, GitHub asks you to confirm. Then
        it sends you back here, and the App's settings are written to <code>.env</code>. What the
        App may do and what it gets is listed below, each with the reason.
      </p>
      <div class="box">
        <section aria-labelledby="what-title">
          <h2 id="what-title">What will be registered</h2>
          ${whatWillBe(view)}
          <form method="post" action="${action}">
            <input type="hidden" name="manifest" value="${manifest}" />
            <p class="hint">
              Sign in to <bdi>${new URL(web).host}</bdi> in this browser first. If GitHub shows an
              empty form, you weren't signed in: come back, and try again.
            </p>
            <button class="button primary">Continue on GitHub</button>
          </form>
        </section>
        <section aria-labelledby="name-title">
          <h2 id="name-title">Use another name</h2>
          <form method="get">
            <p class="hint" id="name-hint">
              Each App on GitHub has a name of its own. If GitHub says that yours is taken, change
              it on GitHub's page, or come back and choose another one here.
            </p>
            <label for="name">Name of the App</label>
            <input
              id="name"
              name="name"
              value="${name}"
              maxlength="${MAX_APP_NAME}"
              required
              autocomplete="off"
              aria-describedby="name-hint"
            />
            <button class="button">Use this name</button>
          </form>
        </section>
      </div>
      <div class="box">
        <section aria-labelledby="permissions-title">
          <h2 id="permissions-title">Permissions</h2>
          <p>What the App may do in the repositories where it's installed.</p>
          ${askedList(asked.permissions)}
        </section>
        <section aria-labelledby="events-title">
          <h2 id="events-title">Events</h2>
          <p>What GitHub reports to the bot.</p>
          ${askedList(asked.events)}
        </section>
      </div>`,
  );
}

function whatWillBe({ asked, name, organization, web, addresses }: StartPageView): Html {
  const { webhook, callback, setup } = registeredAddresses(addresses);
  const { host } = new URL(web);
  const owner =
    organization === null
      ? html`Your own account on <bdi>${host}</bdi>. For an organization, press Ctrl-C in the
          terminal, and add <code>--organization NAME</code>.`
      : html`The organization ${named(organization)} on <bdi>${host}</bdi>. You have to be one of
          its owners.`;
  const facts = [
    ["Name", named(name)],
    ["Owner", owner],
    ["Who can install it", asked.isPrivate ? "Only its owner" : "Everyone"],
    ["Webhook URL: where GitHub sends events", codeNamed(webhook)],
    ["Callback URL: where people return who connect their Copilot", codeNamed(callback)],
    ["Setup URL: what GitHub opens after the installation", codeNamed(setup)],
  ] as const;
  return html`<dl>
    ${facts.map(
      ([term, what]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${what}</dd>
        </div>`,
    )}
  </dl>`;
}

function askedList(list: readonly Asked[]): Html {
  return html`<dl class="reasons">
    ${list.map(
      ({ name, access, why }) =>
        html`<div>
          <dt>${name}${access === null ? "" : html`<span>: ${access.toLowerCase()}</span>`}</dt>
          <dd>${why}</dd>
        </div>`,
    )}
  </dl>`;
}

/** What the last page shows. */
export interface DonePageView {
  readonly app: ConvertedApp;
  readonly saved: Saved;
  readonly steps: readonly Step[];
}

/** What's registered and where it's written, and what's left to do. */
export function donePage({ app, saved, steps }: DonePageView): Html {
  const { name, owner, url } = app;
  const whose = owner === "" ? "" : html` for ${named(owner)}`;
  const body = html`<p>GitHub registered <a href="${url}">${named(name)}</a>${whose}.</p>
    ${savedNote(saved)}
    <h2>What's left to do</h2>
    <div class="box flush">
      <ol class="rows todo">
        ${steps.map(
          ({ title, text, link }, index) =>
            html`<li>
              <h3>${index + 1}. ${title}</h3>
              <p>${withCode(text)}</p>
              ${link === null ? "" : linkButton(link)}
            </li>`,
        )}
      </ol>
    </div>
    <p class="muted">
      The terminal shows the same steps. The program has ended, so this page can't be reloaded.
    </p>`;
  return registrationPage("The App is registered", body);
}

function savedNote(saved: Saved): Html {
  if (saved.type === "unsaved") return html``;
  const { file, keyFile } = saved;
  const files = html`<code>${file}</code> and <code>${keyFile}</code>`;
  if (saved.type === "saved") {
    return html`<div class="note success">
      <p>Its settings and its key are in ${files}. Only you can read them.</p>
    </div>`;
  }
  return html`<div class="note attention">
    <p>
      <strong>Its settings couldn't be written to <code>.env</code>: ${saved.why}.</strong>
      They're in ${files} instead. Only you can read them.
    </p>
    <p>
      GitHub doesn't show these secrets again. Copy the settings to <code>.env</code>, and move the
      key beside it.
    </p>
  </div>`;
}

/** The credentials are nowhere but in memory. The address is asked for again as it is. @param why without a full stop */
export function unsavedPage(why: string): Html {
  return registrationPage(
    "The settings couldn't be written",
    html`<div class="note danger">
      <p><strong>The App is registered, but its settings couldn't be written: ${why}.</strong></p>
      <p>
        GitHub doesn't show these secrets again. Don't stop the program in the terminal: it tries
        again every few seconds. Make room, or make the directory writable.
      </p>
      ${linkButton({ text: "Reload this page", url: "" })}
    </div>`,
  );
}

/** A page with what went wrong, in a sentence or two, and where to go on. */
function problemPage(title: string, sentences: Html | string, link: Html | string): Html {
  return registrationPage(
    title,
    html`<div class="box">
      <p>${sentences}</p>
      ${link}
    </div>`,
  );
}

/** A link to the first page. */
function startAgain(start: string): Html {
  return linkButton({ text: "Start again", url: start });
}

/** GitHub sent somebody back with another state, or somebody else did. @param start the first page */
export function wrongStatePage(start: string): Html {
  return problemPage(
    "This isn't an answer to this registration",
    "It belongs to another one, or it doesn't come from GitHub. Nothing was written.",
    startAgain(start),
  );
}

/** GitHub sent somebody back without a code. */
export function canceledPage(start: string): Html {
  return problemPage(
    "GitHub registered no App",
    "You canceled, or GitHub refused. Nothing was written.",
    startAgain(start),
  );
}

/** GitHub doesn't take the code. @param apps where the owner's Apps are listed */
export function expiredPage(start: string, apps: string): Html {
  return problemPage(
    "GitHub doesn't accept this code anymore",
    html`A code works once, within an hour, so nothing was written. If
      <a href="${apps}">your Apps</a> have a new one, delete it there, because you can't get its
      secrets anymore. Then start again.`,
    startAgain(start),
  );
}

/** GitHub didn't answer, or not as it should. The address is asked for again as it is. @param why without a full stop */
export function failedPage(why: string): Html {
  return problemPage(
    "GitHub didn't respond",
    html`The App is registered, but this machine couldn't get its secrets from GitHub: ${why}. Check
    the network, and try again within an hour. Don't stop the program in the terminal.`,
    linkButton({ text: "Try again", url: "" }),
  );
}

/** Another answer of GitHub's is being worked on, or has been. */
export function usedPage(): Html {
  return problemPage(
    "This registration is already finished",
    "The terminal shows what was registered.",
    "",
  );
}

/** No page is at this address, or not for whoever asks. */
export function noPage(): Html {
  return problemPage(
    "Page not found",
    "Open the address that the terminal shows, in a browser on the same machine.",
    "",
  );
}

function registrationPage(title: string, body: Html): Html {
  return wholeDocument({
    title: `${title} · Copilot task bot`,
    isScripted: false,
    body: html`<a class="skip" href="#main">Skip to content</a>
      <header class="bar">
        <div class="wide">
          <span class="brand">${icon("bot")}<span>Copilot task bot</span></span>
        </div>
      </header>
      <main id="main" class="wide" tabindex="-1">
        <div class="middle">
          <h1>${title}</h1>
          ${body}
        </div>
      </main>`,
  });
}

/** Text with its backticks as code. */
function withCode(text: string): readonly (Html | string)[] {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}
