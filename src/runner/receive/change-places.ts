import { scopeOf } from "../../core/access/gate.ts";
import type { TaskRequest } from "../../core/access/gate.ts";
import { changeable } from "../../core/policy/changeable.ts";
import type { PolicyScope } from "../../core/policy/denying-setting.ts";
import { denyingSource, isOfPolicy, SETTING_OF_DENIAL } from "../../core/policy/denying-setting.ts";
import type { FileOwner, Policy, Source, Sources } from "../../core/policy/policy.ts";
import type { ChangePlaces, Denial } from "../../core/task/denial.ts";
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
  denial: Denial,
  scope?: PolicyScope,
) => ChangePlaces | null;

/**
 * Where the policy files can be changed so that they don't deny this; null where the policy doesn't decide about it, or
 * nobody can read it.
 */
export function changePlaces(
  policies: Pick<Policies, "settingIn">,
  ...[task, { reading, facts }, denial, scope]: Parameters<FindChangePlaces>
): ChangePlaces | null {
  if (!isOfPolicy(denial) || reading.type === "problems") return null;
  const { policy, sources } = reading;
  const asked = scope ?? scopeOf(task, policy) ?? { kind: "default", trigger: task.trigger.type };
  const setting = denyingSource(denial, asked, sources);
  const source = sources.get(setting) ?? BUILT_IN;
  const { wish } = SETTING_OF_DENIAL[denial.reason];
  const { owners, inAll } = changeable(setting, source, wish);
  const placeIn = (of: FileOwner) =>
    saysIt(source, of) ? policies.settingIn(task, facts.survey, of, [setting, "enforced"]) : null;
  return { places: owners.map((of) => ({ of, said: placeIn(of) })), inAll };
}

/** Whether it's this file that decides, be it only by enforcing what's built in. */
function saysIt({ from, enforced }: Source, of: FileOwner): boolean {
  return from.includes(of) || (of === "organization" && enforced);
}
