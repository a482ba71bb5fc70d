import { escapeUTF8 } from "entities";
import type { Manifest } from "../app/registrations.ts";
import type { Parts } from "../parts.ts";
import type { Answer, Ask } from "../shapes.ts";
import { trusted } from "../shapes.ts";
import type { AccountRecord } from "../state/records.ts";
import { findAccount } from "../state/state.ts";
import { hidden, NO_PAGE, page, redirect } from "./html.ts";
import { toSignIn } from "./sign-in.ts";

type Form = Readonly<Record<string, string | undefined>>;

/** `/settings/apps`, where a person's own Apps are, and `/organizations/ORG/settings/apps`; before `/new`. */
const SETTINGS =
  /^(?<list>\/settings\/apps|\/organizations\/(?<organization>[^/]+)\/settings\/apps)(?<isNew>\/new)?$/;

/** Whether these are the pages of the settings on which people register Apps. */
export function isAppSettings(path: string): boolean {
  return SETTINGS.test(path);
}

/**
 * Where people register an App: from a manifest, whose name they can still change. Only who is signed in gets there;
 * who has to sign in first comes back without the manifest, and gets the empty form.
 */
export function appSettings(ask: Ask, form: Form, parts: Parts): Answer {
  const { list = "", organization, isNew } = SETTINGS.exec(ask.path)?.groups ?? {};
  const login = parts.signIns.of(ask);
  if (login === undefined) return toSignIn(ask);
  const owner = ownerOf(login, organization, parts);
  if (owner === undefined) return NO_PAGE;
  const manifest = manifestIn(form);
  if (isNew !== undefined) {
    if (ask.method !== "POST" || manifest === undefined) return EMPTY_FORM;
    const state = new URLSearchParams(ask.query).get("state") ?? undefined;
    return confirmation({ list, owner, manifest, state, name: manifest.name ?? "" });
  }
  if (ask.method !== "POST" || manifest === undefined) return NO_PAGE;
  const { name = "", state } = form;
  if (name.trim() === "" || parts.registrations.isTaken(name)) {
    const problem = "Name is already in use by another app.";
    return confirmation({ list, owner, manifest, state, name }, problem);
  }
  const to = new URL(manifest.redirect_url);
  to.searchParams.set("code", parts.registrations.register(name, manifest, owner));
  if (state !== undefined) to.searchParams.set("state", state);
  return redirect(to.href);
}

/** The person, or an organization that they own. */
function ownerOf(
  login: string,
  organization: string | undefined,
  { state }: Parts,
): AccountRecord | undefined {
  if (organization === undefined) return findAccount(state, login);
  const found = findAccount(state, organization);
  const isOwner = state.members.get(login)?.role === "admin";
  return found?.type === "Organization" && isOwner ? found : undefined;
}

function manifestIn({ manifest = "" }: Form): Manifest | undefined {
  try {
    const read = trusted<Partial<Manifest>>(JSON.parse(manifest));
    return URL.canParse(read.url ?? "") && URL.canParse(read.redirect_url ?? "")
      ? trusted<Manifest>(read)
      : undefined;
  } catch {
    return undefined;
  }
}

interface Confirmation {
  readonly list: string;
  readonly owner: AccountRecord;
  readonly manifest: Manifest;
  readonly state: string | undefined;
  readonly name: string;
}

function confirmation(
  { list, owner, manifest, state, name }: Confirmation,
  problem?: string,
): Answer {
  const login = escapeUTF8(owner.login);
  const said = problem === undefined ? "" : `<p role="alert">${escapeUTF8(problem)}</p>`;
  return page(
    problem === undefined ? 200 : 422,
    `Create GitHub App for ${owner.login}`,
    `${said}<form method="post" action="${escapeUTF8(list)}">
${hidden({ manifest: JSON.stringify(manifest), state })}
<p><label>GitHub App name <input name="name" value="${escapeUTF8(name)}" maxlength="34"></label></p>
<button>Create GitHub App for ${login}</button>
</form>`,
  );
}

const EMPTY_FORM = page(200, "Register new GitHub App", "<p>An empty form.</p>");
