import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { parseEnv, styleText } from "node:util";
import { program } from "../script/lib/program.ts";
import { connectingSettings } from "./connecting.ts";
import type { BotProcess } from "./demo/bot.ts";
import { startBot } from "./demo/bot.ts";
import { startGuard } from "./demo/guard.ts";
import { newcomer, whatToTry, writeSettings } from "./demo/stay.ts";
import {
  ONSITE_SETTINGS,
  prepareOnsite,
  sessionOnThisMachine,
  whyNotIsolated,
  WITH_ONSITE,
} from "./demo/own-machine.ts";
import type { Scene, Story, World } from "./demo/scene.ts";
import {
  commandOnPullRequest,
  labelOnIssue,
  policyBlocks,
  sessionFinishes,
} from "./demo/stories.ts";
import { showComment, showThread } from "./demo/terminal.ts";
import { liftLimits, WITH_DEFAULTS } from "./github/limits.ts";
import { startGitHub } from "./github/server.ts";
import { startMissionControl } from "./mission-control/server.ts";

const { stay = false } = program(
  "script/demo",
  "Shows what the bot does in five short stories on the real Copilot runtime: four in the cloud, and one on this machine, if bubblewrap and socat are installed. Each session is its requester's own: they connect their Copilot first. GitHub and Mission Control are faked on this machine: no token and no account are needed.",
)
  .option(
    "--stay",
    "keep everything running until Ctrl-C, and print the bot's pages and commands to try",
  )
  .parse()
  .opts();
const style = {
  bold: (text: string) => styleText("bold", text),
  dim: (text: string) => styleText("dim", text),
};

const STORIES = [
  ["1. octocat adds the label copilot:triage to an issue", labelOnIssue],
  ["2. writer, who has connected before, writes a command on a pull request", commandOnPullRequest],
  ["3. octocat adds the same label, where a policy forbids the session", policyBlocks],
  ["4. writer's session has finished", sessionFinishes],
] as const;
const ONSITE_STORY = [
  "5. octocat adds the label copilot:fix to an issue whose session runs on this machine",
  sessionOnThisMachine,
] as const;

/** What undoes what was started, in its order. */
const undo: (() => unknown)[] = [];
const { promise: signal, resolve: interrupt } = Promise.withResolvers<NodeJS.Signals>();
// A second one doesn't keep it from undoing everything.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(name, () => interrupt(name));
}
try {
  const ended = await Promise.race([demo().catch(rethrowLater), signal]);
  if (typeof ended === "string") process.exitCode = 128 + constants.signals[ended];
  else if (stay) await signal;
} finally {
  for (const step of undo.toReversed()) await step();
}
// Whoever was interrupted may still wait for something.
process.exit();

/** A terminal interrupts the bot, too. That the bot is gone may be seen a moment before the signal. */
async function rethrowLater(error: unknown): Promise<never> {
  await setImmediate();
  throw error;
}

/** Starts everything, and shows the stories. */
async function demo(): Promise<void> {
  console.log(
    "The bot and the Copilot runtime are real. GitHub, Mission Control, and people are faked.",
  );
  const directory = join(tmpdir(), `copilot-task-bot-demo-${randomUUID()}`);
  const guard = startGuard(directory);
  mkdirSync(directory, { mode: 0o700 });
  undo.push(() => {
    rmSync(directory, { recursive: true, force: true });
    guard.dismiss();
  });
  const trouble = await whyNotIsolated(directory);
  const missionControl = await startMissionControl();
  undo.push(() => missionControl.close());
  const github = await startGitHub({
    repositories: [...WITH_DEFAULTS, ...WITH_ONSITE],
    people: { [newcomer]: "write" },
  });
  undo.push(() => github.close());
  missionControl.lookTokensUp(github.oauth.lookUpCopilot);
  await liftLimits(github);
  if (trouble === null) await prepareOnsite(github);
  const settings = {
    ...unset(".env"),
    HOST: "127.0.0.1",
    DATA_DIR: join(directory, "data"),
    ...github.environment,
    ...missionControl.environment,
    ...(await connectingSettings(github)),
    GITHUB_COPILOT_INTEGRATION_ID: "copilot-task-bot",
    ...(trouble === null ? ONSITE_SETTINGS : {}),
  };
  const starting = startBot(settings, undefined, guard.watch);
  undo.push(() => starting.then(stop, () => {}).finally(() => guard.watch(null)));
  const bot = await starting;
  github.deliverTo(`${bot.url}/api/github/webhooks`);
  const world: World = { github, missionControl, connectPage: `${bot.url}/connect` };

  const stories = await showStories(world, trouble === null ? [...STORIES, ONSITE_STORY] : STORIES);
  if (trouble !== null) {
    console.log(
      `\n5. Left out: a session on this machine can't be isolated here. ${trouble.found} ${trouble.cure}`,
    );
  }
  if (stories.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
  if (!stay) return;
  const settingsFile = join(directory, "settings");
  writeSettings(settingsFile, settings);
  const taskId = stories[0]?.taskId ?? "";
  console.log(whatToTry({ world, botUrl: bot.url, taskId, settingsFile }));
}

async function stop(bot: BotProcess): Promise<void> {
  const exitCode = await bot.stop();
  if (exitCode === 0) return;
  console.log(`The bot exited with ${exitCode}:\n${bot.lines.join("\n")}`);
  process.exitCode ??= 1;
}

/** The bot reads `.env` too, as in production: nothing of it is to count here. */
function unset(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  const names = Object.keys(parseEnv(readFileSync(file, "utf8")));
  return Object.fromEntries(names.map((name) => [name, ""] as const));
}

/** Plays the stories, one after the other, and shows each when it has ended. */
async function showStories(
  world: World,
  chosen: readonly (readonly [string, (world: World) => Promise<Story>])[],
): Promise<readonly Story[]> {
  const stories: Story[] = [];
  for (const [headline, play] of chosen) {
    console.log(`\n${styleText("underline", headline)}\n`);
    const story = await play(world);
    console.log(
      story.scenes
        .map((scene) => showScene(story.title, scene, world.github.botLogin))
        .join("\n")
        .trimStart(),
    );
    console.log(`\n  ${verdict(story)}`);
    stories.push(story);
  }
  return stories;
}

/** The whole thread, or what a later scene has changed: the bot's comment, and a thread that it has opened. */
function showScene(title: string, { action, thread, opened }: Scene, botLogin: string): string {
  if (action === null) return showThread(title, thread, style);
  const comment = thread.comments.find(({ author }) => author === botLogin);
  const changed = comment === undefined ? "" : showComment(comment, style);
  if (opened === undefined) return `\n${action}\n\n${changed}`;
  const { name, title: subject, body } = opened;
  const other = { author: `${name}: ${subject}`, body: body ?? "", reactions: [] };
  return `\n${action}\n\n${changed}\n\n${showComment(other, style)}`;
}

function verdict({ problems, owner, scenes }: Story): string {
  if (problems.length > 0) return `✗ ${problems.join("; ")}`;
  const times = scenes.map(
    ({ shown, milliseconds }) => `${shown} after ${(milliseconds / 1000).toFixed(1)} s`,
  );
  const whose = owner === null ? [] : [`session created with ${owner}'s token`];
  return `✓ as expected: ${[...times, ...whose].join(", ")}`;
}
