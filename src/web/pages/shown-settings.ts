import type { Setting } from "../../core/comment/settings.ts";
import { settingsInForce } from "../../core/comment/settings.ts";
import type { Source } from "../../core/policy/policy.ts";
import { mergePolicies } from "../../core/policy/policy.ts";
import type { PolicyFile } from "../../core/policy/read.ts";
import { sentenceOn } from "../../core/policy/renamed.ts";
import { inWords } from "../../core/policy/shown-value.ts";
import type { PolicyInForce, PolicyThere } from "../../ports/policies-in-force.ts";

/** What of an organization somebody sees on the page of one of its repositories. */
export interface RepositorySight {
  /** What its policy file says, which may be in a repository that they can't read. */
  readonly organizationFile: boolean;
  /** How much of its limits is used, by all of its repositories. */
  readonly organizationUse: boolean;
}

type Reading = Extract<PolicyThere, { readonly type: "policy" }>;

const SET_BY_ORGANIZATION = inWords("set by the organization");

/** Whether a setting has a value that the organization's file says. */
export function isOrganizations(source: Source | undefined): boolean {
  return source?.from === "organization" || source?.from === "organization and repository";
}

/** The settings in force. Without sight of the organization's file, no value of it, and no name that only it has. */
export function shownSettings(
  { policy, sources, files }: PolicyInForce,
  { organizationFile }: RepositorySight,
): readonly Setting[] {
  const settings = settingsInForce(policy, sources);
  if (organizationFile || files.organization === null) return settings;
  const isKnown = knownNames(files.repository?.file ?? null);
  const shown = settings.flatMap((setting) => withoutOrganization(setting, isKnown(setting.name)));
  return [...new Map(shown.map((setting) => [setting.name, setting])).values()];
}

/** The policy files' sentences. Without sight of the organization's file, only those about the repository's. */
export function shownSentences(
  { gaps, deprecations, files }: Reading,
  { organizationFile }: RepositorySight,
): Pick<Reading, "gaps" | "deprecations"> {
  if (organizationFile || files.organization === null) return { gaps, deprecations };
  const own = files.repository?.file.deprecations ?? [];
  return { gaps: [], deprecations: own.map((one) => sentenceOn(one, "repository")) };
}

function withoutOrganization({ name, value, source }: Setting, isKnown: boolean): Setting[] {
  if (!isOrganizations(source)) {
    const rest = source === undefined ? source : { ...source, enforced: false };
    return isKnown ? [{ name, value, source: rest }] : [];
  }
  if (isKnown && source !== undefined) {
    return [{ name, value: SET_BY_ORGANIZATION, source: { ...source, enforced: false } }];
  }
  const [section = ""] = name.split(".");
  const from = { from: "organization", enforced: false } as const;
  return [{ name: section, value: SET_BY_ORGANIZATION, source: from }];
}

const OF_KIND = /^permissions\.[^.]+/u;

/** Names that the bot or the repository's file has: kinds, labels, and commands can be the organization's words. */
function knownNames(file: PolicyFile | null): (name: string) => boolean {
  const known = new Set(builtInNames());
  for (const key of file?.places.keys() ?? []) {
    const path: unknown = JSON.parse(key);
    if (Array.isArray(path) && path.length > 1) known.add(path.join(".").toLowerCase());
  }
  return (name) => {
    const [ofKind = ""] = OF_KIND.exec(name) ?? [];
    return known.has(name.toLowerCase()) || known.has(ofKind.toLowerCase());
  };
}

function builtInNames(): readonly string[] {
  const merged = mergePolicies({ organization: null, repository: null });
  if (merged.type !== "policy") return [];
  const names = settingsInForce(merged.policy, merged.sources).map(({ name }) => name);
  const kinds = [...merged.policy.prompts.keys()].map((kind) => `permissions.${kind}`);
  return [...names, ...kinds, "permissions.default"];
}
