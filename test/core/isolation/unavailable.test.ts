import { expect, test } from "vitest";
import { explainIsolation } from "../../../src/core/isolation/unavailable.ts";

const NAMESPACES = "This user can't create user namespaces here.";
const MISSING = "A program is missing that isolation needs.";

test.for([
  ["bwrap: Creating new namespace failed: Operation not permitted", NAMESPACES],
  ["bwrap: No permissions to create a new namespace, likely because …", NAMESPACES],
  ["bwrap: setting up uid map: Permission denied", NAMESPACES],
  ["bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", NAMESPACES],
  [
    "bwrap: Can't mount proc on /newroot/proc: Operation not permitted",
    "A sandbox can't have a `/proc` of its own here.",
  ],
  ["bwrap: Unknown option --disable-userns", "bubblewrap is too old."],
  ["nice: ‘bwrap’: No such file or directory", MISSING],
  ["setpriv: failed to execute bwrap: No such file or directory", MISSING],
  ["socat doesn't listen on port 1080", MISSING],
  [
    "bwrap: Can't find source path /usr: No such file or directory",
    "A sandbox doesn't start here.",
  ],
] as const)("%s", ([message, found]) => {
  expect(explainIsolation(message).found).toBe(found);
});
