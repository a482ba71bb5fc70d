import type { Connecting } from "../config/connecting.ts";
import type { Finding } from "../core/doctor/finding.ts";
import type { ConnectionCount } from "../core/identity/connection.ts";
import { CALLBACK_PATH } from "../core/identity/connection.ts";
import type { AppFacts } from "../github/app-facts.ts";
import { failed, ok, quote } from "./examination.ts";
import type { Places } from "./places.ts";

/** What the findings are about. */
export const CONNECTING = "connecting";
export const CONNECTIONS = "connected people";

/** Whether people authorize this App. */
export function judgeClientId(
  { clientId }: Pick<Connecting, "clientId">,
  app: Pick<AppFacts, "clientId">,
  places: Places,
): Finding {
  if (app.clientId === clientId) return ok(CONNECTING, "GITHUB_CLIENT_ID is the App's.");
  const settings = `the App's settings${places.settings}`;
  if (app.clientId !== null) {
    const found = `GITHUB_CLIENT_ID isn't the App's client ID, which is ${quote(app.clientId)}.`;
    const cure = `Set GITHUB_CLIENT_ID to the “Client ID” in ${settings}, and GITHUB_CLIENT_SECRET to a client secret generated there.`;
    return failed(CONNECTING, found, cure);
  }
  const found = `GitHub doesn't report the App's client ID. Check that GITHUB_CLIENT_ID is the one in ${settings}.`;
  return ok(CONNECTING, found);
}

/** GitHub's API doesn't have where people are sent back to: only somebody who sees the settings can compare it. */
export function judgeCallback({ publicUrl, oauthApp }: Connecting, places: Places): Finding {
  const url = quote(publicUrl + CALLBACK_PATH);
  const what =
    oauthApp === null
      ? `one of the App's callback URLs in its settings${places.settings}`
      : "the authorization callback URL of the OAuth App (OAUTH_APP_CLIENT_ID)";
  return ok("callback URL", `GitHub's API doesn't report it. Check that ${url} is ${what}.`);
}

/** How many people have connected their Copilot; never who. */
export function judgeConnections({ connected, ended }: ConnectionCount): Finding {
  const again = ended === 0 ? "" : ` ${ended} more must connect again.`;
  return ok(CONNECTIONS, `${connected === 0 ? "None yet" : connected}.${again}`);
}
