import { CannotStart } from "../core/error/cannot-start.ts";

/** Why a server can't listen, with the fix; the error itself where nothing is known of it. */
export function addressProblem(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const options = { cause: error };
  switch (code) {
    case "EADDRINUSE":
      return new CannotStart(
        "outage",
        `Another process listens on port ${port}. Stop it, or set PORT to another number.`,
        options,
      );
    case "EACCES":
      return new CannotStart(
        "configuration",
        `This user can't listen on port ${port}. Set PORT to 1024 or higher.`,
        options,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new CannotStart(
        "configuration",
        `This machine has no address "${host}". Fix HOST: 0.0.0.0 means all addresses.`,
        options,
      );
    default:
      return error;
  }
}
