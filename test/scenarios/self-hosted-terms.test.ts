import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { organization } from "../../sandbox/github/seed.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { bash, idsOf, steadyHosted, useOwnMachine } from "./own-machines.ts";
import { botComments } from "./world.ts";

const repositories = [
  "blocked-cloud",
  "on-demand",
  "refused",
  "workflow",
  "outdated",
  "queue",
  "labels",
  "again",
].map((name) => ({ name }));

const world = useOwnMachine(repositories, {
  // A session makes room as soon as it's idle.
  variables: { SELF_HOSTED_SESSIONS: "1", IDLE_MINUTES: "1" },
  timeouts: { idleMs: 3_000, startingNoticeMs: 500 },
});

/** Labels a new issue in a repository with this policy; the agent does each of these in one command, one after each prompt. */
async function begin(repo: string, policy: string, ...commands: readonly string[]) {
  const place = { owner: organization, repo };
  await world.github.git.commit(place, {
    files: { ".github/copilot-tasks.yml": `permissions_policy: approve\n${policy}` },
  });
  const title = `Work in ${repo}`;
  world.missionControl.play({
    prompt: title,
    turns: commands.flatMap((command) => [{ calls: [bash(command)] }, { says: "Done so far." }]),
  });
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(place, { title });
  await octocat.label(issue, "copilot:fix");
  const number = { ...place, number: issue.number };
  return {
    issue,
    octocat,
    async comment(words: string) {
      const [body = ""] = await botComments(world, number, (one) => one.includes(words));
      return { body, text: plain(body) };
    },
  };
}

/** A comment without its details, and what differs from run to run. */
function plain(comment: string): string {
  return steadyHosted(comment, world).replace(/<details>.*<\/details>\n/su, "");
}

