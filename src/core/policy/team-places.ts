import type { PolicyFile, Position } from "./read.ts";
import { pathKey } from "./yaml.ts";

const LISTS = ["allow", "deny"] as const;

/**
 * Where a policy file names a team, in the order of the kinds.
 *
 * @param team `organization/slug` in small letters
 */
export function placesOfTeam({ settings, places }: PolicyFile, team: string): Position[] {
  return Object.entries(settings.permissions ?? {}).flatMap(([kind, rule]) => {
    const scopes = [
      { path: [kind], people: rule },
      { path: [kind, "label"], people: rule.label },
      { path: [kind, "command"], people: rule.command },
    ];
    return scopes.flatMap(({ path, people }) =>
      LISTS.flatMap((list) =>
        (people?.[list]?.teams ?? []).flatMap((name, index) => {
          if (name.toLowerCase() !== team) return [];
          const place = places.get(pathKey(["permissions", ...path, list, "teams", index]));
          return place === undefined ? [] : [place.value];
        }),
      ),
    );
  });
}
