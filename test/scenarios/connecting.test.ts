import { expect, it, vi } from "vitest";
import { headingOf } from "../../sandbox/browser.ts";
import { connect, linkToConnect } from "../../sandbox/connecting.ts";
import { hello } from "../../sandbox/github/seed.ts";
import type { Place } from "./world.ts";
import { asked, botComments, canAttach, isOnNewest, steady, useWorld } from "./world.ts";

const world = useWorld({
  connecting: true,
  people: { maintainer: "maintain" },
  timeouts: { followMs: 60_000, editEveryMs: 300, sessionCommandsEveryMs: 200 },
});

function shown(comment: string): string {
  return steady(comment, world)
    .replaceAll(world.app.url, "https://BOT")
    .replaceAll(/\d{4}-\d\d-\d\d HH/gu, "DATE HH");
}

async function label(login: string, name = "copilot:triage"): Promise<Place> {
  const person = world.github.as(login);
  const issue = await person.openIssue(hello, { title: "Please triage", body: "" });
  await person.label(issue, name);
  return issue;
}

/** How many runtime processes there are. */
async function processes(): Promise<number> {
  const readiness = await (await fetch(`${world.app.url}/readyz`)).text();
  return readiness.split('"processId"').length - 1;
}

const isStarted = (body: string) => body.includes("[Open session]");

it("a task waits until its requester has connected their Copilot, and goes on by itself", async () => {
  const issue = await label("octocat");
  const [waiting = ""] = await botComments(world, issue);
  expect(shown(waiting)).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### ✋ Connect your Copilot: triage

    @octocat, [connect your Copilot](https://BOT/connect?task=UUID) once, and this task starts. Its session runs as you and uses your Copilot plan.

    The task waits until DATE HH:MM UTC. To cancel it, comment \`/copilot stop UUID8\`, or remove the label \`copilot:triage\`.

    <details><summary>Details</summary>

    - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
    - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
    - Task \`UUID8\`

    </details>
    "
  `);
  expect(asked(world)).toEqual([]);

  const connected = await connect("octocat", linkToConnect(waiting));
  expect(headingOf(connected)).toBe("Your task continues");
  const comments = await botComments(world, issue, isStarted);
  expect(comments.map(shown)).toMatchInlineSnapshot(`
    [
      "<!-- copilot-task:UUID -->
    ### 🔄 Copilot is working: triage

    **Running for less than a minute** · [Open session](https://github.com/copilot/tasks/UUID)

    <details><summary>Open on your phone</summary>

    [![QR code with the link to the session](https://BOT/qr/UUID/SECRET.png)](https://github.com/copilot/tasks/UUID)

    </details>

    <details><summary>Details</summary>

    - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
    - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
    - Copilot of [octocat](https://GITHUB/octocat); GitHub may show the session only to them
    - Commands: \`/copilot send UUID8 …\` (for [octocat](https://GITHUB/octocat)), \`/copilot stop UUID8\`, \`/copilot status UUID8\`
    - Task \`UUID8\`

    </details>
    ",
    ]
  `);
  expect(asked(world)).toEqual(["POST /agents/tasks", "POST /agents/tasks/UUID/steer"]);
});

