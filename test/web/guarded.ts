import { Hono } from "hono";
import { csrf } from "hono/csrf";
import type { GitHubAccount } from "../../src/ports/administrators.ts";
import type { ReadableRepository } from "../../src/ports/viewing.ts";
import { callbackRoutes } from "../../src/web/callback.ts";
import type { PagesOptions } from "../../src/web/options.ts";
import { createPageParts } from "../../src/web/parts.ts";
import { signInRoutes } from "../../src/web/sign-in.ts";
import type { Browser } from "./browser.ts";
import { openBrowser } from "./browser.ts";
import { createWorld, PUBLIC_URL } from "./world.ts";

export const HELLO: ReadableRepository = {
  id: 1,
  owner: "octo-org",
  ownerId: 9_919,
  ownerType: "Organization",
  name: "hello",
  isPrivate: true,
  role: "write",
};

export const OCTO_ORG: GitHubAccount = { id: 9_919, login: "octo-org", isOrganization: true };

/** Pages behind the guards, as those that show tasks are: what they show is what the viewer can read. */
export function createGuardedWorld(changes: Partial<PagesOptions> = {}) {
  const world = createWorld(changes);
  const parts = createPageParts(world.options);
  const { signedIn, signedInForm, signedInStream } = parts.guards;
  const app = new Hono()
    .use(csrf({ origin: PUBLIC_URL }))
    .route("/", signInRoutes(parts))
    .route("/", callbackRoutes(parts))
    .get(
      "/list",
      signedIn(async (c, { viewer, formToken }) => {
        const { repositories } = await viewer.scope();
        const names = repositories.map(({ owner, name }) => `${owner}/${name}`).join(" ");
        const { login } = viewer.person;
        return c.html(
          `<body><p>${login}: ${names}</p><form action="/do"><input name="form_token" value="${formToken}"></form>`,
        );
      }),
    )
    .get(
      "/repositories/:owner/:name",
      signedIn(async (c, { viewer }) => {
        const { owner, name } = c.req.param();
        const found = await viewer.repository({ owner: owner ?? "", name: name ?? "" });
        return found === null ? c.notFound() : c.html(`<body><p>${found.id}</p>`);
      }),
    )
    .get(
      "/tasks/:id",
      signedIn(async (c, { viewer }) => {
        const place = c.req.param("id") === "known" ? HELLO : null;
        const found = await viewer.repository(place);
        return found === null ? c.notFound() : c.html(`<body><p>${found.name}</p>`);
      }),
    )
    .get(
      "/administrators",
      signedIn(async (c, { viewer, formToken }) => {
        const answer = (await viewer.administers(OCTO_ORG, 31)) ? "an owner" : "no owner";
        return c.html(
          `<body><p>${answer}</p><form action="/administrators"><input name="form_token" value="${formToken}"></form>`,
        );
      }),
    )
    .post(
      "/administrators",
      signedInForm(async (c, { viewer }) =>
        c.text((await viewer.administers(OCTO_ORG, 31)) ? "an owner" : "no owner"),
      ),
    )
    .post(
      "/do",
      signedInForm(async (c, { viewer, form }) => {
        const found = await viewer.repository(HELLO);
        return found === null ? c.notFound() : c.text(`${viewer.person.login} ${form.field("x")}`);
      }),
    )
    .get(
      "/events",
      signedInStream({
        mayWatch: async (_c, viewer) => (await viewer.repository(HELLO)) !== null,
        async run(_c, _viewer, { send, signal }) {
          await send({ event: "hello", data: "1" });
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        },
      }),
    );
  const open = (): Browser => openBrowser(app, PUBLIC_URL);
  return { ...world, app, open, parts };
}
