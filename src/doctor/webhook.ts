import type { Finding } from "../core/finding.ts";
import type { DeliveryFacts, HookFacts } from "../github/checkup.ts";
import type { Audience } from "./examination.ts";
import { ok, quote, warning } from "./examination.ts";
import type { Places } from "./places.ts";

/** Where the bot listens for webhooks. */
const PATH = "/api/github/webhooks";

/** The settings of the webhook. Whether it is active GitHub does not tell. */
export function judgeHook(hook: HookFacts, places: Places, audience: Audience): Finding {
  const what = "webhook settings";
  const wrong = [...wrongInUrl(hook.url), ...wrongInHook(hook)];
  if (wrong.length === 0) {
    const url = hook.url === null ? null : URL.parse(hook.url);
    // Where the bot is reached is nobody's business but its administrator's.
    const shown = audience === "administrator" && url !== null ? url.origin + url.pathname : null;
    const place = shown === null ? "https" : quote(shown);
    return ok(what, `${place}, as JSON, with a secret, certificates are verified.`);
  }
  const level = wrong.some((it) => it.level === "failed") ? "failed" : "warning";
  const found = wrong.map((it) => it.found).join(" ");
  const changes = [...new Set(wrong.map((it) => it.change))].join("; ");
  const cure = `In the settings of the App${places.settings} one of its owners ${changes}.`;
  return { level, what, found, cure };
}

/** What is wrong, and what the owner of the App does about it. */
interface Wrong {
  readonly level: "warning" | "failed";
  readonly found: string;
  readonly change: string;
}

function wrongInUrl(told: string | null): Wrong[] {
  const url = told === null ? null : URL.parse(told);
  const change = `sets the webhook URL to the bot's address, as in \`https://bot.example.com${PATH}\``;
  if (url === null) return [{ level: "failed", found: "There is no URL.", change }];
  const wrong: Wrong[] = [];
  if (url.protocol !== "https:") {
    const found = "The URL does not begin with `https://`: webhooks are not encrypted.";
    wrong.push({ level: "warning", found, change });
  }
  if (!url.pathname.endsWith(PATH)) {
    const found = `The URL does not end with \`${PATH}\`, where the bot listens.`;
    wrong.push({ level: "warning", found, change });
  }
  return wrong;
}

function wrongInHook({ contentType, hasSecret, verifiesCertificates }: HookFacts): Wrong[] {
  const wrong: Wrong[] = [];
  if (contentType !== "json") {
    const found = `The content type is ${quote(contentType ?? "form")}: the bot refuses such webhooks with 415.`;
    wrong.push({ level: "failed", found, change: "chooses the content type `application/json`" });
  }
  if (!hasSecret) {
    const found = "There is no secret: GitHub signs nothing, and the bot refuses everything.";
    const change = "sets the webhook secret to the bot's WEBHOOK_SECRET";
    wrong.push({ level: "failed", found, change });
  }
  if (!verifiesCertificates) {
    const found = "GitHub does not verify the certificate of the bot's address.";
    wrong.push({ level: "warning", found, change: "enables SSL verification" });
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
    const cure = `If something happened in the repositories since, an owner of the App ticks “Active” under “Webhook” in its settings${places.settings}.`;
    return warning(what, "GitHub has no record of any in the last days.", cure);
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
  if (lost.length === 0) return ok(what, `${found} All arrived when they were repeated.`);
  const cures = new Set(lost.map(({ status }) => cureFor(status, hasDatabase)));
  const level = succeeded(latest.status) ? "warning" : "failed";
  // Named once, however many cures are to be applied there.
  const cure = [...cures].join(" ").replace("its settings", `$&${places.settings}`);
  return { level, what, found, cure };
}

function succeeded(status: number): boolean {
  return status >= 200 && status < 300;
}

/** E.g. `2 × 503, 1 × no answer`. */
function statusesOf(failures: readonly DeliveryFacts[]): string {
  const groups = Map.groupBy(failures, ({ status }) => status);
  const counted = [...groups].sort(([, a], [, b]) => b.length - a.length);
  return counted
    .map(([status, { length }]) => `${length} × ${status === 0 ? "no answer" : status}`)
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
      return "No answer: the administrator of the bot looks whether it runs, and whether GitHub can reach it under the webhook URL of the App, in its settings.";
    case 401:
      return "401: WEBHOOK_SECRET is not the webhook secret of the App; the administrator of the bot sets it to the same, or an owner of the App changes the one in its settings.";
    case 404:
      return `404: an owner of the App changes its webhook URL, in its settings, to one that ends with \`${PATH}\`.`;
    case 415:
      return "415: an owner of the App chooses the content type `application/json` in its settings.";
    case 503:
      return `503: the administrator of the bot sees in its log why it could not write ${hasDatabase ? "to PostgreSQL" : "to DATA_DIR"} then.`;
    default:
      return `${status}: the administrator of the bot looks at what its log says of that time, and that of a proxy in front of it.`;
  }
}
