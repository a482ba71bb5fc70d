import type { z } from "zod";
import { inlineCode, plainLine } from "../text/quote.ts";
import type { Path, Problem, YamlFile } from "./yaml.ts";
import { pathKey } from "./yaml.ts";

type Issue = z.core.$ZodIssue;

/** The sentences about what the schema refuses, each at its place in the file. */
export function problemsOf(issues: readonly Issue[], file: YamlFile): Problem[] {
  return issues
    .flatMap((issue) => flatten(issue, []))
    .filter(({ path }) => !path.some((_, index) => isUnread(file, path.slice(0, index + 1))))
    .flatMap((issue) => sentencesOf(issue, file));
}

/** What to call a setting: its keys with dots between them, as inline code. */
export function keyName(path: Path): string {
  const last = path.at(-1);
  if (typeof last === "number") return `entry ${last + 1} of ${keyName(path.slice(0, -1))}`;
  if (path.length === 0) return "the file";
  return inlineCode(plainLine(path.map((key) => plainLine(String(key), 60)).join("."), 120));
}

function isUnread({ unread }: YamlFile, path: Path): boolean {
  return unread.has(pathKey(path));
}

/** The issues of the one form of a union that the value was meant as, where that's certain. */
function flatten(issue: Issue, above: Path): Issue[] {
  const path = [...above, ...issue.path];
  if (issue.code !== "invalid_union") return [{ ...issue, path }];
  const meant = issue.errors.filter((errors) => !errors.some(isOtherForm));
  const [only] = meant;
  if (meant.length !== 1 || only === undefined) return [{ ...issue, path }];
  return only.flatMap((inner) => flatten(inner, path));
}

function isOtherForm({ code, path }: Issue): boolean {
  return path.length === 0 && (code === "invalid_type" || code === "invalid_value");
}

function sentencesOf(issue: Issue, file: YamlFile): Problem[] {
  const { path } = issue;
  const place = file.places.get(pathKey(path));
  if (issue.code === "unrecognized_keys") {
    const sentences = issue.message.split("\n");
    return issue.keys.map((key, index) => ({
      ...(file.places.get(pathKey([...path, key]))?.key ?? START),
      message: sentences[index] ?? "",
    }));
  }
  if (issue.code === "invalid_key") {
    const name = keyName(path.slice(-1));
    const [first] = issue.issues;
    return [{ ...(place?.key ?? START), message: `${name} ${first?.message ?? ""}` }];
  }
  if (place === undefined) {
    const outside = file.places.get(pathKey(path.slice(0, -1)));
    return [{ ...(outside?.key ?? START), message: `${keyName(path)} is missing` }];
  }
  const message = `${keyName(path)} ${issue.message}${asidesOn(issue, valueAt(file.data, path))}`;
  return [{ ...place.value, message }];
}

const START = { line: 1, column: 1 };

/** What people do not expect of YAML. */
function asidesOn(issue: Issue, value: unknown): string {
  if (value === null) return "; it's empty";
  if (issue.code === "invalid_type" && issue.expected === "boolean") {
    const isWord = typeof value === "string" && /^(?:yes|no|on|off|true|false)$/iu.test(value);
    return isWord ? `; ${inlineCode(value)} is a string in YAML` : "";
  }
  const wantsText =
    (issue.code === "invalid_type" && issue.expected === "string") ||
    (issue.code === "invalid_value" && issue.values.every((one) => typeof one === "string")) ||
    issue.code === "invalid_union";
  if (!wantsText || (typeof value !== "number" && typeof value !== "boolean")) return "";
  const what = typeof value === "number" ? "a number" : "a boolean";
  return `; \`${String(value)}\` without quotes is ${what}`;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== "object" || value === null) return undefined;
    return Object.getOwnPropertyDescriptor(value, key)?.value;
  }, data);
}
