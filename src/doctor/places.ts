import { appSettingsPage } from "../core/github/ungranted-permission.ts";
import { usableLink } from "../core/session/link.ts";
import type { AppFacts } from "../github/app-facts.ts";

/** Where the App's owner changes it at GitHub: ` (URL)`, or nothing if GitHub doesn't say who it is. */
export interface Places {
  readonly settings: string;
  /** “Permissions & events”. */
  readonly permissions: string;
}

/** The settings of an App on a GitHub with this origin. */
export function placesOf(app: AppFacts, origin: string): Places {
  const settings = appSettingsPage(app, origin);
  if (settings === null) return { settings: "", permissions: "" };
  return { settings: ` (${settings})`, permissions: ` (${settings}/permissions)` };
}

/** An address that GitHub reported, as ` at URL`; empty when it is none. */
export function at(url: string): string {
  const link = usableLink(url);
  return link === null ? "" : ` at ${link}`;
}
