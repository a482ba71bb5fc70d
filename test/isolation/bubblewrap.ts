import { spawnSync } from "node:child_process";

/** Whether Debian's packages `bubblewrap` and `socat` are installed, which isolate sessions. */
export const hasBubblewrap =
  spawnSync("bwrap", ["--version"]).status === 0 && spawnSync("socat", ["-V"]).status === 0;
