import { runInNewContext } from "node:vm";

/** How much of a processor one call may use, in milliseconds: many times what the slowest needs. */
const LIMIT_MS = 15_000;

/**
 * What a call returns. One that would take minutes is ended and throws, so a test with an input that is long enough
 * shows that the work doesn't grow with its square.
 *
 * The limit is on what the call itself uses of a processor: a machine that does something else meanwhile ends no call.
 * For that, the call has to be one that can be repeated.
 */
export function whatEnds<Result>(call: () => Result, limitMs = LIMIT_MS): Result {
  for (let withinMs = 2 * limitMs; ; withinMs *= 2) {
    const before = process.threadCpuUsage();
    try {
      return within(withinMs, call);
    } catch (error) {
      const { user, system } = process.threadCpuUsage(before);
      if (!isEnded(error) || (user + system) / 1_000 >= limitMs) throw error;
    }
  }
}

function within<Result>(timeout: number, call: () => Result): Result {
  let result: { value: Result } | undefined;
  const run = () => void (result = { value: call() });
  runInNewContext("run()", { run }, { timeout });
  if (result === undefined) throw new Error("nothing was returned");
  return result.value;
}

/** Such an error is of the other context. */
function isEnded(error: unknown): boolean {
  const isObject = typeof error === "object" && error !== null;
  return isObject && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
