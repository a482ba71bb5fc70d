import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { trusted } from "../shapes.ts";

/** What `app.yml` asks for when an App is registered from it. */
export interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly default_permissions: Readonly<Record<string, string>>;
  readonly default_events: readonly string[];
}

/** Reads `app.yml`: the App is registered with what the project itself asks for. */
export function readManifest(): Manifest {
  return trusted(parse(readFileSync(new URL("../../../app.yml", import.meta.url), "utf8")));
}
