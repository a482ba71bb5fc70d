import type { Finding } from "../core/doctor/finding.ts";
import type { DeliveryFacts, HookFacts } from "../github/app-facts.ts";
import type { Audience } from "./examination.ts";
import { ok, quote, warning } from "./examination.ts";
import type { Places } from "./places.ts";

/** Where the bot listens for webhooks. */
const PATH = "/api/github/webhooks";

/** Who hears what of which GitHub. */
interface Around {
  readonly places: Places;
  readonly audience: Audience;
  /** Where its pages are, e.g. `https://github.com`. */
  readonly github: string;
}

/** The settings of the webhook. GitHub doesn't say whether it's active. */
export function judgeHook(hook: HookFacts, { places, audience, github }: Around): Finding {
  const what = "webhook settings";
  const wrong = [...wrongInUrl(hook.url, github), ...wrongInHook(hook)];
  if (wrong.length === 0) {
    const url = hook.url === null ? null : URL.parse(hook.url);
    // Only the bot's administrator sees where the bot is reached.
    const shown = audience === "administrator" && url !== null ? url.origin + url.pathname : null;
    const scheme = url?.protocol === "https:" ? "https" : "http on one machine";
    const place = shown === null ? scheme : quote(shown);
    return ok(what, `${place}, JSON, with a secret and certificate verification.`);
  }
  const level = wrong.some((it) => it.level === "failed") ? "failed" : "warning";
  const found = wrong.map((it) => it.found).join(" ");
  const changes = [...new Set(wrong.map((it) => it.change))].join("; ");
  const cure = `In the App's settings${places.settings}, ${changes}.`;
  return { level, what, found, cure };
}

/** From which length on nobody guesses it, whatever it's made of; in characters. */
const MIN_SECRET = 16;

/** Who guesses the secret can send the bot whatever they like. Nothing where it's long enough. */
export function judgeSecret(secret: string, places: Places): readonly Finding[] {
  if (secret.length >= MIN_SECRET) return [];
  const found = `WEBHOOK_SECRET is shorter than ${MIN_SECRET} characters, so it can be guessed.`;
  const cure = `Generate another one with \`openssl rand -hex 32\`. Set it in WEBHOOK_SECRET and as the “Webhook secret” in the App's settings${places.settings}.`;
  return [warning("webhook secret", found, cure)];
}

/** What is wrong, and what the owner of the App does about it. */
interface Wrong {
  readonly level: "warning" | "failed";
  readonly found: string;
  readonly change: string;
}

/** Addresses that lead to the machine that asks. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/u;

function isLoopback(url: URL | null): boolean {
  return url !== null && LOOPBACK.test(url.hostname);
}

function wrongInUrl(reported: string | null, github: string): Wrong[] {
  const url = reported === null ? null : URL.parse(reported);
  const change = `set the webhook URL to the bot's address, like \`https://bot.example.com${PATH}\``;
  if (url === null) return [{ level: "failed", found: "The webhook has no URL.", change }];
  const wrong: Wrong[] = [];
  if (isLoopback(url)) {
    // Between a GitHub and a bot on one machine, nothing needs to be encrypted.
    if (!isLoopback(URL.parse(github))) {
      const found = "The URL leads to the machine that opens it, so GitHub can't reach the bot.";
      wrong.push({ level: "failed", found, change });
    }
  } else if (url.protocol !== "https:") {
    const found = "The URL doesn't begin with `https://`, so webhooks aren't encrypted.";
    wrong.push({ level: "warning", found, change });
  }
  if (!url.pathname.endsWith(PATH)) {
    const found = `The URL doesn't end with \`${PATH}\`, where the bot listens.`;
    wrong.push({ level: "warning", found, change });
  }
  return wrong;
}

function wrongInHook({ contentType, hasSecret, verifiesCertificates }: HookFacts): Wrong[] {
  const wrong: Wrong[] = [];
  if (contentType !== "json") {
    const found = `The content type is ${quote(contentType ?? "form")}, which the bot refuses with 415.`;
    wrong.push({ level: "failed", found, change: "choose the content type `application/json`" });
  }
  if (!hasSecret) {
    const found =
      "The webhook has no secret. GitHub doesn't sign anything, so the bot refuses everything.";
    const change = "set the webhook secret to the bot's WEBHOOK_SECRET";
    wrong.push({ level: "failed", found, change });
  }
  if (!verifiesCertificates) {
    const found = "GitHub doesn't verify the certificate of the bot's address.";
    wrong.push({ level: "warning", found, change: "enable SSL verification" });
  }
  return wrong;
}

/** The latest deliveries, newest first. */
export function judgeDeliveries(
  deliveries: readonly DeliveryFacts[],
  places: Places,
  hasDatabase: boolean,
): Finding {
  const what = "webhook deliveries";
  const [latest] = deliveries;
  if (latest === undefined) {
    const cure = `If there was activity in your repositories, select “Active” under “Webhook” in the App's settings${places.settings}.`;
    return warning(what, "GitHub recorded none in the last few days.", cure);
  }
  const failures = deliveries.filter(({ status }) => !succeeded(status));
  const count = deliveries.length;
  if (failures.length === 0) {
    return ok(what, count === 1 ? "The only one arrived." : `The last ${count} arrived.`);
  }
  const arrived = new Set(
    deliveries.filter(({ status }) => succeeded(status)).map(({ deliveryId }) => deliveryId),
  );
  const lost = failures.filter(({ deliveryId }) => !arrived.has(deliveryId));
  const [newest = latest] = lost.length > 0 ? lost : failures;
  const found = `${failures.length} of the last ${count} failed: ${statusesOf(failures)}; the newest on ${timeOf(newest.at)} (${quote(newest.event)}).`;
  if (lost.length === 0) return ok(what, `${found} All arrived when GitHub redelivered them.`);
  const cures = new Set(lost.map(({ status }) => cureFor(status, hasDatabase)));
  const level = succeeded(latest.status) ? "warning" : "failed";
  // Named once, however many cures are to be applied there.
  const cure = [...cures].join(" ").replace("the App's settings", `$&${places.settings}`);
  return { level, what, found, cure };
}

function succeeded(status: number): boolean {
  return status >= 200 && status < 300;
}

/** E.g. `2 × 503, 1 × no response`. */
function statusesOf(failures: readonly DeliveryFacts[]): string {
  const groups = Map.groupBy(failures, ({ status }) => status);
  const counted = [...groups].sort(([, a], [, b]) => b.length - a.length);
  return counted
    .map(([status, { length }]) => `${length} × ${status === 0 ? "no response" : status}`)
    .join(", ");
}

function timeOf(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return quote(at);
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function cureFor(status: number, hasDatabase: boolean): string {
  switch (status) {
    case 0:
      return "No response: check that the bot is running, and that GitHub can reach the webhook URL in the App's settings.";
    case 401:
      return "401: WEBHOOK_SECRET differs from the webhook secret in the App's settings. Set both to the same.";
    case 404:
      return `404: change the webhook URL in the App's settings to one that ends with \`${PATH}\`.`;
    case 415:
      return "415: choose the content type `application/json` in the App's settings.";
    case 503:
      return `503: the bot couldn't write ${hasDatabase ? "to PostgreSQL" : "to DATA_DIR"}; its log says why.`;
    default:
      return `${status}: check the log of the bot, and of any proxy in front of it, at that time.`;
  }
}
