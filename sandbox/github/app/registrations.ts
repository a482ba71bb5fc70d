import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import { app } from "../seed.ts";
import type { Json } from "../shapes.ts";
import type { AccountRecord } from "../state/records.ts";

/** What an App is registered with: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest. */
export interface Manifest extends Json {
  readonly name?: string;
  readonly url: string;
  readonly redirect_url: string;
}

/** An App that somebody has registered. GitHub shows its secrets once. */
export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: AccountRecord;
  readonly manifest: Manifest;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly webhookSecret: string;
}

/** The Apps that people register from manifests. */
export interface Registrations {
  /** Whether an App has this name: names are unique in all of GitHub. */
  isTaken(name: string): boolean;
  /** Registers an App; gives a code that is good for an hour and one conversion. */
  register(name: string, manifest: Manifest, owner: AccountRecord): string;
  /** Uses a code up; undefined when it's unknown, used, or too old. */
  convert(code: string): RegisteredApp | undefined;
}

const CODE_MS = 3_600_000;

/** Nobody has registered anything but the one App that's there. */
export function createRegistrations(clock: Clock): Registrations {
  const slugs = new Set<string>([app.slug]);
  const codes = new Map<string, { readonly registered: RegisteredApp; readonly until: number }>();

  return {
    isTaken: (name) => slugs.has(slugOf(name)),
    register(name, manifest, owner) {
      const slug = slugOf(name);
      slugs.add(slug);
      const code = randomBytes(20).toString("hex");
      const registered = {
        id: app.id + slugs.size,
        slug,
        name,
        owner,
        manifest,
        clientId: `Iv23li${randomBytes(7).toString("hex")}`,
        clientSecret: randomBytes(20).toString("hex"),
        webhookSecret: randomBytes(20).toString("hex"),
      };
      codes.set(code, { registered, until: clock.now() + CODE_MS });
      return code;
    },
    convert(code) {
      const found = codes.get(code);
      codes.delete(code);
      return found !== undefined && found.until > clock.now() ? found.registered : undefined;
    },
  };
}

function slugOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
}
