import { runInNewContext } from "node:vm";

/** How long one call may take, in milliseconds: a hundred times what the slowest needs, whatever else the machine does. */
const LIMIT_MS = 30_000;

/**
 * What a call returns. One that would take minutes is ended and throws, so a test with an input that is long enough
 * shows that the time doesn't grow with its square, without measuring time.
 */
export function whatEnds<Result>(call: () => Result): Result {
  let result: { value: Result } | undefined;
  runInNewContext(
    "call()",
    {
      call: () => {
        result = { value: call() };
      },
    },
    { timeout: LIMIT_MS },
  );
  if (result === undefined) throw new Error("nothing was returned");
  return result.value;
}
