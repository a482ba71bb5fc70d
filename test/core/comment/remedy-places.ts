import type { FailureCause, FailureCode } from "../../../src/core/task/failure.ts";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import type { SettingsPlace } from "../../../src/core/github/settings-pages.ts";
import { CAUSES, CODES } from "../codes.ts";

/** A repository of an organization's. */
export const ORGANIZATION: SettingsPlace = {
  hosts: GITHUB_COM,
  owner: "octo-org",
  ownerType: "Organization",
  repository: "hello",
};
/** One of a person's. */
export const PERSON: SettingsPlace = { ...ORGANIZATION, owner: "octocat", ownerType: "User" };
/** One of whom it isn't known what they are. */
export const UNKNOWN: SettingsPlace = { ...ORGANIZATION, ownerType: null };

type Kind = readonly [code: FailureCode, cause: FailureCause | null];

/** Every failure, without a cause and with each. */
export const KINDS: readonly Kind[] = CODES.flatMap((code) => {
  const causes: readonly (FailureCause | null)[] = [null, ...CAUSES[code]];
  return causes.map((cause): Kind => [code, cause]);
});
