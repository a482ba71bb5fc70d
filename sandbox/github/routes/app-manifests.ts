import type { RegisteredApp } from "../app/registrations.ts";
import type { Asked } from "../parts.ts";
import { accountOf, CREATED } from "../rest/accounts.ts";
import { nodeId, urlsOf } from "../rest/urls.ts";
import type { Json } from "../shapes.ts";
import { json } from "../shapes.ts";
import type { AppRoute } from "./app.ts";
import { NOT_FOUND } from "./route.ts";

/** Whoever has the code gets the secrets of the App that was registered, once. */
export const APP_MANIFEST_ROUTES: readonly AppRoute[] = [
  {
    operation: "POST /app-manifests/{code}/conversions",
    isForApp: false,
    permissions: [],
    answer(asked) {
      const registered = asked.registrations.convert(asked.parameters["code"] ?? "");
      return registered === undefined ? NOT_FOUND : json(201, conversionOf(registered, asked));
    },
  },
];

function conversionOf(registered: RegisteredApp, { host, privateKey }: Asked): Json {
  const { id, slug, name, owner, manifest, clientId, clientSecret, webhookSecret } = registered;
  const { description = null, url, default_permissions, default_events } = manifest;
  return {
    id,
    slug,
    node_id: nodeId("Integration", id),
    client_id: clientId,
    owner: accountOf(host, owner),
    name,
    description,
    external_url: url,
    html_url: `${urlsOf(host).web}/apps/${slug}`,
    created_at: CREATED,
    updated_at: CREATED,
    permissions: default_permissions ?? {},
    events: default_events ?? [],
    client_secret: clientSecret,
    webhook_secret: webhookSecret,
    pem: privateKey,
  };
}
