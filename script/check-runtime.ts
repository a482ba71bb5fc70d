import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CopilotClient, RuntimeConnection } from "@github/copilot-sdk";
import { canCreateCloudSessions } from "../src/copilot/client.ts";

const [version] = process.argv.slice(2);
if (version !== undefined && !/^\d+\.\d+\.\d+[\w.-]*$/u.test(version)) {
  console.error(`${version} is no version, as 1.0.102 is one`);
  process.exit(64);
}
const directory = mkdtempSync(join(tmpdir(), "check-runtime-"));
try {
  const client = new CopilotClient({
    mode: "empty",
    baseDirectory: directory,
    useLoggedInUser: false,
    env: {},
    ...(version === undefined ? {} : { connection: runtimeOf(version) }),
  });
  await client.start();
  const { version: reported } = await client.getStatus();
  const works = await canCreateCloudSessions(client);
  await client.stop();
  const name = `@github/copilot ${version ?? "as installed"} (says ${reported})`;
  console.log(`${name}: cloud sessions ${works ? "work" : "do NOT work"}`);
  process.exitCode = works ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** Installs a version beside the project's own, for this question alone. */
function runtimeOf(wanted: string) {
  console.log(`Downloading @github/copilot ${wanted} …`);
  const install = [
    "install",
    "--prefix",
    directory,
    "--ignore-scripts",
    `@github/copilot@${wanted}`,
  ];
  execFileSync("npm", [...install, "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: "inherit",
  });
  const systems = process.platform === "linux" ? ["linux", "linuxmusl"] : [process.platform];
  // Older versions are a program for Node, newer ones a binary.
  const paths = systems.flatMap((system) =>
    ["index.js", "copilot"].map((file) =>
      join(directory, "node_modules/@github", `copilot-${system}-${process.arch}`, file),
    ),
  );
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined)
    throw new Error(`@github/copilot@${wanted} has no runtime for this system`);
  return RuntimeConnection.forStdio({ path });
}
