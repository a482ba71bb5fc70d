import { CannotStart } from "../core/error/cannot-start.ts";

/** Where a server listens, and the settings that say so. */
export interface ServerAddress {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly settings?: { readonly host: string; readonly port: string };
}

const OWN_SETTINGS = { host: "HOST", port: "PORT" };

/** Why a server can't listen, with the fix; the error itself where nothing is known of it. */
export function addressProblem(
  error: unknown,
  { host, port, settings = OWN_SETTINGS }: ServerAddress,
): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const options = { cause: error };
  switch (code) {
    case "EADDRINUSE":
      return new CannotStart(
        "outage",
        `Another process listens on port ${port}. Stop it, or set ${settings.port} to another number.`,
        options,
      );
    case "EACCES":
      return new CannotStart(
        "configuration",
        `This user can't listen on port ${port}. Set ${settings.port} to 1024 or higher.`,
        options,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new CannotStart(
        "configuration",
        `This machine has no address "${host}". Fix ${settings.host}: 0.0.0.0 means all addresses.`,
        options,
      );
    default:
      return error;
  }
}
