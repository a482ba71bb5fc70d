import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { createBrowser } from "../../sandbox/browser.ts";
import { COMPILED } from "../compiled.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { textOf } from "../web/browser.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const { PATH, HOME } = process.env;

/** Starts the demo in a process group of its own, with a directory for temporary files of its own. */
function startDemo(...args: string[]) {
  const directory = temporaryDirectory();
  // The user of sandboxes gets through it, as through /tmp.
  chmodSync(directory, 0o711);
  const env = { ...COMPILED, PATH, HOME, TMPDIR: directory };
  const child = spawn(`${ROOT}script/demo`, args, {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { pid = 0 } = child;
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => lines.push(line));
  const closed = once(child, "close");
  onTestFinished(() => {
    if (isAnyLeft()) process.kill(-pid, "SIGKILL");
  });

  function isAnyLeft(): boolean {
    try {
      return process.kill(-pid, 0);
    } catch {
      return false;
    }
  }

  return {
    lines,
    /** Resolves when it has printed a line with this text. */
    async printed(text: string): Promise<void> {
      while (!lines.some((line) => line.includes(text))) {
        const [line] = await Promise.race([once(output, "line"), closed]);
        if (typeof line !== "string") throw new Error(`it ended:\n${lines.join("\n")}`);
      }
    },
    /**
     * Ends it alone, not what it started, or as a terminal does, with all that it started; gives its exit code and its
     * files once no process of it is left.
     */
    async end(signal: NodeJS.Signals, whom: "alone" | "all" = "alone") {
      process.kill(whom === "all" ? -pid : pid, signal);
      await closed;
      // What was killed last stays in the list of processes until the system has cleared it away.
      await vi.waitUntil(() => !isAnyLeft(), { timeout: 30_000 });
      // What cleans up after a demo that was killed removes its directory last.
      if (signal === "SIGKILL")
        await vi.waitUntil(() => readdirSync(directory).length === 0, 10_000);
      return { exitCode: child.exitCode, files: readdirSync(directory) };
    },
  };
}

/** What differs from run to run, replaced by its name. */
function steadied(text: string): string {
  const bot = /(?<=127\.0\.0\.1:)\d+(?=\/connect\?)/u.exec(text)?.[0];
  const named = text.replaceAll(/127\.0\.0\.1:(?<port>\d+)/gu, (_host, port: string) =>
    port === bot ? "BOT" : "GITHUB",
  );
  return named
    .replaceAll(/[0-9a-f]{32}(?=\.png)/gu, "SECRET")
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, "UUID")
    .replaceAll(/\b[0-9a-f]{40}\b/gu, "COMMIT")
    .replaceAll(/(?<=commit `)[0-9a-f]{7}/gu, "COMMIT7")
    .replaceAll(
      /(?<=[Tt]ask `|\/copilot (?:retry|stop|send|status) )[0-9a-f]{8}(?=[` ])/gu,
      "UUID8",
    )
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/gu, "DATE HH:MM UTC")
    .replaceAll(/(?<=\/copilot (?:approve|deny) )[0-9a-f]{8} [0-9a-f]{4}/gu, "UUID8 CODE")
    .replaceAll(/(?<=\/copilot unshare |copilot\/fix-1-)[0-9a-f]{8}/gu, "UUID8")
    .replaceAll(`machine \`${hostname()}\``, "machine `HOST`")
    .replaceAll(/\d+\.\d s\b/gu, "N s");
}

test("five stories, one of them on this machine, whose sessions are their requesters' own, and an environment to try", async () => {
  const demo = startDemo("--stay");
  await demo.printed("script/audit");
  const [stories = "", stay = ""] = demo.lines.join("\n").split("\nEverything runs until ");
  const [inCloud = "", here = ""] = steadied(stories).split(/\n(?=5\. )/u);
  expect(inCloud).toMatchInlineSnapshot(`
    "The bot and the Copilot runtime are real. GitHub, Mission Control, and people are faked.

    1. octocat adds the label copilot:triage to an issue

    Issue octo-org/hello#1: The greeting is wrong after midnight [copilot:triage] 👀
      │ At 00:30 it says *Good evening*. I expected *Good morning*.
    copilot-task-bot[bot]
      │ ✋ Connect your Copilot: triage
      │ 
      │ @octocat, connect your Copilot <http://BOT/connect?task=UUID> once, and this task starts. Its session runs as you and uses your Copilot plan.
      │ 
      │ The task waits until DATE HH:MM UTC. To cancel it, comment \`/copilot stop UUID8\`, or remove the label \`copilot:triage\`.
      │ 
      │ - Requested by octocat <http://GITHUB/octocat> with the label \`copilot:triage\`
      │ - Repository \`octo-org/hello\`, branch \`main\`, commit \`COMMIT7\` <http://GITHUB/octo-org/hello/commit/COMMIT>
      │ - Task \`UUID8\`

    octocat follows the link, signs in to GitHub, and authorizes the App. The page says “Your task continues”. The session is created with octocat's token, and the bot updates its comment:

    copilot-task-bot[bot]
      │ 🔄 Copilot is working: triage
      │ 
      │ Running for less than a minute · Open session <https://github.com/copilot/tasks/UUID>
      │ 
      │ QR code with the link to the session <http://BOT/qr/UUID/SECRET.png> <https://github.com/copilot/tasks/UUID>
      │ 
      │ - Requested by octocat <http://GITHUB/octocat> with the label \`copilot:triage\`
      │ - Repository \`octo-org/hello\`, branch \`main\`, commit \`COMMIT7\` <http://GITHUB/octo-org/hello/commit/COMMIT>
      │ - Copilot of octocat <http://GITHUB/octocat>; GitHub may show the session only to them
      │ - Commands: \`/copilot send UUID8 …\` (for octocat <http://GITHUB/octocat>), \`/copilot stop UUID8\`, \`/copilot status UUID8\`
      │ - Task \`UUID8\`

      ✓ as expected: link to connect after N s, link to the session after N s, session created with octocat's token

    2. writer, who has connected before, writes a command on a pull request

    Pull request octo-org/hello#2: Greet by the hour
      │ Fixes the greeting.
    writer 👀
      │ Looks good, one worry:
      │ 
      │ /copilot triage Is noon handled?
    copilot-task-bot[bot]
      │ 🔄 Copilot is working: triage
      │ 
      │ Running for less than a minute · Open session <https://github.com/copilot/tasks/UUID>
      │ 
      │ QR code with the link to the session <http://BOT/qr/UUID/SECRET.png> <https://github.com/copilot/tasks/UUID>
      │ 
      │ - Requested by writer <http://GITHUB/writer> with \`/copilot triage\`
      │ - Repository \`octo-org/hello\`, branch \`feature\`, commit \`COMMIT7\` <http://GITHUB/octo-org/hello/commit/COMMIT>
      │ - The session started on branch \`main\`. Its prompt asks it to check out \`feature\` first.
      │ - Copilot of writer <http://GITHUB/writer>; GitHub may show the session only to them
      │ - Commands: \`/copilot send UUID8 …\` (for writer <http://GITHUB/writer>), \`/copilot stop UUID8\`, \`/copilot status UUID8\`
      │ - Task \`UUID8\`

      ✓ as expected: link to the session after N s, session created with writer's token

    3. octocat adds the same label, where a policy forbids the session

    Issue octo-org/blocked#1: Tidy up the build [copilot:triage] 👀
      │ Please.
    copilot-task-bot[bot]
      │ ❌ Copilot couldn't start: triage
      │ 
      │ ▌ [!WARNING]
      │ ▌ A Copilot policy doesn't allow this session (\`policy_blocked\`).
      │ ▌ 
      │ ▌ An organization owner can allow Copilot cloud agent in octo-org's Copilot policies <http://GITHUB/organizations/octo-org/settings/copilot/policies>. If an enterprise policy applies, an enterprise owner can change it under AI controls in the enterprise's settings <http://GITHUB/settings/enterprises>.
      │ 
      │ No session was created, so nothing was charged. Once that's fixed, comment \`/copilot retry UUID8\`, or remove and re-add the label.
      │ 
      │ - Requested by octocat <http://GITHUB/octocat> with the label \`copilot:triage\`
      │ - Repository \`octo-org/blocked\`, branch \`main\`, commit \`COMMIT7\` <http://GITHUB/octo-org/blocked/commit/COMMIT>
      │ - Copilot of octocat <http://GITHUB/octocat>
      │ - Task \`UUID8\`

      ✓ as expected: reason after N s

    4. writer's session has finished

    Copilot has answered. The bot has followed the session, and updates its comment on the pull request:

    copilot-task-bot[bot]
      │ ✅ Copilot finished: triage
      │ 
      │ Ran for less than a minute · Open session <https://github.com/copilot/tasks/UUID>
      │ 
      │ ▌ Noon is handled: from 12:00 on, \`greeting()\` says Good afternoon. A test at 12:00 is missing.
      │ 
      │ To ask for more, writer <http://GITHUB/writer> can comment \`/copilot send UUID8 …\`.
      │ 
      │ QR code with the link to the session <http://BOT/qr/UUID/SECRET.png> <https://github.com/copilot/tasks/UUID>
      │ 
      │ - Requested by writer <http://GITHUB/writer> with \`/copilot triage\`
      │ - Repository \`octo-org/hello\`, branch \`feature\`, commit \`COMMIT7\` <http://GITHUB/octo-org/hello/commit/COMMIT>
      │ - The session started on branch \`main\`. Its prompt asks it to check out \`feature\` first.
      │ - Copilot of writer <http://GITHUB/writer>; GitHub may show the session only to them
      │ - Task \`UUID8\`

      ✓ as expected: answer after N s
    "
  `);

  if (hasBubblewrap)
    expect(here).toMatchInlineSnapshot(`
      "5. octocat adds the label copilot:fix to an issue whose session runs on this machine

      Issue octo-org/onsite#1: The greeting has a typo [copilot:fix] 👀
        │ It says *Helo*.
      copilot-task-bot[bot]
        │ ✋ Copilot needs your approval: fix
        │ 
        │ ▌ [!IMPORTANT]
        │ ▌ Copilot wants to run this command:
        │ 
        │ \`sh check.sh && git commit -qam 'Fix the typo'\`
        │ 
        │ - Copilot's reason: \`Check, and commit\`
        │ 
        │ octocat <http://GITHUB/octocat> can reply with \`/copilot approve UUID8 CODE\` or \`/copilot deny UUID8 CODE\`, or decide in Mission Control <https://github.com/octo-org/onsite/tasks/UUID>. Anyone with write access can also deny.
        │ 
        │ Started less than a minute ago · Open session <https://github.com/octo-org/onsite/tasks/UUID>
        │ 
        │ QR code with the link to the session <http://BOT/qr/UUID/SECRET.png> <https://github.com/octo-org/onsite/tasks/UUID>
        │ 
        │ - Requested by octocat <http://GITHUB/octocat> with the label \`copilot:fix\`
        │ - Repository \`octo-org/onsite\`, branch \`main\`, commit \`COMMIT7\` <http://GITHUB/octo-org/onsite/commit/COMMIT>
        │ - Copilot of octocat <http://GITHUB/octocat>
        │ - Runs on the administrator's machine \`HOST\`, isolated
        │ - Network besides Copilot: none
        │ - On GitHub, only octocat <http://GITHUB/octocat> can open it
        │ - Commands: \`/copilot send UUID8 …\` (for octocat <http://GITHUB/octocat>), \`/copilot stop UUID8\`, \`/copilot status UUID8\`, \`/copilot unshare UUID8\` (for octocat <http://GITHUB/octocat>)
        │ - Task \`UUID8\`
      copilot-task-bot[bot]
        │ @octocat, Copilot needs your approval (fix): see what it wants to do <http://GITHUB/octo-org/onsite/issues/1#issuecomment-5>, and reply with \`/copilot approve UUID8 CODE\` or \`/copilot deny UUID8 CODE\`, or decide in Mission Control <https://github.com/octo-org/onsite/tasks/UUID>.

      octocat comments /copilot approve UUID8 CODE. The agent runs the check and commits its change. The bot, not the agent, pushes the commit and opens a draft pull request. Its comment links it:

      copilot-task-bot[bot]
        │ 💤 Copilot is idle: fix
        │ 
        │ Pull request: #2 <http://GITHUB/octo-org/onsite/pull/2> (draft) · Ran for less than a minute · Open session <https://github.com/octo-org/onsite/tasks/UUID>
        │ 
        │ \`octocat\` approved Copilot's request.
        │ 
        │ ▌ I fixed the typo in \`greeting.txt\` and committed it.
        │ 
        │ To continue, octocat <http://GITHUB/octocat> can comment \`/copilot send UUID8 …\`.
        │ 
        │ QR code with the link to the session <http://BOT/qr/UUID/SECRET.png> <https://github.com/octo-org/onsite/tasks/UUID>
        │ 
        │ - Requested by octocat <http://GITHUB/octocat> with the label \`copilot:fix\`
        │ - Repository \`octo-org/onsite\`, branch \`main\`, commit \`COMMIT7\` <http://GITHUB/octo-org/onsite/commit/COMMIT>
        │ - Copilot of octocat <http://GITHUB/octocat>
        │ - Runs on the administrator's machine \`HOST\`, isolated
        │ - Network besides Copilot: none
        │ - On GitHub, only octocat <http://GITHUB/octocat> can open it
        │ - Used 4 model requests, 400 input tokens, 40 output tokens; 1 line added, 1 removed
        │ - Commits pushed to \`copilot/fix-1-UUID8\` <http://GITHUB/octo-org/onsite/tree/copilot/fix-1-UUID8>
        │ - Commands: \`/copilot send UUID8 …\` (for octocat <http://GITHUB/octocat>), \`/copilot stop UUID8\`, \`/copilot status UUID8\`, \`/copilot unshare UUID8\` (for octocat <http://GITHUB/octocat>)
        │ - Task \`UUID8\`

      Draft pull request octo-org/onsite#2: Fix #1: The greeting has a typo
        │ Fixes #1
        │ 
        │ octocat <http://GITHUB/octocat> asked for this in issue #1 <http://GITHUB/octo-org/onsite/issues/1> with the task \`fix\`. Copilot wrote these commits in a session on the bot administrator's own machine. Review them before you mark this pull request as ready.
        │ 
        │ Open session <https://github.com/octo-org/onsite/tasks/UUID> · Open task <http://BOT/tasks/UUID>
        │ 
        │ ▌ I fixed the typo in \`greeting.txt\` and committed it.
        │ 
        │ Task \`UUID\`

        ✓ as expected: request for approval after N s, pull request after N s, session created with octocat's token
      "
    `);
  else expect(here).toMatch(/^5\. Left out: .*apt-get install/u);

  const [list = "", task = ""] = Array.from(
    stay.matchAll(/^ {2}(?<url>http:.*)$/gmu),
    ({ groups }) => groups?.["url"] ?? "",
  );
  const browser = createBrowser();
  await browser.open(list);
  await browser.open("/sign-in");
  expect(stay).toContain("choose octocat");
  await browser.submit("/login", { login: "octocat" });
  const tasks = textOf((await browser.open(list)).html);
  expect(tasks).toContain("triage in octo-org/hello#1");
  expect(tasks).toContain("triage in octo-org/hello#2");
  expect(tasks).toContain("triage in octo-org/blocked#1");
  const page = textOf((await browser.open(task)).html);
  expect(page).toMatch(/triage in octo-org\/hello#1\s+Working/u);
  expect(page).toContain("Message to Copilot");
  expect(page).toContain("Stop");

  const commands = stay
    .split("\n")
    .flatMap((line) => /^ {2}(?<command>\(\. .*)/u.exec(line)?.groups?.["command"] ?? []);
  const [doctor, audit] = commands.map((command) =>
    execFileSync("sh", ["-c", command], {
      cwd: ROOT,
      env: { ...COMPILED, PATH, HOME },
      encoding: "utf8",
    }),
  );
  expect(doctor).toContain("ok       bot: A bot is running on");
  expect(doctor).toContain("sessions use the Copilot of whoever asks");
  expect(doctor).not.toMatch(/^(?:failed|warning) /mu);
  expect(audit).toMatch(/prompt_delivered .* octocat .* octocat /u);
  expect(audit).toMatch(/prompt_delivered .* writer .* writer /u);
  if (hasBubblewrap) expect(doctor).toContain("Each session has a sandbox of its own.");
  expect(audit).toMatch(/failed +policy_blocked +octocat/u);

  expect(await demo.end("SIGINT")).toEqual({ exitCode: 0, files: [] });
}, 120_000);

const ENDS = [
  { signal: "SIGINT", line: "2. writer", whom: "all", exitCode: 130 },
  { signal: "SIGKILL", line: "2. writer", whom: "alone", exitCode: null },
  { signal: "SIGTERM", line: "The bot and", whom: "alone", exitCode: 143 },
  { signal: "SIGKILL", line: "The bot and", whom: "alone", exitCode: null },
  { signal: "SIGHUP", line: "1. octocat", whom: "all", exitCode: 129 },
  { signal: "SIGINT", line: "4. writer", whom: "alone", exitCode: 130 },
] as const;

test.each(ENDS)(
  "$signal to $whom after “$line” leaves nothing",
  async ({ signal, line, whom, exitCode }) => {
    const demo = startDemo();
    await demo.printed(line);
    expect(await demo.end(signal, whom)).toEqual({ exitCode, files: [] });
  },
);
