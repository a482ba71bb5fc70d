import { z } from "zod";
import { isHostRule } from "../core/isolation/hosts.ts";
import type { SandboxAccount, SelfHosting } from "../core/policy/self-hosting.ts";
import { MACHINE_LABEL, REPOSITORY_PATTERN } from "../core/policy/self-hosting.ts";
import { isSet } from "./renamed.ts";
import { separated, trimmed, wholeFrom, wordOf } from "./values.ts";

/** What the settings say about sessions on the administrator's own machines, with a sentence for each problem. */
export type SelfHostingSettings =
  | { readonly type: "on"; readonly selfHosting: SelfHosting }
  | { readonly type: "off" }
  | { readonly type: "problems"; readonly problems: readonly string[] };

const MEBIBYTE = 2 ** 20;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The largest file system that anybody limits to. */
const MOST_MB = 2 ** 24;

const sandboxUser = trimmed.transform((value, context): SandboxAccount => {
  const { uid, gid } = /^(?<uid>[1-9]\d{0,9}):(?<gid>[1-9]\d{0,9})$/u.exec(value)?.groups ?? {};
  if (uid !== undefined) return { type: "ids", uid: Number(uid), gid: Number(gid) };
  if (/^(?!root$)[a-z_][a-z0-9_-]{0,30}\$?$/iu.test(value)) return { type: "name", name: value };
  const message =
    "must be a user other than root: its name, like copilot, or its numbers, as uid:gid, like 1001:1001";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

const settingsSchema = z.object({
  SELF_HOSTED: wordOf(["off", "on"], "must be on or off").default("off"),
  SELF_HOSTED_REPOSITORIES: separated(
    (entry) => REPOSITORY_PATTERN.test(entry),
    "must be repositories, separated by commas, like octo-org/hello, or octo-org/* for all of an owner's",
  ).default([]),
  SELF_HOSTED_ONLY: separated(
    (entry) => REPOSITORY_PATTERN.test(entry),
    "must be repositories, separated by commas, like octo-org/hello, or octo-org/* for all of an owner's",
  ).default([]),
  SELF_HOSTED_EGRESS: separated(
    isHostRule,
    "must be host names without https:// and port, separated by commas, like registry.example.com, or *.example.com for all names below it",
  ).default([]),
  SELF_HOSTED_SESSIONS: wholeFrom(0, 64).default(2),
  // A runtime alone takes up to 280 MB.
  SELF_HOSTED_MEMORY_MB: wholeFrom(512, MOST_MB).default(2_048),
  SELF_HOSTED_PROCESSES: wholeFrom(64, 32_768).default(512),
  SELF_HOSTED_DISK_MB: wholeFrom(64, MOST_MB).default(5_120),
  SELF_HOSTED_FREE_DISK_MB: wholeFrom(0, MOST_MB).default(2_048),
  SELF_HOSTED_MINUTES: wholeFrom(1, 1_440).default(240),
  SELF_HOSTED_KEEP_HOURS: wholeFrom(0, 720).default(24),
  WORKER_LABELS: separated(
    (entry) => MACHINE_LABEL.test(entry),
    "must be labels, separated by commas, each with 1 to 63 letters, digits, and `._-` only, like gpu,linux-arm64",
    // “large box” would be two labels, and nobody had meant them.
    /\s*,\s*/u,
  ).default([]),
  ISOLATION: wordOf(["bubblewrap", "none"], "must be bubblewrap or none").default("bubblewrap"),
  SANDBOX_USER: sandboxUser.optional(),
});

/** The names of all settings that are read here. */
export const SELF_HOSTING_VARIABLES: readonly string[] = Object.keys(settingsSchema.shape);

/**
 * Reads the settings of sessions on the administrator's own machines, and no others: a program that only runs such
 * sessions has nothing else. A variable that is set to nothing counts as not set. Problems never repeat a value.
 */
export function readSelfHosting(
  variables: Readonly<Record<string, string | undefined>>,
): SelfHostingSettings {
  const result = settingsSchema.safeParse(
    Object.fromEntries(Object.entries(variables).filter(([, value]) => isSet(value))),
  );
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    return { type: "problems", problems };
  }
  const settings = result.data;
  const { SELF_HOSTED_REPOSITORIES: allowed, SELF_HOSTED_ONLY: only } = settings;
  if (settings.SELF_HOSTED === "off")
    return only.length > 0 ? { type: "problems", problems: [ONLY_AND_OFF] } : { type: "off" };
  if (allowed.length === 0) return { type: "problems", problems: [NO_REPOSITORIES] };
  if (!only.every((pattern) => isWithin(pattern, allowed)))
    return { type: "problems", problems: [ONLY_AND_NOT_ALLOWED] };
  if (settings.SELF_HOSTED_SESSIONS === 0 && !isSet(variables["DATABASE_URL"]))
    return { type: "problems", problems: [NO_MACHINE] };
  return { type: "on", selfHosting: selfHostingOf(settings) };
}

const NO_REPOSITORIES =
  "SELF_HOSTED_REPOSITORIES is not set. Set it to the repositories whose sessions may run on your own machines, separated by commas, like octo-org/hello, or octo-org/* for all of an owner's";

/** Otherwise their sessions would run in the cloud, which is what the setting is against. */
const ONLY_AND_OFF =
  "SELF_HOSTED_ONLY is set, but SELF_HOSTED is not on. Set SELF_HOSTED to on, or remove SELF_HOSTED_ONLY";

const ONLY_AND_NOT_ALLOWED =
  "SELF_HOSTED_ONLY lists repositories that SELF_HOSTED_REPOSITORIES does not. Add them to SELF_HOSTED_REPOSITORIES, or remove them from SELF_HOSTED_ONLY";

/** Whether some repositories are among others. */
function isWithin(pattern: string, others: readonly string[]): boolean {
  return others.includes(pattern) || others.includes(pattern.replace(/\/.*$/u, "/*"));
}

const NO_MACHINE =
  "SELF_HOSTED_SESSIONS is 0, and without DATABASE_URL no other machine can run sessions. Set it to at least 1, or set DATABASE_URL and start a worker (docs/self-hosted.md)";

function selfHostingOf(settings: z.output<typeof settingsSchema>): SelfHosting {
  return {
    repositories: settings.SELF_HOSTED_REPOSITORIES,
    only: settings.SELF_HOSTED_ONLY,
    egress: settings.SELF_HOSTED_EGRESS,
    sessions: settings.SELF_HOSTED_SESSIONS,
    limits: {
      memory: settings.SELF_HOSTED_MEMORY_MB * MEBIBYTE,
      processes: settings.SELF_HOSTED_PROCESSES,
      disk: settings.SELF_HOSTED_DISK_MB * MEBIBYTE,
      freeDisk: settings.SELF_HOSTED_FREE_DISK_MB * MEBIBYTE,
      time: settings.SELF_HOSTED_MINUTES * MINUTE_MS,
    },
    keepMs: settings.SELF_HOSTED_KEEP_HOURS * HOUR_MS,
    labels: settings.WORKER_LABELS,
    isolation: settings.ISOLATION,
    sandboxUser: settings.SANDBOX_USER ?? null,
  };
}
