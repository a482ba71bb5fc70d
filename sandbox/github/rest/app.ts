import type { AppSettings } from "../app/settings.ts";
import type { Delivery } from "../deliveries.ts";
import type { Parts } from "../parts.ts";
import { app, organization } from "../seed.ts";
import type { Json } from "../shapes.ts";
import { timestamp, trusted } from "../shapes.ts";
import type { AccountRecord } from "../state/records.ts";
import { accountOf as accountWith } from "../state/state.ts";
import { accountOf, CREATED } from "./accounts.ts";
import { nodeId, urlsOf } from "./urls.ts";

/** The App as it sees itself: `integration`. */
export function appOf(host: string, settings: AppSettings, owner: AccountRecord): Json {
  const { permissions, events, name, description, externalUrl: external_url } = settings;
  const { id, slug, client_id } = app;
  const html_url = `${urlsOf(host).web}/apps/${slug}`;
  const own = { id, slug, node_id: nodeId("Integration", id), client_id, html_url };
  const times = { created_at: CREATED, updated_at: CREATED };
  const set = { name, description, external_url, permissions, events };
  return { ...own, ...set, ...times, owner: accountOf(host, owner), installations_count: 1 };
}

/** Where webhooks are sent (`webhook-config`); the secret is never shown. */
export function hookOf({ hook: { url, contentType, insecureSsl } }: AppSettings): Json {
  return { content_type: contentType, insecure_ssl: insecureSsl, secret: "********", url };
}

/** The App's installation, also in webhooks: `installation`. */
export function installationOf({
  host,
  installation: { now },
  settings: { events },
  state,
}: Pick<Parts, "host" | "installation" | "settings" | "state">): Json {
  const { id, permissions, selection, suspendedAt, suspendedBy } = now;
  const { api, web } = urlsOf(host);
  const account = accountWith(state, organization);
  return {
    id,
    client_id: app.client_id,
    account: accountOf(host, account),
    repository_selection: selection,
    access_tokens_url: `${api}/app/installations/${id}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: `${web}/organizations/${organization}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions,
    events,
    created_at: CREATED,
    updated_at: CREATED,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspendedBy === null ? null : accountOf(host, suspendedBy),
    suspended_at: suspendedAt,
  };
}

interface Payload {
  readonly installation?: { readonly id: number };
  readonly repository?: { readonly id: number };
}

/** An attempt to deliver a webhook (`hook-delivery-item`), numbered; `guid` is the same for each of a delivery. */
export function deliveryOf(delivery: Delivery, index: number): Json {
  const { id, event, action, payload, statusCode, redelivery, at } = delivery;
  const { installation, repository } = trusted<Payload>(payload);
  return {
    id: index + 1,
    guid: id,
    delivered_at: timestamp(new Date(at)),
    redelivery,
    duration: 0,
    status: statusCode === null ? "failed to connect to host" : "OK",
    status_code: statusCode ?? 0,
    event,
    action: action === "" ? null : action,
    installation_id: installation?.id ?? null,
    repository_id: repository?.id ?? null,
  };
}
