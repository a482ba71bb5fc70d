import { changeable } from "../core/policy/changeable.ts";
import { denyingSetting, sourceName } from "../core/task/denying-setting.ts";
import { POLICY_PATH } from "../core/policy/schema.ts";
import type { FileOwner, Sources } from "../core/policy/sources.ts";
import type { Denial } from "../core/task/denial.ts";
import type { RepositoryName } from "../github/app-facts.ts";
import { quote } from "./examination.ts";

/** Where the defaults of all repositories of an owner are kept. */
export const DEFAULTS = ".github";

/** The policy files in which it can be changed that tasks of these kinds are denied, for a cure. */
export type FilesToChange = (denial: Denial, kinds: readonly string[]) => string;

/** Those of a repository. */
export function filesToChange(
  sources: Sources,
  { owner, repository }: RepositoryName,
): FilesToChange {
  const names = { repository, organization: DEFAULTS };
  const fileOf = (of: FileOwner) => quote(`${owner}/${names[of]}/${POLICY_PATH}`);
  return (denial, kinds) => {
    const owners = new Set(kinds.flatMap((kind) => ownersOf(denial, kind, sources)));
    return owners.has("organization") ? [...owners].map(fileOf).join(" or ") : quote(POLICY_PATH);
  };
}

function ownersOf(denial: Denial, kind: string, sources: Sources): readonly FileOwner[] {
  const setting = denyingSetting(denial);
  if (setting === null) return [];
  const name = sourceName(setting, { kind, trigger: "command" }, sources);
  return changeable(name, sources.get(name) ?? BUILT_IN, setting.wish).owners;
}

const BUILT_IN = { from: "built in", enforced: false } as const;
