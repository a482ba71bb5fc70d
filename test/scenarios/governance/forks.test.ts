import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fork, hello } from "../../../sandbox/github/seed.ts";
import { steady, useWorld } from "../world.ts";
import { answerTo, askedAbout, newIssue, ONE_SESSION } from "./story.ts";
import { ONLY_A_REACTION, promptsIn, silentAnswerTo, withPolicy } from "./story.ts";

const world = useWorld({ people: { maintainer: "maintain" } });

const asked = () => askedAbout(world, hello.repo);

/** A pull request from a branch of the stranger's fork. */
async function pullFromFork(branch: string) {
  const stranger = world.github.as("stranger");
  if (branch !== "patch-1") await stranger.createBranch(fork, branch);
  const title = `From ${branch}`;
  await stranger.commitFile(fork, { path: "README.md", content: `${title}\n`, branch });
  return stranger.openPullRequest(hello, { title, head: `stranger:${branch}` });
}

/** The stranger pushes; the new head commit. */
async function push(branch: string, content: string): Promise<string> {
  await world.github.as("stranger").commitFile(fork, { path: "README.md", content, branch });
  const pushed = world.github.deliveries.findLast(({ action }) => action === "synchronize");
  return z.object({ after: z.string() }).parse(pushed?.payload).after;
}

