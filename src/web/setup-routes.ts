import type { Context } from "hono";
import { Hono } from "hono";
import { SETUP_PATH } from "../core/identity/connection.ts";
import type { InstalledApp } from "../ports/setup.ts";
import type { Viewer, ViewerInstallation } from "../ports/viewing.ts";
import type { SignedIn, SignedInForm } from "./guards.ts";
import { createSetupLabels } from "./label-creation.ts";
import type { PageParts } from "./options.ts";
import { allowForms, pageViewer } from "./page-viewer.ts";
import { staleFormPage } from "./pages/problems.ts";
import { setupChoicePage, setupPage } from "./pages/setup-page.ts";
import { oneQuery } from "./query.ts";

const ID = /^[1-9]\d{0,14}$/u;
const KEY = /^[\w-]{20,64}$/u;
/** Of one person; each is a question to GitHub. */
const MAX_CHOICES = 100;

/** The App's setup page, for administrators of the accounts where it's installed. */
export function setupRoutes(parts: PageParts): Hono {
  const { guards, hosts, policies, publicUrl, random, setup } = parts;
  const labels = createSetupLabels({ policies, labels: parts.labels });

  async function choose(c: Context, who: SignedIn): Promise<Response> {
    const { viewer } = who;
    const { installations: all } = await viewer.scope();
    const some = all.slice(0, MAX_CHOICES);
    const own = await Promise.all(some.map((one) => viewer.administers(one.account, one.id)));
    const installations = some
      .filter((_one, index) => own[index] === true)
      .map(({ id, account }) => ({ id, account: account.login }));
    allowForms(c);
    const installUrl = await setup.installUrl();
    return c.html(setupChoicePage({ viewer: await pageViewer(who), installations, installUrl }));
  }

  /** Null where there's none, or it's not for this person: they see no difference. */
  async function find(viewer: Viewer, id: string): Promise<InstalledApp | null> {
    const installation = await administered(viewer, id);
    return installation === null ? null : setup.find(installation.id);
  }

  async function show(c: Context, who: SignedIn): Promise<Response> {
    const id = c.req.query("installation_id");
    if (id === undefined) return choose(c, who);
    const installed = await find(who.viewer, id);
    if (installed === null) return c.notFound();
    const { repositories: _all, ...rest } = installed;
    const done = oneQuery(c, "done") ?? "";
    const created = await labels.outcomeOf(keyOf(who.viewer, installed, done));
    allowForms(c);
    const view = {
      viewer: await pageViewer(who),
      hosts,
      publicUrl,
      ...rest,
      repositories: await labels.look(installed),
      key: random(),
      created,
    };
    return c.html(setupPage(view));
  }

  async function create(c: Context, { viewer, form }: SignedInForm): Promise<Response> {
    const installed = await find(viewer, form.field("installation_id"));
    if (installed === null) return c.notFound();
    const key = form.field("key");
    if (!KEY.test(key)) return c.html(staleFormPage(c.req.path), 400);
    await labels.create(installed, keyOf(viewer, installed, key));
    const query = new URLSearchParams({
      installation_id: `${installed.installation.id}`,
      done: key,
    });
    // Loaded again, the page sends nothing again.
    return c.redirect(`${SETUP_PATH}?${query.toString()}`, 303);
  }

  return new Hono()
    .get(SETUP_PATH, guards.signedIn(show))
    .post(`${SETUP_PATH}/labels`, guards.signedInForm(create));
}

/** Of one person's form, about one installation. */
function keyOf({ person }: Viewer, { installation }: InstalledApp, key: string): string {
  return `${person.id} ${installation.id} ${key}`;
}

/** An installation whose account the viewer administers. */
async function administered(viewer: Viewer, id: string): Promise<ViewerInstallation | null> {
  const installation = await viewer.installation(ID.test(id) ? Number(id) : null);
  if (installation === null) return null;
  const { account } = installation;
  return (await viewer.administers(account, installation.id)) ? installation : null;
}
