import { spawnSync } from "node:child_process";

/** Whether systemd's own checks of units are there (Debian's package `systemd`). */
export const hasSystemdAnalyze = spawnSync("systemd-analyze", ["--version"]).status === 0;
