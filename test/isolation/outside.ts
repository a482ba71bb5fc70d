import { readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";

/** The ids of all processes on this machine with this text in their command line. */
export function processesWith(marker: string): readonly string[] {
  return readdirSync("/proc").filter((id) => commandLine(id).includes(marker));
}

function commandLine(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** The port that a server listens on; 0 for one that doesn't. */
export function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
