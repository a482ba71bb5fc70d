import { expect, test } from "vitest";
import type { PageOutcome } from "../../../src/core/page/outcome.ts";
import { outcomeOnPage } from "../../../src/core/page/outcome.ts";
import { retrying } from "../../../src/core/task/transitions/deciding.ts";
import type { Layer } from "../task.ts";
import {
  ACKNOWLEDGED,
  answered,
  canceled,
  changed,
  denied,
  failed,
  FROM_PAGE,
  over,
  taskWith,
} from "../task.ts";

const AT = "2026-11-30T12:00:00.000Z";
const command = taskWith(FROM_PAGE);
const RETRY = over(FROM_PAGE, { trigger: { name: "retry" } });

test.each<[what: string, layer: Layer, outcome: PageOutcome]>([
  ["nobody has decided", {}, { type: "pending" }],
  ["it was passed on", { state: "completed", settledAt: AT }, { type: "passed_on" }],
  [
    "its giver may not",
    { outcome: denied("no_permission") },
    { type: "denied", reason: "no_permission", text: null },
  ],
  [
    "its giver may not, for a reason that's known in full",
    { outcome: denied("denied_by_name", "No.") },
    { type: "denied", reason: "denied_by_name", text: "No." },
  ],
  ["it makes no sense", { outcome: answered("No.") }, { type: "not_done", text: "No." }],
  [
    "GitHub refuses to say who it is",
    { outcome: failed("bad_credentials") },
    { type: "failed", code: "bad_credentials" },
  ],
  ["GitHub is asked again", { schedule: { retries: 1, notBefore: AT } }, { type: "pending" }],
  [
    "the bot lost access",
    { outcome: canceled("repository_removed"), settledAt: AT },
    { type: "canceled", why: "repository_removed" },
  ],
])("of a command the page says that %s", (_what, layer, outcome) => {
  expect(outcomeOnPage(changed(command, layer))).toEqual(outcome);
});

test("of a retry the page shows the task that it has become, once it's let in", () => {
  const task = taskWith(RETRY);
  expect(outcomeOnPage(task)).toEqual({ type: "pending" });
  const begun = retrying(task, taskWith({ id: "failed" }), { more: "", isTrusted: true });
  expect(outcomeOnPage(begun)).toEqual({ type: "pending" });
  const refused = changed(begun, { outcome: denied("over_limit", "Later.") });
  expect(outcomeOnPage(refused)).toMatchObject({ type: "denied", reason: "over_limit" });
  const admitted = changed(begun, ACKNOWLEDGED);
  expect(outcomeOnPage(admitted)).toEqual({ type: "retrying", taskId: task.id });
  const later = changed(admitted, { outcome: failed("policy_blocked"), settledAt: AT });
  expect(outcomeOnPage(later)).toEqual({ type: "retrying", taskId: task.id });
});
