import type { Forward } from "./bubblewrap.ts";
import { socketInside } from "./bubblewrap.ts";
import type { SandboxLimits } from "./limits.ts";

/** The descriptor that bubblewrap reads the filter of system calls from. */
export const FILTER_DESCRIPTOR = 9;

/**
 * Runs outside, before bubblewrap, with the filter's path and then what to start. A program keeps the descriptors of the
 * one that started it, and Node closes only the lowest of those that it was started with itself. If memory runs out, the
 * kernel is to end the sandbox and not the bot.
 */
const BEFORE = `
filter=$1
shift
for path in /proc/self/fd/*; do
  descriptor=\${path##*/}
  if [ "$descriptor" -gt 2 ]; then eval "exec $descriptor>&-"; fi
done
echo 500 >/proc/self/oom_score_adj
exec ${FILTER_DESCRIPTOR}<"$filter" || exit 70
exec "$@"
`;

/**
 * Runs inside, before the program, with a port and a socket for each forward, `--`, and the program. Limits for each user
 * and file are set here: in a user namespace of its own, only what's in the sandbox counts.
 */
function within(limits: Pick<SandboxLimits, "processes" | "disk">): string {
  return `
ulimit -c 0 -u ${limits.processes} -f ${Math.floor(limits.disk / 1024)} || exit 70
while [ "$1" != -- ]; do
  socat "TCP4-LISTEN:$1,bind=127.0.0.1,fork,reuseaddr" "UNIX-CONNECT:$2" >/dev/null 2>&1 &
  tries=0
  until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 200 ]; then echo "socat doesn't listen on port $1" >&2; exit 70; fi
    sleep 0.02
  done
  shift 2
done
shift
exec "$@"
`;
}

/** Bash without the files and functions that its environment names. */
const BASH = ["/bin/bash", "-p", "-c"] as const;

/** The command that starts `command`, which begins with bubblewrap or what starts it, with the filter in this file. */
export function outside(filterPath: string, command: readonly string[]): readonly string[] {
  return [...BASH, BEFORE, "outside", filterPath, ...command];
}

/** The command that starts `command` behind bubblewrap, once each forward accepts connections. */
export function inside(
  limits: Pick<SandboxLimits, "processes" | "disk">,
  forwards: readonly Forward[],
  command: readonly string[],
): readonly string[] {
  const sockets = forwards.flatMap(({ port }) => [String(port), socketInside(port)]);
  return [...BASH, within(limits), "inside", ...sockets, "--", ...command];
}