describe.skipIf(!hasBubblewrap)("a session on an own machine", () => {
  it("takes the place of one that the cloud blocks, where the policy says so", async () => {
    world.missionControl.behaveOnce(
      { create: { status: 403, body: { message: "Copilot cloud agent is disabled by policy" } } },
      "octo-org/blocked-cloud",
    );
    const story = await begin(
      "blocked-cloud",
      "runs_on: self-hosted-if-blocked\npush: never\n",
      "echo Hello",
    );
    const { text } = await story.comment("is idle");
    expect(text).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 💤 Copilot is idle: fix

      Ran for less than a minute · [Open session](https://github.com/octo-org/blocked-cloud/tasks/UUID)

      > Done so far.

      A Copilot policy blocks cloud sessions here, so this task uses the administrator's machine \`MACHINE\`.

      To continue, comment \`/copilot send TASK …\`.

      "
    `);
  });

  it("is shared when somebody asks for it, and no longer when somebody asks for that", async () => {
    const story = await begin(
      "on-demand",
      "runs_on: self-hosted\nshare: on-demand\npush: never\n",
      "echo Hello",
    );
    const { text, body } = await story.comment("is idle");
    expect(text).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 💤 Copilot is idle: fix

      Ran for less than a minute

      > Done so far.

      To continue, comment \`/copilot send TASK …\`. To see this session on GitHub, comment \`/copilot share TASK\`.

      "
    `);
    const id = /Task `([0-9a-f]{8})`/u.exec(body)?.[1] ?? "";
    await story.octocat.comment(story.issue, `/copilot share ${id}`);
    const shared = await story.comment("[Open session]");
    expect(shared.text).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 💤 Copilot is idle: fix

      Ran for less than a minute · [Open session](https://github.com/octo-org/on-demand/tasks/UUID)

      \`octocat\` shared this session on GitHub.

      > Done so far.

      To continue, comment \`/copilot send TASK …\`.

      "
    `);
    await story.octocat.comment(story.issue, `/copilot unshare ${id}`);
    const { text: unshared } = await story.comment("stopped sharing");
    expect(unshared).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 💤 Copilot is idle: fix

      Ran for less than a minute

      \`octocat\` stopped sharing this session. GitHub may still show what happened before that.

      > Done so far.

      To continue, comment \`/copilot send TASK …\`. To see this session on GitHub, comment \`/copilot share TASK\`.

      "
    `);
  });

  it("works unshared where GitHub refuses to show it", async () => {
    const ids = await idsOf(world.github, "refused");
    world.missionControl.behaveOnce({ share: { status: 403, body: { message: "no" } } }, ids);
    const story = await begin("refused", "runs_on: self-hosted\npush: never\n", "echo Hello");
    const { text } = await story.comment("is idle");
    expect(text).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 💤 Copilot is idle: fix

      Ran for less than a minute

      > Done so far.

      **Not shown on GitHub:** Mission Control refused to show this session on GitHub (\`share_refused\`). An organization owner can set **Store local sessions in the Cloud** to **View and control** in [octo-org's Copilot policies](https://GITHUB/organizations/octo-org/settings/copilot/policies). If another organization provides the Copilot account's license, an owner of that organization can do so there. Once that's fixed, comment \`/copilot share TASK\`. The session itself isn't affected.

      To continue, comment \`/copilot send TASK …\`.

      "
    `);
  });

  it("isn't published when it changes what GitHub runs", async () => {
    const story = await begin(
      "workflow",
      "runs_on: self-hosted\n",
      "mkdir -p .github/workflows && echo 'on: push' > .github/workflows/x.yml && git add . && git commit -qm x",
    );
    const { text } = await story.comment("workflows");
    expect(text).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 💤 Copilot is idle: fix

      Ran for less than a minute · [Open session](https://github.com/octo-org/workflow/tasks/UUID)

      **Not pushed:** Copilot's commits change \`.github/workflows\` or \`.github/actions\`, which run with the repository's secrets. Ask Copilot to leave these changes out of all commits of its branch.

      > Done so far.

      To continue, comment \`/copilot send TASK …\`.

      "
    `);
    const branches = world.github.git.branches({ owner: organization, repo: "workflow" });
    expect(Object.keys(branches)).toEqual(["main"]);
  });

  it("keeps its pull request when what it commits later isn't pushed", async () => {
    const commit = "echo x >> README.md && git commit -qam x";
    const story = await begin(
      "outdated",
      "runs_on: self-hosted\n",
      commit,
      `mkdir -p .github/workflows && echo 'on: push' > .github/workflows/x.yml && git add . && ${commit}`,
    );
    const { body } = await story.comment("/pull/");
    const id = /Task `([0-9a-f]{8})`/u.exec(body)?.[1] ?? "";
    await story.octocat.comment(story.issue, `/copilot send ${id} Go on`);
    const { text } = await story.comment("workflows");
    expect(text).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 💤 Copilot is idle: fix

      **Pull request:** [#2](https://GITHUB/octo-org/outdated/pull/2) (draft) · Ran for less than a minute · [Open session](https://github.com/octo-org/outdated/tasks/UUID)

      **Newest commits not pushed:** Copilot's commits change \`.github/workflows\` or \`.github/actions\`, which run with the repository's secrets. Ask Copilot to leave these changes out of all commits of its branch.

      \`octocat\` sent a message, and Copilot received it.

      > Done so far.

      To continue, comment \`/copilot send TASK …\`.

      "
    `);
  });

  it("says so as soon as one that takes long when its start fails and is tried again", async () => {
    const fetched = { method: "GET", path: /\/again\.git\/info\/refs/u };
    world.github.failNext(fetched, { status: 503, body: {} });
    const story = await begin("again", "runs_on: self-hosted\npush: never\n", "echo Hello");
    const { text } = await story.comment("trying again");
    expect(text).toContain(
      "### ⏳ Copilot is starting: fix\n\nStarting on the administrator's machine `MACHINE` failed, so I'm trying again.\n",
    );
    await story.comment("is idle");
    const lines = world.log.filter((line) => line.includes("the task will be tried again"));
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ machine: hostname(), code: "checkout_failed", attempt: 1 }),
    ]);
  });

  it("says so if no machine has the labels that it asks for", async () => {
    const policy = "runs_on: { default: { self-hosted: [gpu] } }\npush: never\n";
    const story = await begin("labels", policy, "echo Hello");
    const { text, body } = await story.comment("waiting for a machine");
    expect(text).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⏳ Copilot is waiting for a machine: fix

      The session waits, because none of the administrator's machines that are connected has the label \`gpu\`. It starts when the bot's administrator connects one that does (\`WORKER_LABELS\`). The policy says which labels a task needs (\`runs_on\`).

      To cancel it, comment \`/copilot stop TASK\`, or remove the label \`copilot:fix\`.

      "
    `);
    const id = /Task `([0-9a-f]{8})`/u.exec(body)?.[1] ?? "";
    await story.octocat.comment(story.issue, "/copilot doctor");
    const findings = await botComments(world, { ...story.issue }, (one) =>
      one.includes("machines for sessions"),
    );
    expect(findings.join("\n")).toContain(
      "1 task waits for a machine with the label `gpu`, which none that's connected has.",
    );
    await story.octocat.comment(story.issue, `/copilot stop ${id}`);
    await story.comment("stopped");
  });

  it("waits for its place, where somebody can stop it", async () => {
    const first = await begin("queue", "runs_on: self-hosted\npush: never\n", "sleep 30");
    await first.comment("is working");
    const second = await begin("queue", "runs_on: self-hosted\npush: never\n", "echo Hello");
    const { text, body } = await second.comment("waiting for a machine");
    expect(text).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⏳ Copilot is waiting for a machine: fix

      The session starts when one of the administrator's machines has room for it.

      To cancel it, comment \`/copilot stop TASK\`, or remove the label \`copilot:fix\`.

      "
    `);
    const id = /Task `([0-9a-f]{8})`/u.exec(body)?.[1] ?? "";
    await second.octocat.comment(second.issue, `/copilot stop ${id}`);
    const stopped = await second.comment("stopped");
    expect(stopped.text).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⏹️ Copilot was stopped: fix

      Stopped by \`octocat\` before Copilot received the prompt.

      Copilot didn't get the request, so nothing was charged. To try again, comment \`/copilot retry TASK\`, or remove and re-add the label.

      "
    `);
  });
});
