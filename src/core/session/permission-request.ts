import { z } from "zod";
import type { Detail, PermissionAsking } from "../task/asking.ts";
import { withheldOf } from "./withheld.ts";

/** How many characters are kept of a line, and of a command. */
const MAX_LINE = 1_000;
const MAX_COMMAND = 20_000;

const line = z
  .string()
  .transform((text) => cut(text, MAX_LINE))
  .nullable()
  .catch(null);
const flag = z.boolean().nullable().catch(null);

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}

/**
 * What the agent wants to be allowed to do, as `permission.requested` of the Copilot SDK (1.0.11) has it. A kind
 * that isn't known is read too: all that it holds is shown.
 */
const permissionRequest = z
  .looseObject({
    kind: z.string().min(1).max(200),
    intention: line,
    fullCommandText: z.string().nullable().catch(null),
    commands: z
      .array(z.object({ readOnly: z.boolean() }))
      .min(1)
      .nullable()
      .catch(null),
    hasWriteFileRedirection: flag,
    fileName: line,
    path: line,
    url: line,
    serverName: line,
    toolName: line,
    args: z.unknown().optional(),
    toolArgs: z.unknown().optional(),
    readOnly: flag,
    managedApprovalRequired: flag,
    requestSandboxBypass: flag,
  })
  .transform((request): Omit<PermissionAsking, "details" | "withheld"> => {
    const { kind, serverName, toolName, fullCommandText: command } = request;
    const isTooLong = command !== null && command.length > MAX_COMMAND;
    return {
      type: "permission",
      kind,
      intention: request.intention,
      command: command === null ? null : cut(command, MAX_COMMAND),
      path: request.fileName ?? request.path,
      url: request.url,
      tool: serverName === null || toolName === null ? toolName : `${serverName}/${toolName}`,
      branch: branchIn(request.args ?? request.toolArgs),
      ...repositoryIn(request.args ?? request.toolArgs),
      readOnly: request.readOnly ?? readOnlyOf(request),
      managedApprovalRequired: request.managedApprovalRequired === true || isTooLong,
      leavesSandbox: request.requestSandboxBypass === true,
    };
  });

/** A request as it came, with all that people have to see of it. */
export const permissionAsking = z
  .looseObject({})
  .transform((raw) => ({ raw, details: detailsOf(raw) }))
  .transform(({ raw, details }, context): PermissionAsking => {
    const request = permissionRequest.safeParse(raw);
    if (!request.success) {
      context.addIssue({ code: "custom", message: "no permission request" });
      return z.NEVER;
    }
    const withheld = withheldOf(details.map(({ name, text }) => [name, text]));
    return { ...request.data, details: withheld === null ? details : [], withheld };
  });

/** What says nothing of what will be done, or repeats in other words what is shown. */
const OMITTED = new Set([
  "kind",
  "toolCallId",
  "canOfferSessionApproval",
  "canPersistApproval",
  "managedApprovalRequired",
]);
const OMITTED_OF_SHELL = new Set([
  "commands",
  "commandSegments",
  "hasWriteFileRedirection",
  "possiblePaths",
  "possibleUrls",
]);

const NAMES: ReadonlyMap<string, string> = new Map([
  ["fullCommandText", "command"],
  ["fileName", "path"],
  ["serverName", "server"],
  ["toolName", "tool"],
  ["toolTitle", "title"],
  ["toolDescription", "description"],
  ["hookMessage", "message"],
  ["redirectedFrom", "redirected from"],
  ["newFileContents", "new contents"],
  ["requestSandboxBypass", "outside the sandbox"],
  ["requestSandboxBypassReason", "why outside the sandbox"],
  ["readOnly", "read only"],
]);

/** Everything in a request that people have to see, each part whole. */
function detailsOf(raw: Readonly<Record<string, unknown>>): Detail[] {
  const command = raw["fullCommandText"];
  // Without the whole command its parts are all there is to see.
  const isShell = raw["kind"] === "shell" && typeof command === "string" && command !== "";
  const hasDiff = typeof raw["diff"] === "string" && raw["diff"] !== "";
  const fields = Object.entries(raw).filter(
    ([key, value]) =>
      value !== undefined &&
      value !== null &&
      value !== "" &&
      !OMITTED.has(key) &&
      !(isShell && OMITTED_OF_SHELL.has(key)) &&
      // The diff shows what becomes of the file.
      !(hasDiff && key === "newFileContents"),
  );
  return fields.flatMap(([key, value]) => detailsIn(NAMES.get(key) ?? key, key, value));
}

function detailsIn(name: string, key: string, value: unknown): Detail[] {
  const isArguments = key === "args" || key === "toolArgs";
  if (!isArguments) return [{ name, text: textOf(value) }];
  const args = typeof value === "string" ? (parsed(value) ?? value) : value;
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    return [{ name: "arguments", text: textOf(args) }];
  }
  return Object.entries(args).map(([argument, given]: [string, unknown]) => ({
    name: `argument ${argument}`,
    text: textOf(given),
  }));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

const named = z.object({ branch: line, ref: line });

function branchIn(args: unknown): string | null {
  const read = named.safeParse(objectOf(args));
  return read.success ? (read.data.branch ?? read.data.ref) : null;
}

const placed = z.looseObject({ owner: z.unknown().optional(), repo: z.unknown().optional() });

function repositoryIn(args: unknown): { readonly repository?: string } {
  const { owner, repo } = placed.safeParse(objectOf(args)).data ?? {};
  if (owner === undefined && repo === undefined) return {};
  const isPlain = typeof owner === "string" && typeof repo === "string";
  return { repository: isPlain ? cut(`${owner}/${repo}`, MAX_LINE) : "" };
}

function objectOf(args: unknown): unknown {
  return typeof args === "string" ? parsed(args) : args;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readOnlyOf(request: {
  readonly kind: string;
  readonly commands: readonly { readonly readOnly: boolean }[] | null;
  readonly hasWriteFileRedirection: boolean | null;
}): boolean | null {
  if (request.kind === "read") return true;
  if (request.kind === "write") return false;
  if (request.commands === null) return null;
  return request.commands.every(({ readOnly }) => readOnly) && !request.hasWriteFileRedirection;
}
