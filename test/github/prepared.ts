import { generateKeyPairSync } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { GraphQLError } from "graphql";
import nock from "nock";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import type { AppIdentity } from "../../src/github/app.ts";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { connectToGitHub } from "../../src/github/connection.ts";
import { installationToken } from "./answers.ts";
import type { Source } from "./graphql.ts";
import { answerTo, problemsOfQuery } from "./graphql.ts";
import type { Answered, Asked } from "./openapi.ts";
import { problemsOfAnswer, problemsOfRequest } from "./openapi.ts";

/** A request that a test expects, e.g. `GET /repos/octo-org/hello/issues/7/comments?page=2`. */
export type Expected = `${"DELETE" | "GET" | "PATCH" | "POST"} /${string}`;

/** A GraphQL query. */
export const GRAPHQL = "POST /graphql";

interface Manner {
  readonly headers?: Readonly<Record<string, string>>;
  /** GitHub does not answer before this holds. */
  readonly once?: () => boolean;
}

interface Answer extends Manner {
  /** By default, 201 for a POST and 200 for anything else. */
  readonly status?: number;
}

interface Refusal {
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly times?: number;
}

/** A request that came, and with what authority. */
interface Received extends Asked {
  readonly authorization: string | null;
}

/**
 * A GitHub of which each answer is prepared. Time passes there as soon as somebody waits for it.
 *
 * After each test it makes sure that everything was requested and nothing else, that the requests were as GitHub
 * describes them, and that neither the key nor a token nor what people wrote is in the log.
 */
export interface PreparedGitHub {
  /** The log so far. */
  readonly lines: readonly string[];
  readonly received: readonly Received[];
  answers(expected: Expected, body: unknown, answer?: Answer): void;
  /** Answers a GraphQL query with what it asks for of this. */
  returns(source: Source | GraphQLError, manner?: Manner): void;
  refuses(expected: Expected, status: number, refusal?: Refusal): void;
  /** The connection breaks before there is an answer. */
  breaks(expected: Expected): void;
  /** The connection breaks in the middle of an answer of success. */
  cutsOff(expected: Expected): void;
  connect(changes?: Partial<AppIdentity>): Promise<GitHubConnection>;
  /** A connection whose first request gets a token for installation 31. */
  connectInstalled(): Promise<GitHubConnection>;
}

const identity: AppIdentity = {
  appId: 4711,
  privateKey: generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString(),
  baseUrl: "https://api.github.com",
  throttled: false,
};

const AN_HOUR = 3_600_000;
/** Of real time. */
const A_WHILE_MS = 10_000;
const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };

