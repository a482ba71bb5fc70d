import type { Json } from "../shapes.ts";
import type { AccountRecord, MemberRecord } from "../state/records.ts";
import { accountOf, organizationOf } from "./accounts.ts";
import { urlsOf } from "./urls.ts";

/** What somebody is in an organization: `org-membership`. */
export function membershipOf(
  host: string,
  organization: AccountRecord,
  { person, role, state }: MemberRecord & { readonly person: AccountRecord },
): Json {
  const organization_url = `${urlsOf(host).api}/orgs/${organization.login}`;
  return {
    url: `${organization_url}/memberships/${person.login}`,
    state,
    role,
    organization_url,
    organization: organizationOf(host, organization),
    user: accountOf(host, person),
  };
}
