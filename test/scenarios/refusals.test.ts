import { describe, expect, it } from "vitest";
import type { Behaviour } from "../../sandbox/mission-control/behaviour.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, steady, useWorld } from "./world.ts";

const world = useWorld();

/** Labels a new issue under a behaviour of Mission Control; the bot's comments and the creations. */
async function labelled(behaviour: Behaviour, times = 1) {
  for (let time = 0; time < times; time += 1) world.missionControl.behaveOnce(behaviour);
  const before = asked(world).length;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  const comments = await botComments(world, issue);
  const requests = asked(world).slice(before);
  return { comments: comments.map((comment) => steady(comment, world)), requests };
}

const refusal = (status: number, body: NonNullable<Behaviour["create"]>["body"]): Behaviour => ({
  create: { status, body },
});

describe("a policy", () => {
  it("is named, with who can change it and where, and never tried again", async () => {
    const { comments, requests } = await labelled(
      refusal(403, { message: "blocked by org policy", reason: "policy_blocked" }),
    );
    expect(comments).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### Copilot task: triage – failed: \`policy_blocked\`

      A policy of the organisation or enterprise does not allow this Copilot session.

      An owner of the organisation can change it in the [Copilot policies of octo-org](https://GITHUB/organizations/octo-org/settings/copilot/policies); where the enterprise decides, an owner of the enterprise can. Trying again changes nothing until then.

      No session was created. To ask again, take the label \`copilot:triage\` off and set it again.

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      ",
      ]
    `);
    expect(requests).toEqual(["POST /agents/tasks"]);
  });

  it.each([
    ["in the text alone", refusal(403, { message: "blocked by org policy" })],
    ["as a code in JSON", refusal(403, { error: { code: "policy_blocked", message: "no" } })],
  ])("is recognised %s", async (_name, behaviour) => {
    const { comments, requests } = await labelled(behaviour);
    expect(comments).toEqual([expect.stringContaining("failed: `policy_blocked`")]);
    expect(requests).toEqual(["POST /agents/tasks"]);
  });
});

describe("a refusal is named and not repeated", () => {
  it.each([
    ["bad_credentials", refusal(401, { message: "Bad credentials" })],
    ["not_entitled", refusal(403, { message: "User is not entitled to Copilot" })],
    ["repository_not_found", refusal(404, { message: "Not Found" })],
    ["mission_control_unreachable", refusal(503, "<html><body>Unavailable</body></html>")],
    ["mission_control_unreachable", { create: { fault: "drop connection" } }],
    ["mission_control_unreachable", refusal(200, "this is not JSON")],
  ] as const)("%s", async (code, behaviour) => {
    const { comments, requests } = await labelled(behaviour);
    expect(comments).toEqual([expect.stringContaining(`failed: \`${code}\``)]);
    expect(requests).toEqual(["POST /agents/tasks"]);
  });

  it("unknown, with the answer cut and made harmless", async () => {
    const message = `boom \`quoted\` @octocat <img src=x>\n\u001b[31m${"x".repeat(500)}`;
    const { comments, requests } = await labelled(refusal(500, { message }));
    expect(comments).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### Copilot task: triage – failed: \`unknown\`

      The session could not be created, for a reason that the bot does not know.

      The administrator of the bot finds more in its log.

      A session may exist: look for it in [Mission Control](https://github.com/copilot/agents) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.

      The answer was: \`\` boom \`quoted\` @octocat <img src=x> xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… \`\`

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      ",
      ]
    `);
    expect(requests).toEqual(["POST /agents/tasks"]);
  });

  it("a refusal that GitHub knows nothing of stays unknown", async () => {
    const { comments } = await labelled({ create: { status: 403 } });
    expect(comments).toEqual([expect.stringContaining("failed: `unknown`")]);
  });

  it("a refusal without a word is explained by what GitHub says of the token", async () => {
    world.missionControl.behaveOnce({ create: { status: 403 } });
    const unauthorised = { status: 401, body: { message: "Bad credentials" } };
    world.github.failNext({ method: "GET", path: "/user" }, unauthorised);
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
    await octocat.label(issue, "copilot:triage");
    const [comment = ""] = await botComments(world, issue);
    expect(comment).toContain("failed: `bad_credentials`");
  });
});

describe("a passing refusal", () => {
  it("is tried again, and the comment tells only how it ended", async () => {
    const limited = refusal(429, { message: "rate limited" });
    const { comments, requests } = await labelled(limited, 2);
    expect(comments).toEqual([expect.stringContaining("Follow the session in Mission Control")]);
    expect(requests).toEqual([
      "POST /agents/tasks",
      "POST /agents/tasks",
      "POST /agents/tasks",
      "POST /agents/tasks/UUID/steer",
    ]);
  });

  it("is given up after three retries", async () => {
    const { comments, requests } = await labelled(refusal(429, { message: "rate limited" }), 4);
    expect(comments).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### Copilot task: triage – failed: \`rate_limited\`

      Too many sessions were started in a short time.

      Nobody needs to change anything: wait a few minutes.

      No session was created. To ask again, take the label \`copilot:triage\` off and set it again.

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      ",
      ]
    `);
    expect(requests).toHaveLength(4);
  });
});

describe("an answer that is lost after the session was created", () => {
  it("is not repeated: a session may exist", async () => {
    const { comments, requests } = await labelled({ create: { fault: "lose answer" } });
    expect(comments).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### Copilot task: triage – failed: \`mission_control_unreachable\`

      Mission Control did not answer as it should.

      [GitHub's status page](https://www.githubstatus.com) tells of outages; the administrator of the bot can check its network and \`COPILOT_MC_BASE_URL\`.

      A session may exist: look for it in [Mission Control](https://github.com/copilot/agents) before you ask for another one. To ask again, take the label \`copilot:triage\` off and set it again.

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      ",
      ]
    `);
    expect(requests).toEqual(["POST /agents/tasks"]);
  });
});

describe("polling that fails for a while", () => {
  it("is survived", async () => {
    const { comments } = await labelled({ eventsFailures: 1 });
    expect(comments).toEqual([expect.stringContaining("Follow the session in Mission Control")]);
  });
});
