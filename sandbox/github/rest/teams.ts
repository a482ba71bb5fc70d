import type { Json } from "../shapes.ts";
import type { TeamRecord } from "../state/records.ts";
import { CREATED, organizationOf } from "./accounts.ts";
import { nodeId, urlsOf } from "./urls.ts";

/** A team: `team-full`. */
export function teamOf(host: string, { id, organization, slug, members }: TeamRecord): Json {
  const { api, web } = urlsOf(host);
  const url = `${api}/orgs/${organization.login}/teams/${slug}`;
  const html_url = `${web}/orgs/${organization.login}/teams/${slug}`;
  return {
    id,
    node_id: nodeId("Team", id),
    url,
    html_url,
    name: slug,
    slug,
    description: null,
    type: "organization",
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "pull",
    parent: null,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    members_count: members.length,
    repos_count: 0,
    created_at: CREATED,
    updated_at: CREATED,
    organization: {
      ...organizationOf(host, organization),
      html_url: `${web}/${organization.login}`,
      type: organization.type,
      has_organization_projects: true,
      has_repository_projects: true,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      created_at: CREATED,
      updated_at: CREATED,
      archived_at: null,
    },
  };
}
