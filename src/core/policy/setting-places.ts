import { BY_KIND } from "./by-kind.ts";
import type { PolicyFile, Position } from "./read.ts";

/**
 * Where a file says a setting; null where it doesn't. A setting is named as its sources are, e.g. `limits.at_once`,
 * `labels.copilot:fix`, `permissions.fix.label.least`, or with what its label and command have in common,
 * `permissions.fix.least`.
 */
export function settingPlaces({ places }: PolicyFile): (setting: string) => Position | null {
  const byName = new Map<string, Position>();
  for (const [key, { key: position }] of places) {
    const path: unknown = JSON.parse(key);
    // Labels are the same in capitals.
    if (Array.isArray(path) && path.length > 0) byName.set(path.join(".").toLowerCase(), position);
  }
  return (setting) => {
    const found = namesOf(setting).find((name) => byName.has(name.toLowerCase()));
    return found === undefined ? null : (byName.get(found.toLowerCase()) ?? null);
  };
}

const PERMISSION = /^permissions\.(?<kind>[^.]+)\.(?:(?<trigger>label|command)\.)?(?<part>\w+)$/u;

/**
 * Under which names a file can say a setting, the closest first: a part of one can be said by the whole, and what
 * isn't said for a kind is said for `default`.
 */
function namesOf(setting: string): readonly string[] {
  const { kind, trigger = "", part = "" } = PERMISSION.exec(setting)?.groups ?? {};
  const parts = setting.split(".");
  const wholes = parts.map((_part, index) => parts.slice(0, parts.length - index).join("."));
  if (kind !== undefined) {
    const named = [kind, "default"].flatMap((name) => namesOfPermission(name, trigger, part));
    return [...named, ...wholes];
  }
  const [section = ""] = parts;
  const isByKind = parts.length > 1 && BY_KIND.some((name) => name === section);
  return isByKind ? [setting, `${section}.default`, section] : wholes;
}

function namesOfPermission(kind: string, trigger: string, part: string): readonly string[] {
  const triggers = trigger === "" ? ["label", "command"] : [trigger];
  const ofTriggers = triggers.map((name) => `permissions.${kind}.${name}.${part}`);
  const ofBoth = `permissions.${kind}.${part}`;
  return trigger === "" ? [ofBoth, ...ofTriggers] : [...ofTriggers, ofBoth];
}
