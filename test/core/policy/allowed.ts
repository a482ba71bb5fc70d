import type { SelfHosting } from "../../../src/core/policy/self-hosting.ts";

/** What an administrator allows, and limits that no test reaches. */
export const ALLOWED: SelfHosting = {
  repositories: ["octo-org/hello", "monalisa/*"],
  only: [],
  egress: ["registry.example.com", "*.example.org"],
  sessions: 2,
  limits: { memory: 2 ** 31, processes: 512, disk: 2 ** 32, freeDisk: 0, time: 3_600_000 },
  keepMs: 0,
  labels: [],
  isolation: "bubblewrap",
  sandboxUser: null,
};
