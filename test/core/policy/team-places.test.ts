import { expect, test } from "vitest";
import { placesOfTeam } from "../../../src/core/policy/team-places.ts";
import { fileOf } from "./files.ts";

test("a team is found wherever a policy file names it, whatever its case", () => {
  const text = `permissions:
  default:
    allow: { teams: [octo-org/staff, Octo-Org/Core] }
  fix:
    deny:
      teams:
        - octo-org/core
    label: { allow: { teams: [octo-org/core] } }
    command: { deny: { users: [core], teams: [octo-org/score, octo-org/core] } }
forks: deny
`;
  const found = placesOfTeam(fileOf(text, "repository"), "octo-org/core");
  expect(found.map(({ line, column }) => [line, column])).toEqual([
    [3, 38],
    [7, 11],
    [8, 31],
    [9, 63],
  ]);
  expect(placesOfTeam(fileOf("forks: deny", "repository"), "octo-org/core")).toEqual([]);
});
