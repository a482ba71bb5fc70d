import type { Ask } from "../shapes.ts";
import { checkRunRoutes } from "./check-runs.ts";
import { commentRoutes } from "./comments.ts";
import { fileRoutes } from "./files.ts";
import { labelRoutes } from "./labels.ts";
import { pullRoutes } from "./pulls.ts";
import { repositoryRoutes } from "./repositories.ts";
import { subjectRoutes } from "./subjects.ts";

/** All operations on repositories that this GitHub serves. */
export const ROUTES = [
  ...repositoryRoutes,
  ...subjectRoutes,
  ...commentRoutes,
  ...pullRoutes,
  ...fileRoutes,
  ...labelRoutes,
  ...checkRunRoutes,
];

/** A route, and what the path has in the places of its parameters. */
interface Match<Route> {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Makes the search for the route that serves a request; undefined when none does. */
export function finder<Route extends { readonly operation: string }>(routes: readonly Route[]) {
  const compiled = routes.map((route) => ({ route, ...compile(route.operation) }));
  return ({ method, path }: Pick<Ask, "method" | "path">): Match<Route> | undefined => {
    for (const { route, method: own, pattern } of compiled) {
      const found = own === method ? pattern.exec(path) : null;
      if (found === null) continue;
      // Without parameters there are no groups.
      const parts = Object.entries(found.groups ?? {}).map(([name, part]) => [name, decode(part)]);
      return { route, parameters: Object.fromEntries(parts) };
    }
    return undefined;
  };
}

/** Parameters that may have slashes. */
const LONG = new Set(["path", "ref", "branch"]);

function compile(operation: string) {
  const [method = "", template = ""] = operation.split(" ");
  const pattern = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const isNumber = /_(?:id|number)$/.test(name) && name !== "client_id";
    const one = isNumber ? String.raw`\d+` : "[^/]+";
    return `(?<${name}>${LONG.has(name) ? ".+" : one})`;
  });
  return { method, pattern: new RegExp(`^${pattern}$`) };
}

/** A path or a part of one, with its escapes undone. */
export function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
