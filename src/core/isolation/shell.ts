import type { Forward } from "./bubblewrap.ts";
import { socketInside } from "./bubblewrap.ts";
import type { SandboxLimits } from "./limits.ts";

/** The descriptor that bubblewrap reads the filter of system calls from. */
export const FILTER_DESCRIPTOR = 9;

/**
 * Runs first, with the filter's path and the cgroup's, or "" for none, and then what to start. A program keeps the
 * descriptors of the one that started it, and Node closes only the lowest of those that it was started with itself. If
 * memory runs out, the kernel is to end the sandbox and not the bot.
 */
const BEFORE = `
filter=$1
cgroup=$2
shift 2
for path in /proc/self/fd/*; do
  descriptor=\${path##*/}
  if [ "$descriptor" -gt 2 ]; then eval "exec $descriptor>&-"; fi
done
echo 500 >/proc/self/oom_score_adj
if [ -n "$cgroup" ]; then echo $$ >"$cgroup/cgroup.procs" || exit 70; fi
if [ -n "$filter" ]; then exec ${FILTER_DESCRIPTOR}<"$filter" || exit 70; fi
exec "$@"
`;

/**
 * Runs inside, before the program, with a port and a socket for each forward, `--`, and the program. Limits for each user
 * and file are set here: in a user namespace of its own, only what's in the sandbox counts.
 */
function within(limits: Pick<SandboxLimits, "processes" | "disk">): string {
  return `
ulimit -c 0 -u ${limits.processes} -f ${Math.floor(limits.disk / 1024)} || exit 70
ports=
while [ "$1" != -- ]; do
  socat "TCP4-LISTEN:$1,bind=127.0.0.1,fork,reuseaddr" "UNIX-CONNECT:$2" >/dev/null 2>&1 &
  ports="$ports $1"
  shift 2
done
shift
exec 4<> <(:)
wait "$!"
for port in $ports; do
  tries=0
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 2000 ]; then echo "socat doesn't listen on port $port" >&2; exit 70; fi
    read -rt 0.002 -u 4
  done
done
exec 4>&-
exec "$@"
`;
}

/** Bash without the files and functions that its environment names. */
const BASH = ["/bin/bash", "-p", "-c"] as const;

/** What a program is started in, beside its own sandbox: null for none. */
export interface Surrounding {
  /** The path of the filter of system calls that bubblewrap reads. */
  readonly filter: string | null;
  /** The directory of its cgroup. */
  readonly cgroup: string | null;
}

/** The command that starts `command`, which begins with what makes the sandbox, if anything does. */
export function outside(
  { filter, cgroup }: Surrounding,
  command: readonly string[],
): readonly [string, ...string[]] {
  return [...BASH, BEFORE, "outside", filter ?? "", cgroup ?? "", "nice", LOWERED, ...command];
}

/** Nice 10: what people wait for comes first. */
const LOWERED = "--adjustment=10";

/** The command that starts `command` behind bubblewrap, once each forward accepts connections. */
export function inside(
  limits: Pick<SandboxLimits, "processes" | "disk">,
  forwards: readonly Forward[],
  command: readonly string[],
): readonly string[] {
  const sockets = forwards.flatMap(({ port }) => [String(port), socketInside(port)]);
  return [...BASH, within(limits), "inside", ...sockets, "--", ...command];
}

/** The command that starts `command` in its workspace, without anything around it. */
export function unisolated(
  limits: Pick<SandboxLimits, "disk">,
  workspace: string,
  command: readonly string[],
): readonly string[] {
  const script = `
ulimit -c 0 -f ${Math.floor(limits.disk / 1024)} || exit 70
cd -- "$1" || exit 70
shift
exec "$@"
`;
  return [...BASH, script, "unisolated", workspace, ...command];
}
