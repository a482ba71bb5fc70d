import { spawnSync } from "node:child_process";

/** Whether Debian's package `caddy` is installed: the proxy of the files in deploy/. */
export const hasCaddy = spawnSync("caddy", ["version"]).status === 0;
