import { noProxyEntries } from "../config/proxy.ts";
import type { Log } from "../ports/log.ts";

interface Settings {
  readonly HTTPS_PROXY?: string | undefined;
  readonly HTTP_PROXY?: string | undefined;
  readonly NO_PROXY?: string | undefined;
}

/**
 * Lets all requests of this process go through the proxy that the settings name: those of fetch, which Octokit and
 * Probot use, and those of node:http. Without a proxy nothing changes.
 */
export function useProxy(settings: Settings, log: Pick<Log, "info" | "warn">): void {
  const { HTTPS_PROXY, HTTP_PROXY, NO_PROXY = "" } = settings;
  if (HTTPS_PROXY === undefined && HTTP_PROXY === undefined) return;
  const noProxy = noProxyEntries(NO_PROXY);
  // Importing node:http loads what fetch is made of, too, and most bots have no proxy.
  process.getBuiltinModule("node:http").setGlobalProxyFromEnv({
    ...(HTTPS_PROXY === undefined ? {} : { https_proxy: HTTPS_PROXY }),
    ...(HTTP_PROXY === undefined ? {} : { http_proxy: HTTP_PROXY }),
    no_proxy: noProxy.join(","),
  });
  const fields = { httpsProxy: shown(HTTPS_PROXY), httpProxy: shown(HTTP_PROXY), noProxy };
  log.info(fields, "requests go through a proxy");
  const ignored = noProxy.filter((entry) => entry.includes("/"));
  if (ignored.length === 0) return;
  log.warn({ ignored }, "NO_PROXY: networks with a mask aren't supported; use hosts or a suffix");
}

/** Without user and password. */
function shown(proxy: string | undefined): string | null {
  if (proxy === undefined) return null;
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}
