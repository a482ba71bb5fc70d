import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

/** What the App needs, as app.yml lists it. */
export interface Manifest {
  /** Levels (`read`, `write`, `admin`) by the permission's name. */
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

const schema = z
  .object({
    default_permissions: z.record(z.string(), z.string()),
    default_events: z.array(z.string()),
  })
  .transform(({ default_permissions: permissions, default_events: events }) => {
    return { permissions, events };
  });

/**
 * Reads an app.yml.
 *
 * @throws Error when it is not there, or not as it must be
 */
export function readManifest(file: URL): Manifest {
  return schema.parse(parse(readFileSync(file, "utf8")));
}
