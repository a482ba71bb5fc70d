import { scopeOf } from "../../core/access/gate.ts";
import type { TaskRequest } from "../../core/access/gate.ts";
import { changeable } from "../../core/policy/changeable.ts";
import type { DenyingSetting, PolicyScope } from "../../core/task/denying-setting.ts";
import { sourceName } from "../../core/task/denying-setting.ts";
import type { FileOwner, Policy, Source, Sources } from "../../core/policy/policy.ts";
import type { ChangePlaces } from "../../core/task/denial.ts";
import type { Policies } from "./policies.ts";
import type { PolicyPlace, Versions } from "./policy-files.ts";

/** What the policy files said when something was denied. */
interface Found {
  readonly facts: { readonly survey: Versions };
  readonly reading:
    | { readonly type: "policy"; readonly policy: Policy; readonly sources: Sources }
    | { readonly type: "problems" };
}

const BUILT_IN: Source = { from: "built in", enforced: false };

/** @param scope whose permissions decide about it, where those aren't the task's own */
export type FindChangePlaces = (
  task: PolicyPlace & TaskRequest,
  found: Found,
  setting: DenyingSetting | null,
  scope?: PolicyScope,
) => ChangePlaces | null;

/**
 * Where the policy files can be changed so that a setting doesn't deny this; null where none of the policy's does, or
 * nobody can read it.
 */
export function changePlaces(
  policies: Pick<Policies, "settingIn">,
  ...[task, { reading, facts }, setting, scope]: Parameters<FindChangePlaces>
): ChangePlaces | null {
  if (setting === null || reading.type === "problems") return null;
  const { policy, sources } = reading;
  const asked = scope ?? scopeOf(task, policy) ?? { kind: "default", trigger: task.trigger.type };
  const name = sourceName(setting, asked, sources);
  const source = sources.get(name) ?? BUILT_IN;
  const { owners, inAll } = changeable(name, source, setting.wish);
  const placeIn = (of: FileOwner) =>
    saysIt(source, of) ? policies.settingIn(task, facts.survey, of, [name, "enforced"]) : null;
  return { places: owners.map((of) => ({ of, said: placeIn(of) })), inAll };
}

/** Whether it's this file that decides, be it only by enforcing what's built in. */
function saysIt({ from, enforced }: Source, of: FileOwner): boolean {
  return from.includes(of) || (of === "organization" && enforced);
}
