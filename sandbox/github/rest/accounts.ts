import { app } from "../seed.ts";
import type { Account, Json } from "../shapes.ts";
import type { AccountRecord, ActingApp } from "../state/records.ts";
import { nodeId, urlsOf } from "./urls.ts";

/** An account, of a person or not, as GitHub shows it beside what it owns or did: `simple-user` in its OpenAPI description. */
export function accountOf(host: string, { login, id, type }: AccountRecord): Account {
  const { api, web } = urlsOf(host);
  const url = `${api}/users/${encodeURIComponent(login)}`;
  const page = type === "Bot" ? `apps/${login.replace(/\[bot\]$/, "")}` : login;
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `${web}/avatars/u/${id}`,
    gravatar_id: "",
    url,
    html_url: `${web}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

/** An account as its own page shows it: `public-user`. */
export function profileOf(host: string, account: AccountRecord): Account {
  return {
    ...accountOf(host, account),
    name: account.login,
    company: null,
    blog: "",
    location: null,
    email: `${account.login}@example.com`,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: CREATED,
    updated_at: CREATED,
  };
}

/** An organization as a webhook has it beside the repository. */
export function organizationOf(host: string, { login, id }: AccountRecord): Json {
  const { api, web } = urlsOf(host);
  const url = `${api}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId("Organization", id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${web}/avatars/u/${id}`,
    description: "",
  };
}

/** When all accounts and Apps were created. */
export const CREATED = "2024-01-01T00:00:00Z";

/** The bot's own App. */
export const OWN_APP: ActingApp = app;

/** Whose Apps the others are. */
const VENDOR: AccountRecord = { login: "app-vendor", id: 900_000, type: "Organization" };

/** An App as GitHub shows it where something was written through it: `integration`. */
export function integrationOf(
  host: string,
  { id, slug, name = slug, client_id = `Iv23li${id}` }: ActingApp,
): Json {
  return {
    id,
    slug,
    node_id: nodeId("Integration", id),
    client_id,
    owner: accountOf(host, VENDOR),
    name,
    description: null,
    external_url: `https://example.com/${slug}`,
    html_url: `${urlsOf(host).web}/apps/${slug}`,
    created_at: CREATED,
    updated_at: CREATED,
    permissions: { issues: "write", metadata: "read", pull_requests: "write" },
    events: [],
  };
}