/** A prepared GitHub for the tests of a file. Only on GitHub Enterprise Server GraphQL is elsewhere. */
export function useGitHub(baseUrl = identity.baseUrl, graphqlBaseUrl = baseUrl): PreparedGitHub {
  const lines: string[] = [];
  const received: Received[] = [];
  const problems: string[] = [];
  const unspeakable = new Set<string>();
  const log = pino({ level: "trace" }, { write: (line) => lines.push(line) });
  // Octokit's pace outlives a connection: each test begins long after the one before.
  let now = Date.now();

  const unexpected = ({ method, url }: Request) => problems.push(`unexpected: ${method} ${url}`);
  const receive = (path: string, { method, headers }: Request, text: string): unknown => {
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    const authorization = headers.get("authorization");
    received.push({ method, path, authorization, ...(body === undefined ? {} : { body }) });
    const inGraphql = `${method} ${path}` === GRAPHQL;
    problems.push(
      ...(inGraphql ? problemsOfQuery(body) : problemsOfRequest({ method, path, body })),
    );
    for (const secret of [...secretsIn(body), authorization?.split(" ")[1]]) {
      if (secret !== undefined) unspeakable.add(secret);
    }
    return body;
  };

  function intercept(expected: Expected, asked: (body: unknown) => void = () => undefined) {
    const { method = "", path = "" } = /^(?<method>\S+) (?<path>.*)$/u.exec(expected)?.groups ?? {};
    const root = expected === GRAPHQL ? graphqlBaseUrl : baseUrl;
    const scope = nock(root).on("request", (request: Request, _: unknown, text: string) => {
      asked(receive(request.url.replace(root, ""), request, text));
    });
    return { method, path, interceptor: scope.intercept(path, method) };
  }

  beforeAll(() => {
    nock.disableNetConnect();
    nock.emitter.on("no match", unexpected);
  });

  beforeEach(() => {
    now += AN_HOUR;
    vi.useFakeTimers({ now, toFake: ["setTimeout", "clearTimeout", "Date"] });
    vi.setTimerTickMode("nextTimerAsync");
    for (const list of [lines, received, problems]) list.length = 0;
    unspeakable.clear();
    for (const line of identity.privateKey.trim().split("\n")) unspeakable.add(line);
  });

  afterEach(() => {
    vi.useRealTimers();
    const neverAsked = nock.pendingMocks();
    nock.cleanAll();
    const leaked = [...unspeakable].filter((secret) => lines.some((line) => line.includes(secret)));
    expect({ neverAsked, problems, leaked }).toEqual({ neverAsked: [], problems: [], leaked: [] });
  });

  afterAll(() => {
    nock.emitter.off("no match", unexpected);
    nock.enableNetConnect();
  });

  const github: PreparedGitHub = {
    lines,
    received,
    answers(expected, body, { status, ...manner } = {}) {
      const { interceptor, ...asked } = intercept(expected);
      const answered = { status: status ?? (asked.method === "POST" ? 201 : 200), body };
      expect(problemsOfAnswer(asked, answered)).toEqual([]);
      for (const secret of secretsIn(body)) unspeakable.add(secret);
      interceptor.reply(() => replyWith(answered, manner));
    },
    returns(source, manner = {}) {
      let body: unknown;
      const { interceptor } = intercept(GRAPHQL, (query) => {
        const { answer, problems: found } = answerTo(query, source);
        body = answer;
        problems.push(...found);
      });
      for (const secret of secretsIn(source)) unspeakable.add(secret);
      interceptor.reply(() => replyWith({ status: 200, body }, manner));
    },
    refuses(expected, status, { message = "No", headers = {}, times = 1 } = {}) {
      const body = { message, documentation_url: "https://docs.github.com/rest", status };
      intercept(expected).interceptor.times(times).reply(status, body, headers);
    },
    breaks(expected) {
      intercept(expected).interceptor.replyWithError("socket hang up");
    },
    cutsOff(expected) {
      const { method, interceptor } = intercept(expected);
      const status = method === "POST" && expected !== GRAPHQL ? 201 : 200;
      interceptor.reply(status, '{"id":', JSON_TYPE);
    },
    connect(changes = {}) {
      return connectToGitHub({ ...identity, baseUrl, ...changes }, log);
    },
    connectInstalled() {
      const expected = "POST /app/installations/31/access_tokens";
      github.answers(expected, installationToken("ghs_16C7e42F292c6912E7710c838347Ae178B4a"));
      return github.connect();
    },
  };
  return github;
}

async function replyWith({ status, body }: Answered, { headers = {}, once = () => true }: Manner) {
  const start = performance.now();
  while (!once()) {
    if (performance.now() - start > A_WHILE_MS) throw new Error("nothing has come of waiting");
    await setImmediate();
  }
  return [status, JSON.stringify(body), { ...JSON_TYPE, ...headers }];
}

/** Tokens and what people wrote, in the form in which they would stand in a line of JSON. */
function secretsIn(json: unknown): string[] {
  if (json === null || typeof json !== "object") return [];
  return Object.entries(json).flatMap(([name, value]: [string, unknown]) => {
    const secret = typeof value === "string" && value !== "" && SECRET.has(name);
    return secret ? [JSON.stringify(value).slice(1, -1)] : secretsIn(value);
  });
}

const SECRET = new Set(["body", "text", "title", "token"]);
