import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a stage has made: its own file system, as a directory, and the variables of its processes. */
interface Stage {
  readonly root: string;
  readonly variables: Record<string, string>;
  workingDirectory: string;
}

/**
 * Takes the steps of the Dockerfile without a container engine, each stage in a directory. What needs one is left out:
 * base images, Debian's packages, and owners. `npm ci` gets the checkout's own packages, those that npm says it would
 * install.
 *
 * @param directory an empty one
 * @returns the last stage
 */
export function buildInDirectory(directory: string): Stage {
  const commands = writeCommands(join(directory, "commands"));
  const stages = new Map<string, Stage>();
  let stage = newStage(join(directory, "none"), commands);
  for (const [instruction, rest] of instructionsOf("Dockerfile")) {
    switch (instruction) {
      case "FROM": {
        const name = / AS (?<name>[\w-]+)$/u.exec(rest)?.groups?.["name"] ?? "last";
        // On top of another one, a stage goes on in its directory: what's added there is Debian's.
        stage = stages.get(rest.split(" ")[0] ?? "") ?? newStage(join(directory, name), commands);
        stages.set(name, stage);
        break;
      }
      case "WORKDIR":
        stage.workingDirectory = stage.root + rest;
        mkdirSync(stage.workingDirectory, { recursive: true });
        break;
      case "ENV":
        for (const [, key = "", value = ""] of rest.matchAll(/(\w+)=(\S+)/gu)) {
          stage.variables[key] = value.startsWith("/") ? stage.root + value : value;
        }
        break;
      case "COPY":
        copy(stage, stages, rest.split(" "));
        break;
      case "RUN":
        if (!rest.includes("apt-get")) run(stage, rest);
        break;
      default:
    }
  }
  return stage;
}

/** Debian's packages that a stage installs itself, and its user in the end. */
export function addedBy(stage: string): {
  readonly packages: readonly string[];
  readonly user: string | undefined;
} {
  const all = instructionsOf("Dockerfile");
  const from = all.findIndex(([name, rest]) => name === "FROM" && rest.endsWith(` AS ${stage}`));
  const next = all.findIndex(([name], index) => index > from && name === "FROM");
  const own = all.slice(from, next);
  const installed = own.flatMap(
    ([, rest]) => /apt-get install (?<all>[^&]*)/u.exec(rest)?.[1] ?? [],
  );
  return {
    packages: installed.flatMap((names) => names.split(" ").filter((it) => /^[a-z]/u.test(it))),
    user: own.findLast(([name]) => name === "USER")?.[1],
  };
}

/** The stages, and what each builds on. */
export function stagesOfImage(): readonly { readonly name: string | null; readonly on: string }[] {
  return instructionsOf("Dockerfile").flatMap(([instruction, rest]) => {
    if (instruction !== "FROM") return [];
    const { on = "", name = null } =
      /^(?:--\S+ )?(?<on>\S+)(?: AS (?<name>\S+))?$/u.exec(rest)?.groups ?? {};
    return [{ name, on }];
  });
}

/** The command with which the image starts. */
export function commandOfImage(): readonly string[] {
  const [, command = ""] = instructionsOf("Dockerfile").find(([name]) => name === "CMD") ?? [];
  return Array.from(command.matchAll(/"(?<word>[^"]+)"/gu), ({ groups }) => groups?.["word"] ?? "");
}

/** Names and the rest of their lines. */
function instructionsOf(file: string): readonly (readonly [string, string])[] {
  const text = readFileSync(ROOT + file, "utf8").replaceAll(/^#.*\n/gmu, "");
  const lines = text.replaceAll(/\\\n\s*/gu, "").split("\n");
  return lines.flatMap((line) => {
    const { name, rest } = /^(?<name>[A-Z]+) (?<rest>.*)$/u.exec(line)?.groups ?? {};
    return name === undefined || rest === undefined ? [] : [[name, rest] as const];
  });
}

function newStage(root: string, commands: string): Stage {
  mkdirSync(join(root, "usr/local/bin"), { recursive: true });
  const { PATH = "", HOME = "" } = process.env;
  const path = [commands, join(root, "usr/local/bin"), PATH].join(":");
  const TARGETARCH = process.arch === "x64" ? "amd64" : process.arch;
  return { root, workingDirectory: root, variables: { PATH: path, HOME, TARGETARCH } };
}

/** Stand in front of those of the machine: no registry, and no other user. */
function writeCommands(directory: string): string {
  mkdirSync(directory);
  const packages = `${ROOT}node_modules`;
  const npm = `
[ "$1" = ci ]
case "$*" in
*--omit=dev*)
  cd "${ROOT}" && npm=$(PATH=\${PATH#*:} command -v npm)
  for package in $("$npm" ls --omit=dev --all --parseable | sed -n 's|^${packages}/||p'); do
    mkdir -p "$OLDPWD/node_modules/$(dirname "$package")"
    # Links take no time and no space; across file systems there are none.
    cp -al "${packages}/$package" "$OLDPWD/node_modules/$package" 2>/dev/null || {
      rm -rf "$OLDPWD/node_modules/$package"
      cp -a "${packages}/$package" "$OLDPWD/node_modules/$package"
    }
  done ;;
*) ln -s "${packages}" node_modules ;;
esac`;
  for (const [name, text] of Object.entries({ npm, chown: "" })) {
    writeFileSync(join(directory, name), `#!/bin/sh\nset -eu\n${text}\n`);
    chmodSync(join(directory, name), 0o755);
  }
  return directory;
}

function run({ root, workingDirectory, variables }: Stage, command: string): void {
  const inside = command.replaceAll(/(?<=[ =])\/(?=app|data|usr)/gu, `${root}/`);
  execFileSync("sh", ["-euc", inside], { cwd: workingDirectory, env: variables, stdio: "pipe" });
}

function copy(stage: Stage, stages: ReadonlyMap<string, Stage>, words: readonly string[]): void {
  const from = words.find((word) => word.startsWith("--from="))?.slice("--from=".length);
  const paths = words.filter((word) => !word.startsWith("--"));
  const [to = "", ...sources] = paths.toReversed();
  const source = from === undefined ? null : stages.get(from);
  for (const path of sources) {
    if (source === null) assertSent(path);
    const target = resolve(stage.workingDirectory, to);
    cpSync(
      source === null ? ROOT + path : `${source?.root}${path}`,
      to.endsWith("/") ? join(target, basename(path)) : target,
      { recursive: true, verbatimSymlinks: true },
    );
  }
}

/** Without its exception in .dockerignore, the engine doesn't get a file. */
function assertSent(path: string): void {
  const [first, ...sent] = readFileSync(`${ROOT}.dockerignore`, "utf8").trim().split("\n");
  if (first === "*" && sent.includes(`!${path}`)) return;
  throw new Error(`.dockerignore leaves out ${path}`);
}