describe("a pull request from a fork", () => {
  it("is denied by default", async () => {
    const comment = await answerTo(
      world,
      "octocat",
      await pullFromFork("patch-1"),
      "copilot:review",
    );
    expect(steady(comment, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🚫 Copilot didn't start: \`copilot:review\`

      This pull request comes from a fork, and the policy doesn't allow that. Maintainers can change this: \`forks\` in \`.github/copilot-tasks.yml\`.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:review\`
      - Repository \`octo-org/hello\`
      - Reason \`fork\`
      - Task \`UUID8\`

      </details>
      "
    `);
    expect(asked()).toEqual([]);
  });

  it("is worked on from its base, where the policy says so", async () => {
    await withPolicy(world, hello.repo, "forks: base");
    const pull = await pullFromFork("patch-2");
    const comment = await answerTo(world, "writer", pull, "/copilot review");
    expect(comment).toContain("branch `main`");
    const [prompt = ""] = promptsIn(world, hello.repo);
    expect(prompt).toContain('\nBranch: "main"\n');
    expect(prompt).toContain(
      `Its commits are at refs/pull/${pull.number}/head, commit ${pull.head.sha}. To read it, fetch exactly this commit.`,
    );
    expect(asked()).toEqual(ONE_SESSION);

    const needless = await answerTo(world, "maintainer", pull, "/copilot ok");
    expect(needless).toContain(
      "The policy says `forks: base`, so approving a commit changes nothing.",
    );
  });
});

describe("forks: allow-after-ok", () => {
  it("waits for a maintainer's approval of the commit", async () => {
    const before = asked().length;
    await withPolicy(world, hello.repo, "forks: allow-after-ok");
    const pull = await pullFromFork("patch-3");
    const refused = await answerTo(world, "writer", pull, "/copilot review");
    const short = pull.head.sha.slice(0, 7);
    expect(steady(refused, world).replaceAll(short, "COMMIT7")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🚫 Copilot didn't start: review

      This pull request comes from a fork, so each new push needs a maintainer's approval. A maintainer can review commit \`COMMIT7\` and then comment \`/copilot ok\`.

      After that, write your command again in a new comment.

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with \`/copilot review\`
      - Repository \`octo-org/hello\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Reason \`fork_without_ok\`
      - Task \`UUID8\`

      </details>
      "
    `);

    const byWriter = await answerTo(world, "writer", pull, "/copilot ok");
    expect(byWriter).toContain(
      "Only people with maintain or administrator access can let Copilot work on a pull request from a fork.",
    );
    for (const login of ["reader", "stranger"]) {
      const { reactions } = await silentAnswerTo(world, login, pull, "/copilot ok");
      expect(reactions).toEqual(ONLY_A_REACTION.reactions);
    }
    expect(await answerTo(world, "writer", pull, "/copilot review")).toContain("`/copilot ok`");
    expect(asked().slice(before)).toEqual([]);

    const approved = await answerTo(world, "maintainer", pull, "/copilot ok");
    expect(approved).toContain(
      `Copilot may work on commit \`${pull.head.sha.slice(0, 7)}\` of this pull request.`,
    );
    await answerTo(world, "writer", pull, "/copilot review");
    expect(asked().slice(before)).toEqual(ONE_SESSION);
    const prompt = promptsIn(world, hello.repo).at(-1);
    expect(prompt).toContain('\nBranch: "main"\n');
    expect(prompt).toContain(`refs/pull/${pull.number}/head, commit ${pull.head.sha}`);
  });

  it("needs a new approval after a push, of the commit that was pushed", async () => {
    const before = asked().length;
    const pull = await pullFromFork("patch-4");
    await answerTo(world, "writer", pull, "copilot:review");
    await answerTo(world, "maintainer", pull, "/copilot ok");
    const head = await push("patch-4", "Pushed since.\n");
    expect(head).toMatch(/^[0-9a-f]{40}$/u);
    expect(head).not.toBe(pull.head.sha);

    const refused = await answerTo(world, "writer", pull, "/copilot review");
    expect(refused).toContain(
      `A maintainer can review commit \`${head.slice(0, 7)}\` and then comment`,
    );
    const newest = await push("patch-4", "And once more, while the maintainer looks.\n");
    const bare = await answerTo(world, "maintainer", pull, "/copilot ok");
    expect(bare).toContain(
      `The head commit is now \`${newest.slice(0, 7)}\`. Review it, then comment \`/copilot ok ${newest}\`.`,
    );
    const old = await answerTo(world, "maintainer", pull, `/copilot ok ${head}`);
    expect(old).toContain("The head commit is now");
    const short = await answerTo(world, "maintainer", pull, `/copilot ok ${newest.slice(0, 12)}`);
    expect(short).toContain("The head commit is now");
    expect(asked().slice(before)).toEqual([]);

    const named = await answerTo(world, "octocat", pull, `/copilot ok ${newest}`);
    expect(named).toContain(`Copilot may work on commit \`${newest.slice(0, 7)}\``);
    await answerTo(world, "writer", pull, "/copilot review");
    expect(asked().slice(before)).toEqual(ONE_SESSION);
    expect(promptsIn(world, hello.repo).at(-1)).toContain(
      `commit ${newest}. To read it, fetch exactly`,
    );
  });

  it("has nothing to do with other subjects", async () => {
    const word = await answerTo(
      world,
      "maintainer",
      await newIssue(world, hello.repo),
      "/copilot ok",
    );
    expect(word).toContain("Only pull requests from forks need this.");
    const own = await world.github
      .as("octocat")
      .openPullRequest(hello, { title: "Of our own", head: "feature" });
    const before = asked().length;
    await answerTo(world, "writer", own, "copilot:review");
    expect(asked().slice(before)).toEqual(ONE_SESSION);
    expect(promptsIn(world, hello.repo).at(-1)).not.toContain("refs/pull");
  });

  it("is denied again as soon as the policy says so, whatever was allowed before", async () => {
    const before = asked().length;
    const pull = await pullFromFork("patch-5");
    await answerTo(world, "writer", pull, "copilot:review");
    await answerTo(world, "maintainer", pull, "/copilot ok");
    await withPolicy(world, hello.repo, "forks: deny");
    const comment = await answerTo(world, "writer", pull, "/copilot review");
    expect(comment).toContain(
      "This pull request comes from a fork, and the policy doesn't allow that.",
    );
    expect(asked().slice(before)).toEqual([]);
  });
});
