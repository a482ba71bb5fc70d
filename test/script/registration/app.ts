import type { ConvertedApp } from "../../../script/lib/registration/conversion.ts";

/** An App as GitHub registers it. */
export const APP: ConvertedApp = {
  id: 123_456,
  name: "copilot-task-bot",
  url: "https://github.com/apps/copilot-task-bot",
  owner: "octo-org",
  clientId: "Iv23liAbCdEfGhIjKlMn",
  clientSecret: "1726be1638095a19edd134c77bde3aa2ece1e5d8",
  webhookSecret: "e340154128314309424b7c8e90325147d99fdafa",
  pem: "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n",
};
