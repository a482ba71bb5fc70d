import { expect, test } from "vitest";
import { explainIsolation } from "../../../src/core/isolation/unavailable.ts";

const NAMESPACES = "isolation_namespaces";

test.for([
  ["bwrap: Creating new namespace failed: Operation not permitted", NAMESPACES],
  ["bwrap: No permissions to create a new namespace, likely because …", NAMESPACES],
  ["bwrap: setting up uid map: Permission denied", NAMESPACES],
  ["bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", NAMESPACES],
  ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "isolation_proc"],
  // As each of the unit's restrictions answers, on Debian 12.
  [
    "bwrap: cannot open /proc/sys/user/max_user_namespaces: Read-only file system",
    "isolation_unit",
  ],
  ["bwrap: Can't set hostname to sandbox: Operation not permitted", "isolation_unit"],
  [
    "bwrap: loopback: Failed to create NETLINK_ROUTE socket: Address family not supported by protocol",
    "isolation_unit",
  ],
  ["bwrap: Unknown option --disable-userns", "isolation_outdated"],
  ["bwrap: Can't find source path /usr: No such file or directory", "isolation_unknown"],
] as const)("%s", ([message, name]) => {
  expect(explainIsolation(message).name).toBe(name);
});

test.for([
  ["nice: ‘bwrap’: No such file or directory", "bubblewrap (`bwrap`) is missing."],
  [
    "setpriv: failed to execute bwrap: No such file or directory",
    "bubblewrap (`bwrap`) is missing.",
  ],
  ["nice: 'setpriv': No such file or directory", "`setpriv` (in util-linux) is missing."],
  ["socat doesn't listen on port 1080", "`socat` is missing, or doesn't start."],
] as const)("names the program that's missing: %s", ([message, found]) => {
  expect(explainIsolation(message)).toMatchObject({ name: "isolation_programs", found });
});
