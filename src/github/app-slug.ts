import { z } from "zod";
import type { AppSlug } from "../ports/github.ts";
import type { Log } from "../ports/log.ts";
import type { GitHubApp } from "./app.ts";
import { isRequestError } from "./trouble.ts";

/** A slug goes into patterns and Markdown. */
const appNamed = z.object({ slug: z.string().regex(/^[A-Za-z0-9-]{1,100}$/u) });

/** After GitHub didn't say it, and after it refused the App's key, in milliseconds. */
const ASK_AGAIN_MS = 5_000;
const REFUSED_MS = 60_000;

const REFUSED =
  "GitHub refuses the App's key, so nothing works: set APP_ID, and PRIVATE_KEY to a key of this App";

/** The App's slug, asked for once: `GET /app` is GitHub's own word, in every installation. */
export function createAppSlug(
  app: Pick<GitHubApp, "octokit">,
  log: Log,
  askAgainMs = ASK_AGAIN_MS,
): AppSlug {
  let slug: string | null = null;
  let asking: Promise<string | null> | null = null;
  let notBefore = -Infinity;
  let isRefused = false;

  async function ask(): Promise<string | null> {
    try {
      const { data } = await (await app.octokit()).rest.apps.getAuthenticated();
      ({ slug } = appNamed.parse(data));
    } catch (err) {
      isRefused = isRequestError(err) && [401, 404].includes(err.status);
      if (isRefused) log.error({ err }, REFUSED);
      else log.warn({ err }, "GitHub didn't say the App's name");
      notBefore = performance.now() + (isRefused ? REFUSED_MS : askAgainMs);
    }
    asking = null;
    return slug;
  }

  function asked(): Promise<string | null> {
    if (slug !== null || performance.now() < notBefore) return Promise.resolve(slug);
    asking ??= ask();
    return asking;
  }

  return {
    known() {
      void asked();
      return slug;
    },
    asked,
    async isAccepted() {
      if ((await asked()) !== null) return true;
      return isRefused ? false : null;
    },
  };
}
