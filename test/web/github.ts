import { createHash, randomBytes } from "node:crypto";
import type { CopilotRights, Person } from "../../src/core/identity/connection.ts";
import type {
  Authorization,
  Examined,
  Granted,
  Identified,
} from "../../src/ports/authorization.ts";
import type { Administrators } from "../../src/ports/administrators.ts";
import type { ReadableRepository, ViewerGitHub } from "../../src/ports/viewing.ts";
import { ViewingTrouble } from "../../src/ports/viewing.ts";

export const OCTOCAT: Person = { id: 583_231, login: "octocat" };
export const WRITER: Person = { id: 42, login: "writer" };

export const RIGHTS: CopilotRights = {
  plan: "individual_pro",
  cloudSessions: true,
  remoteControl: true,
};

/** GitHub's user authorization, and what people can read, in memory. */
export interface InMemoryGitHub extends Authorization, ViewerGitHub, Administrators {
  /** All tokens that were granted or announced, with whose they are; those that are revoked aren't in `live`. */
  readonly tokens: ReadonlyMap<string, Person>;
  readonly live: ReadonlySet<string>;
  /** What it answers instead, from now on. */
  readonly answers: {
    exchange?: Granted;
    examine?: Examined;
    identify?: Identified;
    scope?: ViewingTrouble;
  };
  /** What people can read by a role of theirs, by their id. */
  readonly readable: Map<number, readonly ReadableRepository[]>;
  /** What everybody can read. */
  readonly open: ReadableRepository[];
  /** Who owns an organization, by its id. */
  readonly owners: Map<number, readonly Person[]>;
  /** What was asked about what people can see: `scope`, a repository's address, or whether they own an account. */
  readonly asked: string[];
  /** A person agrees on GitHub's page: where GitHub sends their browser. @param page as the bot made it */
  agree(page: string, person: Person): string;
  /** A fine-grained token that a person made. */
  createPersonal(person: Person): string;
}

/** Codes are used once, and only with the verifier of the challenge, as on GitHub. */
export function createGitHub(publicUrl: string): InMemoryGitHub {
  const codes = new Map<string, { readonly person: Person; readonly challenge: string | null }>();
  const tokens = new Map<string, Person>();
  const owners: InMemoryGitHub["owners"] = new Map();
  const live = new Set<string>();
  const answers: InMemoryGitHub["answers"] = {};
  const readable: InMemoryGitHub["readable"] = new Map();
  const [open, asked]: [ReadableRepository[], string[]] = [[], []];

  function issue(prefix: string, person: Person): string {
    const token = `${prefix}${randomBytes(18).toString("hex")}`;
    tokens.set(token, person);
    live.add(token);
    return token;
  }

  function exchange(code: string, verifier: string): Granted {
    const pending = codes.get(code);
    codes.delete(code);
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    if (pending?.challenge !== challenge) {
      const message = "The code passed is incorrect or expired.";
      return { type: "refused", code: "bad_verification_code", message };
    }
    const granted = {
      token: issue("ghu_", pending.person),
      refreshToken: issue("ghr_", pending.person),
    };
    return { type: "granted", tokens: granted, expiresAt: "2026-11-30T14:00:00.000Z" };
  }

  function examine(token: string): Examined {
    const person = tokens.get(token);
    if (person !== undefined && live.has(token)) return { type: "good", person, rights: RIGHTS };
    return {
      type: "unfit",
      person: null,
      problem: "GitHub doesn't accept this token.",
      page: null,
    };
  }

  /** What the owner of a token can read. */
  function readableWith(token: string): readonly ReadableRepository[] {
    if (answers.scope !== undefined) throw answers.scope;
    const person = tokens.get(token);
    if (person === undefined || !live.has(token)) throw new ViewingTrouble("token_refused", "401");
    return readable.get(person.id) ?? [];
  }

  return {
    kind: "app",
    readable,
    open,
    asked,
    async scope(token) {
      asked.push("scope");
      return { repositories: readableWith(token), installations: [] };
    },
    async repository(token, { owner, name }) {
      asked.push(`${owner}/${name}`);
      const all = [...readableWith(token), ...open];
      return all.find((one) => one.owner === owner && one.name === name) ?? null;
    },
    async administers({ id }, account) {
      asked.push(`owner of ${account.login}`);
      if (answers.scope !== undefined) throw answers.scope;
      const { isOrganization } = account;
      return isOrganization
        ? (owners.get(account.id) ?? []).some((one) => one.id === id)
        : account.id === id;
    },
    owners,
    tokens,
    live,
    answers,
    authorizeUrl({ state, challenge, neededLogin = null }) {
      const query = new URLSearchParams({ client_id: "Iv1.bot", state, code_challenge: challenge });
      if (neededLogin !== null) query.set("login", neededLogin);
      return `https://github.com/login/oauth/authorize?${query.toString()}`;
    },
    exchange: (code, verifier) => Promise.resolve(answers.exchange ?? exchange(code, verifier)),
    async identify(token) {
      const person = tokens.get(token);
      if (person === undefined) throw new Error("GitHub didn't issue this token.");
      return answers.identify ?? { type: "person", person };
    },
    examine: (token) => Promise.resolve(answers.examine ?? examine(token)),
    refresh: () => Promise.reject(new Error("The pages refresh nothing.")),
    withdraw: () => Promise.reject(new Error("The pages leave that to the connections.")),
    stateOf: () => Promise.reject(new Error("The pages don't ask that.")),
    revoke: (token) => Promise.resolve(void live.delete(token)),
    agree(page, person) {
      const query = new URL(page).searchParams;
      const code = randomBytes(10).toString("hex");
      codes.set(code, { person, challenge: query.get("code_challenge") });
      const back = new URLSearchParams({ code, state: query.get("state") ?? "" });
      return `${publicUrl}/oauth/callback?${back.toString()}`;
    },
    createPersonal: (person) => issue("github_pat_", person),
  };
}
