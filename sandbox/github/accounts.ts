import type { Account } from "./shapes.ts";
import { trusted } from "./shapes.ts";

/** GitHub names an account in an event with fewer fields than the account's own page has. */
export function briefly(account: Account): Account {
  return only(account, (name) => brief.has(name) || name.endsWith("_url"));
}

/** An organisation as a webhook tells it beside the repository. */
export function asOrganization(account: Account): Account {
  const organization = only(account, (name) => name === "avatar_url" || !name.startsWith("html_"));
  const { type: _type, site_admin: _admin, ...rest } = organization;
  return { description: "", ...trusted<Account>(rest) };
}

/**
 * An account that owns or has installed something, which GitHub tells as if it were a person
 * whatever it is (`simple-user` in its OpenAPI description); emulate does not for organisations.
 */
export function asUser({
  login,
  id,
  node_id,
  avatar_url,
  html_url,
  type,
  url: told,
}: Account): Account {
  const url = String(told).replace("/orgs/", "/users/");
  const urls = {
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
  };
  const pictures = { avatar_url, gravatar_id: "" };
  return { login, id, node_id, ...pictures, url, html_url, ...urls, type, site_admin: false };
}

const brief = new Set(["login", "id", "node_id", "gravatar_id", "url", "type", "site_admin"]);

function only(account: Account, wanted: (name: string) => boolean): Account {
  return trusted(Object.fromEntries(Object.entries(account).filter(([name]) => wanted(name))));
}
