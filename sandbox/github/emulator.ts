import { createEmulator } from "emulate";
import type { SeedConfig } from "emulate";
import { asUser } from "./accounts.ts";
import type { Account, Answer, Ask } from "./shapes.ts";
import { trusted } from "./shapes.ts";

/** The emulated GitHub behind the front, and the key it made for the App. */
export interface Emulator {
  readonly privateKey: string;
  /** Asks as whoever `authorization` names. */
  ask(ask: Ask): Promise<Answer>;
  /** Reads as an administrator. */
  read(path: string, query?: string): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts emulate on a free port of 127.0.0.1; `host` is the front's, which its URLs shall name. */
export async function startEmulator(host: string, seed: SeedConfig): Promise<Emulator> {
  const emulator = await createEmulator({ service: "github", port: 0, seed });
  const port = new URL(emulator.url).port;
  let reads = 0;

  async function ask({ method, path, query, authorization, accept, body }: Ask): Promise<Answer> {
    const headers = new Headers({ accept: accept ?? "application/vnd.github+json" });
    if (authorization !== undefined) headers.set("authorization", authorization);
    const init: RequestInit = { method, headers, redirect: "manual" };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await fetch(`http://127.0.0.1:${port}${path}${query}`, init);
    return translate(response, port, host);
  }

  function read(path: string, query = ""): Promise<Answer> {
    // emulate takes the first seeded person, an administrator, for any token it does not know,
    // and counts 5,000 requests an hour for each token: a new one now and then has no limit.
    const token = `reader-${Math.trunc((reads += 1) / 1000)}`;
    return ask({ method: "GET", path, query, authorization: `Bearer ${token}` });
  }

  const privateKey = emulator.generatedSecrets.at(0)?.value;
  if (privateKey === undefined) throw new Error("emulate made no private key for the App");
  return { privateKey, ask, read, close: () => emulator.close() };
}

async function translate(response: Response, port: string, host: string): Promise<Answer> {
  const names = ["content-type", "link", "location"];
  const limits = [...response.headers.keys()].filter((name) => name.startsWith("x-ratelimit-"));
  const headers: Record<string, string> = {};
  for (const name of [...names, ...limits]) {
    const value = response.headers.get(name);
    if (value !== null) headers[name] = asFront(value, port, host);
  }
  const bytes = Buffer.from(await response.arrayBuffer());
  if (!headers["content-type"]?.startsWith("application/json")) {
    return { status: response.status, headers, body: bytes };
  }
  const text = asFront(bytes.toString(), port, host).replaceAll(
    // GitHub tells whole seconds. In JSON text a quote inside a person's words is escaped, so this meets only fields.
    /"(?<field>\w+_(?:at|on)|date)":"(?<time>[-\d]+T[:\d]+)\.\d+Z"/g,
    '"$<field>":"$<time>Z"',
  );
  return { status: response.status, headers, body: JSON.parse(text, withOwners) };
}

function withOwners(key: string, value: unknown): unknown {
  if (key !== "owner" && key !== "user") return value;
  const account = trusted<Account | null>(value);
  return account?.type === "Organization" ? asUser(account) : value;
}

/** emulate has one base for API and pages; GitHub Enterprise Server serves the API under `/api/v3`. */
function asFront(text: string, port: string, host: string): string {
  const emulated = new RegExp(
    String.raw`(?:localhost|127\.0\.0\.1):${port}(?<api>/(?:repos|users|orgs|app|teams|user)\b)?`,
    "g",
  );
  return text.replaceAll(emulated, (_, api?: string) =>
    api === undefined ? host : `${host}/api/v3${api}`,
  );
}
