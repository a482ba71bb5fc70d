import { createBackend } from "../src/app/backends.ts";
import { createConnecting } from "../src/app/connecting.ts";
import type { AppOptions } from "../src/app/options.ts";
import type { Storage } from "../src/app/storage.ts";
import { timeoutsFrom } from "../src/app/timeouts.ts";
import { restBaseUrl } from "../src/config/environment.ts";
import { connectToGitHub } from "../src/github/connection.ts";
import type { PagesListener } from "../src/http/server.ts";

/** The bot's pages, without a runtime, and with nobody who works on tasks. Undefined where nobody can sign in. */
export async function createBotPages(
  options: AppOptions,
  storage: Storage,
  directory: string,
): Promise<PagesListener | undefined> {
  const { environment, log } = options;
  const { APP_ID: appId, PRIVATE_KEY: privateKey } = environment;
  const baseUrl = restBaseUrl(environment);
  const parts = await createConnecting({
    options,
    storage,
    backend: createBackend({ ...options, directory }),
    github: await connectToGitHub({ appId, privateKey, baseUrl, throttled: false }, log),
    machines: { machines: () => Promise.resolve([]), hostedTasks: storage.hostedTasks },
    measure: undefined,
    timeouts: timeoutsFrom(environment),
    stopping: new AbortController().signal,
    processTask: () => {},
    processNewTask: () => {},
  });
  return parts?.pages;
}
