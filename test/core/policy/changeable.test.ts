import { expect, test } from "vitest";
import type { Wish } from "../../../src/core/policy/changeable.ts";
import { changeable } from "../../../src/core/policy/changeable.ts";
import { merged } from "./files.ts";

const EITHER = ["repository", "organization"];

test.each<
  [setting: string, wish: Wish, organization: string, repository: string, owners: string[]]
>([
  ["forks", "looser", "", "", ["repository"]],
  ["forks", "looser", "", "forks: deny", ["repository"]],
  ["forks", "looser", "forks: deny", "", EITHER],
  ["forks", "looser", "forks: base", "forks: deny", ["repository"]],
  ["forks", "looser", "enforced: [forks]", "", ["organization"]],
  ["forks", "looser", "enforced: [forks]", "forks: base", ["organization"]],
  ["forks", "looser", "enforced: true\nforks: deny", "forks: base", ["organization"]],
  ["forks", "looser", "enforced: true\nforks: base", "forks: deny", ["repository"]],
  ["limits.repository.day", "looser", "enforced: [limits]", "", ["repository"]],
  [
    "limits.repository.day",
    "looser",
    "enforced: [limits]\nlimits: { repository: { day: 1 } }",
    "",
    ["organization"],
  ],
  ["branches.issues", "looser", "enforced: [branches]", "", ["repository"]],
  [
    "branches.eligible",
    "looser",
    "enforced: [branches]\nbranches: { eligible: [main] }",
    "",
    ["organization"],
  ],
  ["runs_on.default", "looser", "enforced: [runs_on]", "runs_on: self-hosted", ["organization"]],
  ["runs_on.default", "stricter", "enforced: [runs_on]\nruns_on: self-hosted", "", EITHER],
  ["egress", "stricter", "enforced: [egress]\negress: [a.example.com]", "", EITHER],
])(
  "%s, to be %s, with %j over %j: in the files of %j",
  (setting, wish, organization, repository, owners) => {
    const source = merged(organization, repository).sources.get(setting);
    if (source === undefined) throw new TypeError(`${setting} has no source`);
    expect(changeable(setting, source, wish)).toEqual({ owners, inAll: false });
  },
);

test.each([
  ["looser", true],
  ["stricter", false],
] as const)("what both files restrict has to be %s in all of them: %s", (wish, inAll) => {
  const source = { from: "organization and repository", enforced: true } as const;
  expect(changeable("egress", source, wish)).toEqual({ owners: EITHER, inAll });
});