it("whoever asks later is connected, and sees what the bot keeps", async () => {
  const before = world.missionControl.requests.length;
  const issue = await label("octocat");
  expect(await botComments(world, issue, isStarted)).toHaveLength(1);
  // Everything that the session did was done with the person's own token.
  const tokens = new Set(
    world.missionControl.requests.slice(before).map(({ authorization }) => authorization),
  );
  expect(tokens.size).toBe(1);
  expect([...tokens].join()).toMatch(/^(?:Bearer )?ghu_/u);
  await world.github.as("octocat").comment(issue, "/copilot connect");
  const answer = await botComments(world, issue, (body) => body.includes("is connected"));
  expect(shown(answer.at(-1) ?? "")).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### 🔗 Your Copilot connection

    Your Copilot is connected. [Your page](https://BOT/connect) shows what the bot keeps and what your Copilot may do.

    <details><summary>Details</summary>

    - Requested by [octocat](https://GITHUB/octocat) with \`/copilot connect\`
    - Repository \`octo-org/hello\`
    - Task \`UUID8\`

    </details>
    "
  `);
});

it("one comment asks a person in a thread, whatever else they ask for there", async () => {
  const waits = () => world.log.filter((line) => line.includes("waiting for the requester")).length;
  const before = waits();
  const issue = await label("writer");
  const [waiting = ""] = await botComments(world, issue);
  await world.github.as("writer").label(issue, "copilot:fix");
  await vi.waitUntil(() => waits() === before + 2, { timeout: 30_000 });
  expect(await botComments(world, issue)).toHaveLength(1);
  await connect("writer", linkToConnect(waiting));
  const comments = await botComments(world, issue, (body) =>
    /Copilot (?:started|is).*fix/u.test(body),
  );
  expect(comments).toHaveLength(2);
});

it("another account isn't the one that was asked", async () => {
  const issue = await label("maintainer");
  const [waiting = ""] = await botComments(world, issue);
  const page = await connect("writer", linkToConnect(waiting));
  expect(headingOf(page)).toBe("Another account is needed");
  expect(page.html).toContain("maintainer");
  await world.github.as("maintainer").comment(issue, "/copilot stop");
  const [stopped = ""] = await botComments(world, issue, (body) => body.includes("stopped"));
  expect(shown(stopped)).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### ⏹️ Copilot was stopped: triage

    Stopped by \`maintainer\` before it started.

    No session was created, so nothing was charged. To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

    <details><summary>Details</summary>

    - Requested by [maintainer](https://GITHUB/maintainer) with the label \`copilot:triage\`
    - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
    - Copilot of [maintainer](https://GITHUB/maintainer)
    - Task \`UUID8\`

    </details>
    "
  `);
});

it("only its owner may have a session do something, and others may stop it", async () => {
  const issue = await label("octocat");
  await botComments(world, issue, (body) => body.includes("working"));
  await world.github.as("writer").comment(issue, "/copilot send Look at the cache.");
  const answer = await botComments(world, issue, (body) => body.includes("Nothing changed"));
  expect(shown(answer.at(-1) ?? "")).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### ⚠️ Nothing changed: \`/copilot send\`

    The session of task \`UUID8\` uses the Copilot of \`octocat\`, so only they can send it something, approve what it asks for, resume it, or share it. You can stop it (\`/copilot stop\`) or deny what it asks for (\`/copilot deny\`). Maintainers can change this: \`steering\` in \`.github/copilot-tasks.yml\`.

    <details><summary>Details</summary>

    - Requested by [writer](https://GITHUB/writer) with \`/copilot send\`
    - Repository \`octo-org/hello\`
    - Task \`UUID8\`

    </details>
    "
  `);
  await world.github.as("writer").comment(issue, "/copilot stop");
  await botComments(world, issue, (body) => body.includes("stopped"));
});

it("who takes back what they allowed is asked again, and their sessions are let go", async () => {
  const issue = await label("octocat");
  await botComments(world, issue, (body) => body.includes("working"));
  const before = await processes();
  await world.github.oauth.revoke("octocat");
  const [left = ""] = await botComments(world, issue, (body) => body.includes("updated anymore"));
  const again = canAttach
    ? "[octocat](https://GITHUB/octocat) can open the session. Once they've [connected it again](https://BOT/connect), they can comment `/copilot resume UUID8`."
    : "[octocat](https://GITHUB/octocat) can open the session.";
  expect(shown(left)).toContain(
    `This comment isn't updated anymore because the requester's Copilot isn't connected anymore. ${again}\n`,
  );

  // A process of their own would have their token for ten minutes more.
  if (isOnNewest) await expect.poll(processes, { timeout: 30_000 }).toBe(before - 1);

  const next = await label("octocat");
  const [waiting = ""] = await botComments(world, next);
  expect(waiting).toContain("Connect your Copilot");
});
