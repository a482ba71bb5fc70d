import json from "@octokit/webhooks-examples" with { type: "json" };
import { z } from "zod";
import { changed } from "../payloads.ts";

const definitions = z
  .array(
    z.object({
      name: z.string(),
      examples: z.array(z.looseObject({ action: z.string().optional() })),
    }),
  )
  .parse(json);

/**
 * The first example of an event that names its installation, just as GitHub once sent it, with some of
 * its fields changed. A repository that is deleted is the one that is renamed.
 */
export function installationPayloadOf(
  event: string,
  changes: Readonly<Record<string, unknown>> = {},
): unknown {
  const [name, action] =
    event === "repository.deleted" ? ["repository", "renamed"] : event.split(".");
  const example = definitions
    .find((definition) => definition.name === name)
    ?.examples.find((one) => one.action === action && ("installation" in one || name === "issues"));
  if (example === undefined) throw new TypeError(`there is no example of ${event}`);
  const [, sentAction] = event.split(".");
  return Object.entries({ action: sentAction, ...changes }).reduce<unknown>(
    (payload, [path, value]) => changed(payload, path.split("."), value),
    example,
  );
}
