import { describe, expect, test } from "vitest";
import { cgroupSettings, controllersIn, findCgroup } from "../../../src/core/isolation/cgroups.ts";
import { limitsInForce, processorsForEach } from "../../../src/core/isolation/limits.ts";

const UNIFIED = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate";
const HYBRID = [
  "31 23 0:27 / /sys/fs/cgroup/memory rw shared:5 - cgroup cgroup rw,memory",
  "32 23 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
].join("\n");
const CONTAINER = "40 39 0:26 /docker/abc /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw";

describe("a process' own cgroup", () => {
  test.for([
    [UNIFIED, "0::/system.slice/bot.service\n", "/sys/fs/cgroup/system.slice/bot.service"],
    [UNIFIED, "0::/\n", "/sys/fs/cgroup"],
    [HYBRID, "4:memory:/x\n0::/a b\n", "/sys/fs/cgroup/unified/a b"],
    [CONTAINER, "0::/docker/abc\n", "/sys/fs/cgroup"],
    [CONTAINER, "0::/docker/abc/bot\n", "/sys/fs/cgroup/bot"],
    // What isn't mounted, or lies outside a process' own namespace.
    [CONTAINER, "0::/docker/abcd\n", null],
    [UNIFIED, "0::/../other\n", null],
    [UNIFIED, "4:memory:/x\n", null],
    ["31 23 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory", "0::/\n", null],
    ["", "", null],
  ] as const)("%#", ([mountinfo, cgroup, directory]) => {
    expect(findCgroup(mountinfo, cgroup)?.directory ?? null).toBe(directory);
  });
});

test("what's written limits what the kernel can", () => {
  const limits = { memory: 2 ** 31, processes: 512 };
  expect(cgroupSettings(limits, controllersIn("cpuset cpu io memory pids rdma\n"), 2)).toEqual([
    ["memory.max", "2147483648"],
    ["memory.swap.max?", "0"],
    ["memory.oom.group", "1"],
    ["pids.max", "544"],
    ["cpu.max", "200000 100000"],
  ]);
  expect(cgroupSettings(limits, controllersIn("hugetlb\n"), 2)).toEqual([]);
});

test("what's in force is said for what each machine can", () => {
  const state = { isIsolated: true, processors: 1 };
  expect(limitsInForce({ ...state, controllers: controllersIn("cpu memory pids") }))
    .toMatchInlineSnapshot(`
    {
      "cpu": "cgroup (cpu.max): 1 processor; lowered priority (nice 10)",
      "disk": "measured every second; the session is ended above it. RLIMIT_FSIZE for a single file",
      "memory": "cgroup (memory.max, no swap); the kernel ends the session above it",
      "processes": "cgroup (pids.max) and RLIMIT_NPROC, for processes and threads of the session together",
      "time": "measured; the session is ended after it",
    }
  `);
  expect(limitsInForce({ ...state, isIsolated: false, controllers: controllersIn("memory") }))
    .toMatchInlineSnapshot(`
    {
      "cpu": "lowered priority (nice 10) only",
      "disk": "measured every second; the session is ended above it. RLIMIT_FSIZE for a single file",
      "memory": "cgroup (memory.max, no swap); the kernel ends the session above it",
      "processes": "not limited",
      "time": "measured; the session is ended after it",
    }
  `);
});

test.for([
  [8, 2, 4],
  [2, 4, 1],
  [7, 2, 3],
  [1, 1, 1],
] as const)("%i processors and %i sessions: %i for each", ([processors, sessions, each]) => {
  expect(processorsForEach(processors, sessions)).toBe(each);
});
