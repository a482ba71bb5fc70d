import { writeFileSync } from "node:fs";
import { hello } from "../github/seed.ts";
import type { World } from "./scene.ts";

/** Somebody who may write to the repositories, and takes no part in the stories. */
export const newcomer = "newcomer";

/**
 * Writes a file with the bot's settings that a shell reads, for the programs that administrators run.
 *
 * @return the settings as `export NAME='value'`, a line each, and more for a value with several
 */
export function writeSettings(file: string, settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`,
  );
  writeFileSync(file, lines.join(""), { mode: 0o600 });
}

interface Stay {
  readonly world: World;
  readonly botUrl: string;
  /** Of the first story. */
  readonly taskId: string;
  /** As written by `writeSettings`. */
  readonly settingsFile: string;
}

/** What can be tried while the demo stays. */
export function whatToTry({ world, botUrl, taskId, settingsFile }: Stay): string {
  const { github, missionControl, connectPage } = world;
  const { origin } = new URL(missionControl.url);
  const comments = `http://${github.host}/repos/${hello.owner}/${hello.repo}/issues/1/comments`;
  const as = (login: string) => `-H 'authorization: token ${github.as(login).token}'`;
  return `
Everything runs until you press Ctrl-C.

The bot's pages are these. Open them in a browser on this machine, sign in, and choose octocat on the faked GitHub:

  ${botUrl}/
  ${botUrl}/tasks/${taskId}

The first one lists all tasks. The other one is the first story's task, with a message box and a button to stop it. The
faked GitHub has no pages for issues and sessions: links there lead nowhere, and this agent doesn't answer messages.

In another terminal, in this directory:

  # as octocat, write a command on the first story's issue; after about 5 seconds, read the thread
  curl -s ${as("octocat")} ${comments} -d '{"body":"/copilot triage Look at time zones."}'
  curl -s ${as("octocat")} ${comments}

  # the same as ${newcomer}, who isn't connected: the bot's comment has a link. Open it in a browser on this machine,
  # choose ${newcomer}, and authorize the App. ${connectPage} shows what the bot keeps.
  curl -s ${as(newcomer)} ${comments} -d '{"body":"/copilot triage"}'

  # make the next agent never start: write a command again, and after 60 seconds the comment says so
  curl -s ${origin}/sandbox/behavior -d '{"once":true,"behavior":{"worker":"none"}}'

  # make the next agent refuse its prompt: write a command again, and after 10 seconds the comment says that the bot
  # is still trying
  curl -s ${origin}/sandbox/behavior -d '{"once":true,"behavior":{"steer":{"status":500}}}'

  # see the requests to Mission Control, and the bot's state
  curl -s ${origin}/sandbox/requests
  curl -s ${botUrl}/readyz

  # check the bot, for 3 to 10 seconds; the file has the bot's settings
  (. ${settingsFile}; script/doctor --repository ${hello.owner}/${hello.repo})

  # print its audit, at once
  (. ${settingsFile}; script/audit)`;
}
