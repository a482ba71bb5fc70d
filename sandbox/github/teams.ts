import type { Answer, Ask, Json } from "./shapes.ts";
import { failure, json } from "./shapes.ts";
import type { State } from "./state.ts";

/** Somebody in a team; who was invited and has not answered yet is `pending`. */
export interface TeamMember {
  readonly login: string;
  readonly role?: "member" | "maintainer";
  readonly state?: "active" | "pending";
}

/** The teams. emulate has some too, but takes every member of one for an owner of the organisation. */
export interface Teams {
  /** Sets who is in a team, which is made if it is not there. */
  set(organisation: string, slug: string, members: readonly (string | TeamMember)[]): void;
  /** Answers requests about teams; undefined for other requests. */
  answer(ask: Ask): Promise<Answer | undefined>;
}

interface Team {
  readonly id: number;
  readonly members: readonly TeamMember[];
}

const pattern =
  /^\/orgs\/(?<organisation>[^/]+)\/teams\/(?<slug>[^/]+)(?:\/(?<members>members)|\/memberships\/(?<login>[^/]+))?$/;

/** Makes organisations without teams. */
export function createTeams(host: string, state: State): Teams {
  const teams = new Map<string, Team>();

  function describe(path: string, slug: string, { id }: Team): Json {
    const url = `http://${host}/api/v3${path}`;
    const [, organisation = ""] = path.split("/").slice(1);
    const html_url = `http://${host}/orgs/${organisation}/teams/${slug}`;
    const node_id = Buffer.from(`Team${id}`).toString("base64url");
    const more = { members_url: `${url}/members{/member}`, repositories_url: `${url}/repos` };
    const settings = { description: null, privacy: "closed", permission: "pull", parent: null };
    return { id, node_id, url, html_url, name: slug, slug, ...settings, ...more };
  }

  return {
    set(organisation, slug, members) {
      const key = `${organisation}/${slug}`.toLowerCase();
      const id = teams.get(key)?.id ?? teams.size + 1;
      const all = members.map((member) =>
        typeof member === "string" ? { login: member } : member,
      );
      teams.set(key, { id, members: all });
    },
    async answer({ method, path }) {
      const found = pattern.exec(path)?.groups;
      if (found === undefined || method !== "GET") return undefined;
      const { organisation = "", slug = "", members, login } = found;
      const team = teams.get(`${organisation}/${slug}`.toLowerCase());
      if (team === undefined) return failure(404, "Not Found");
      if (login !== undefined)
        return membership(team, decodeURIComponent(login), `http://${host}/api/v3${path}`);
      if (members === undefined) return json(200, describe(path, slug, team));
      const active = team.members.filter((it) => it.state !== "pending");
      return json(200, await Promise.all(active.map((it) => state.account(it.login))));
    },
  };
}

function membership({ members }: Team, login: string, url: string): Answer {
  const member = members.find((it) => it.login.toLowerCase() === login.toLowerCase());
  if (member === undefined) return failure(404, "Not Found");
  const { role = "member", state = "active" } = member;
  return json(200, { url, role, state });
}
