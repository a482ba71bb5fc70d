import { describe, expect, it } from "vitest";
import { organization } from "../../sandbox/github/seed.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { samplesIn } from "../metrics/samples.ts";
import { APPROVE, bash, steadyHosted, useOwnMachine } from "./own-machines.ts";
import { botComments, isNotice } from "./world.ts";

const POLICY = `
runs_on: { default: self-hosted }
limits: { requester: { hour: null } }
checkout: [lfs, submodules]
`;

const own = { owner: organization, repo: "own" };

const world = useOwnMachine([{ name: own.repo }, { name: "lib", private: true }], {
  variables: { METRICS_PORT: "0" },
});

/** A comment without what differs from run to run, and from family to family. */
function plain(comment: string): string {
  // Only a newer runtime names it.
  return steadyHosted(comment.replace("- shellType: `bash`\n", ""), world);
}

const isAsking = (body: string) => body.includes("/copilot approve") && !isNotice(body);
const isPull = (method: string, path: string) => method === "POST" && path.endsWith("/pulls");

describe.skipIf(!hasBubblewrap)("a task on an own machine", () => {
  it("is worked on there, asks in the thread, and ends in a draft pull request", async () => {
    const library = { owner: organization, repo: "lib" };
    const submodule = await world.github.git.commit(library, { files: { "lib.ts": "library" } });
    await world.github.git.commit(own, {
      files: {
        lib: { submodule },
        ".gitmodules": '[submodule "lib"]\n\tpath = lib\n\turl = ../lib.git\n',
        "README.md": "Helo\n",
        ".github/copilot-tasks.yml": POLICY,
        ".gitattributes": "*.png filter=lfs -text\n",
        "logo.png": world.github.git.storeInLfs(own, "a picture"),
      },
      message: "Say hello",
    });
    world.missionControl.play({
      prompt: "A typo in the README",
      turns: [
        { calls: [bash("sed -i s/Helo/Hello/ README.md && git commit -qam 'Fix the typo'")] },
        { says: "I've fixed the typo." },
      ],
    });
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(own, { title: "A typo in the README" });
    await octocat.label(issue, "copilot:fix");
    const [asking = ""] = await botComments(world, { ...own, number: issue.number }, isAsking);
    expect(plain(asking)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ✋ Copilot needs your approval: fix

      > [!IMPORTANT]
      > Copilot wants to run this command:

      \`sed -i s/Helo/Hello/ README.md && git commit -qam 'Fix the typo'\`

      - Copilot's reason: \`work\`

      Reply with **\`/copilot approve TASK\`** or **\`/copilot deny TASK\`**.

      Started less than a minute ago · [Open session](https://github.com/octo-org/own/tasks/UUID)

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:fix\`
      - Repository \`octo-org/own\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/own/commit/COMMIT)
      - Runs on the administrator's machine \`MACHINE\`, isolated
      - Network besides Copilot: none
      - On GitHub, only the bot's account can open it
      - Commands: \`/copilot send TASK …\`, \`/copilot stop TASK\`, \`/copilot status TASK\`, \`/copilot unshare TASK\`
      - Task \`UUID8\`

      </details>
      "
    `);
    const [, command = ""] = APPROVE.exec(asking) ?? [];
    await octocat.comment(issue, command);
    await world.github.until(
      () => world.github.requests.some(({ method, path }) => isPull(method, path)),
      60_000,
    );
    const opened = world.github.requests.find(({ method, path }) => isPull(method, path))?.body;
    expect(plain(JSON.stringify(opened, null, 2).replaceAll("\\n", "\n"))).toMatchInlineSnapshot(`
      "{
        "head": "copilot/fix-1-TASK",
        "base": "main",
        "title": "Fix #1: A typo in the README",
        "body": "Fixes #1

      [octocat](https://GITHUB/octocat) asked for this in [issue #1](https://GITHUB/octo-org/own/issues/1) with the task \`fix\`. Copilot wrote these commits in a session on the bot administrator's own machine. Review them before you mark this pull request as ready.

      [Open session](https://github.com/octo-org/own/tasks/UUID)

      <details><summary>What Copilot said</summary>

      > I've fixed the typo.

      </details>

      Task \`UUID\`",
        "draft": true
      }"
    `);
    const inLfs = world.github.requests.filter(({ path }) => path.includes("/lfs/"));
    expect(inLfs.map(({ by, method, status }) => `${by} ${method} ${status}`)).toEqual([
      `${world.github.botLogin} POST 200`,
      "anonymous GET 200",
    ]);
    const fetched = world.github.requests.filter(({ path }) => path.includes("/lib.git/"));
    expect(new Set(fetched.map(({ by, status }) => `${by} ${status}`))).toEqual(
      new Set([`${world.github.botLogin} 200`]),
    );
    const branches = world.github.git.branches(own);
    const branch = Object.keys(branches).find((name) => name.startsWith("copilot/")) ?? "";
    expect(branch).toMatch(new RegExp(`^copilot/fix-${issue.number}-[0-9a-f]{8}$`, "u"));
    expect(world.github.git.files(own, branch)["README.md"]).toBe("Hello\n");
    expect(world.github.git.commits(own, branch).map(({ message }) => message.trim())).toEqual([
      "Fix the typo",
      "Say hello",
      "Initial commit",
    ]);
    const [done = ""] = await botComments(world, { ...own, number: issue.number }, (body) =>
      body.includes("/pull/"),
    );
    expect(plain(done)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 💤 Copilot is idle: fix

      **Pull request:** [#2](https://GITHUB/octo-org/own/pull/2) (draft) · Ran for less than a minute · [Open session](https://github.com/octo-org/own/tasks/UUID)

      \`octocat\` approved Copilot's request.

      > I've fixed the typo.

      To continue, comment \`/copilot send TASK …\`.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:fix\`
      - Repository \`octo-org/own\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/own/commit/COMMIT)
      - Runs on the administrator's machine \`MACHINE\`, isolated
      - Network besides Copilot: none
      - On GitHub, only the bot's account can open it
      - Used 2 model requests, 200 input tokens, 20 output tokens
      - Commits pushed to [\`copilot/fix-1-TASK\`](https://GITHUB/octo-org/own/tree/copilot/fix-1-TASK)
      - Commands: \`/copilot send TASK …\`, \`/copilot stop TASK\`, \`/copilot status TASK\`, \`/copilot unshare TASK\`
      - Task \`UUID8\`

      </details>
      "
    `);
    expect(world.log.filter((line) => /"level":(?:40|50)/u.test(line))).toEqual([]);

    const metrics = await fetch(`${world.app.metricsUrl ?? ""}/metrics`);
    const samples = samplesIn(await metrics.text());
    expect([...samples].map(([name, value]) => `${name} ${value}`)).toEqual(
      expect.arrayContaining(
        [
          'machines{state="there"} 1',
          "machine_places 2",
          "machine_places_taken 1",
          'machine_waiting_sessions{reason="room"} 0',
          "machine_unreached_sessions 0",
          "machine_wait_seconds_count 1",
          "machine_start_seconds_count 1",
          'machine_pushes_total{result="pushed",reason="none"} 1',
        ].map((line) => `copilot_task_bot_${line}`),
      ),
    );
  });
});
