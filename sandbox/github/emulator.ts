import { createEmulator } from "emulate";
import type { SeedConfig } from "emulate";
import type { Dispatcher } from "undici";
import { Pool } from "undici";
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

/** An answer as it came. */
interface Given {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** Starts emulate on a free port of 127.0.0.1; `host` is the front's, which its URLs shall name. */
export async function startEmulator(host: string, seed: SeedConfig): Promise<Emulator> {
  const emulator = await createEmulator({ service: "github", port: 0, seed });
  const { port } = new URL(emulator.url);
  // Node's fetch takes longer than emulate itself, which is asked a few times for each request of a bot's.
  const pool = new Pool(`http://127.0.0.1:${port}`);
  const asFront = frontOf(port, host);
  /** What was read since something was written last: nobody else changes what emulate knows. */
  const known = new Map<string, Promise<Given>>();
  let reads = 0;

  async function exchange({ method, path, query, authorization, accept, body }: Ask) {
    const { pathname, search } = new URL(`${path}${query}`, emulator.url);
    const response = await pool.request({
      method,
      path: `${pathname}${search}`,
      headers: {
        accept: accept ?? "application/vnd.github+json",
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const bytes = Buffer.from(await response.body.arrayBuffer());
    return { status: response.statusCode, headers: headersOf(response.headers), bytes };
  }

  async function ask(asked: Ask): Promise<Answer> {
    if (asked.method === "GET") return translate(await exchange(asked), asFront);
    known.clear();
    try {
      return translate(await exchange(asked), asFront);
    } finally {
      known.clear();
    }
  }

  async function read(path: string, query = ""): Promise<Answer> {
    const place = `${path}${query}`;
    let given = known.get(place);
    if (given === undefined) {
      // emulate takes the first seeded person, an administrator, for any token it does not know,
      // and counts 5,000 requests an hour for each token: a new one now and then has no limit.
      const authorization = `Bearer reader-${Math.trunc((reads += 1) / 1000)}`;
      given = exchange({ method: "GET", path, query, authorization });
      known.set(place, given);
      given.catch(() => known.delete(place));
    }
    return translate(await given, asFront);
  }

  const privateKey = emulator.generatedSecrets.at(0)?.value;
  if (privateKey === undefined) throw new Error("emulate made no private key for the App");
  return {
    privateKey,
    ask,
    read,
    async close() {
      await pool.close();
      await emulator.close();
    },
  };
}

/** Those that the front passes on. */
function headersOf(given: Dispatcher.ResponseData["headers"]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const isTold = ["content-type", "link", "location"].includes(name);
    if (typeof value !== "string" || !(isTold || name.startsWith("x-ratelimit-"))) continue;
    headers[name] = value;
  }
  return headers;
}

/** The answer as the front's own, and nobody else's: whoever gets it may change it. */
function translate(
  { status, headers: given, bytes }: Given,
  asFront: (text: string) => string,
): Answer {
  const entries = Object.entries(given).map(([name, value]) => [name, asFront(value)]);
  const headers: Record<string, string> = Object.fromEntries(entries);
  if (!headers["content-type"]?.startsWith("application/json")) {
    return { status, headers, body: bytes };
  }
  const json: unknown = JSON.parse(asFront(bytes.toString()));
  return { status, headers, body: mended(json) };
}

/** What GitHub tells otherwise: whole seconds, and an organisation as an account like any other. */
function mended(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, mendedField(key, of)]));
}

function mendedField(key: string, value: unknown): unknown {
  if (typeof value === "string") {
    return /(?:_at|_on|^date)$/.test(key) ? value.replace(/^([-\d]+T[:\d]+)\.\d+Z$/, "$1Z") : value;
  }
  if (key !== "owner" && key !== "user") return mended(value);
  const account = trusted<Account | null>(mended(value));
  return account?.type === "Organization" ? asUser(account) : account;
}

/** emulate has one base for API and pages; GitHub Enterprise Server serves the API under `/api/v3`. */
function frontOf(port: string, host: string): (text: string) => string {
  const emulated = new RegExp(
    String.raw`http://(?:localhost|127\.0\.0\.1):${port}(?<api>/(?:repos|users|orgs|app|teams|user)\b)?`,
    "g",
  );
  return (text) =>
    text.replaceAll(emulated, (_, api?: string) =>
      api === undefined ? `http://${host}` : `http://${host}/api/v3${api}`,
    );
}
