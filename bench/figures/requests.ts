import type { Figure } from "../figure.ts";
import { plain } from "../measurement.ts";
import type { Program } from "../program.ts";
import type { Place, World } from "../world.ts";
import { comment, labelAll, openIssues, openPullRequest, startWorld } from "../world.ts";

const COMMENTS = 25;
const READS = { type: "at most", value: 4 } as const;
const WRITES = { type: "at most", value: 2 } as const;

/** What the bot asks of GitHub for a task, up to the link. */
export const requests: Figure = {
  name: "requests a task",
  async measure({ directory }) {
    const world = await startWorld(directory, "requests");
    const bot = await world.startBot("bot");
    const [first, issue, discussed] = await openIssues(world, 3);
    const pull = await openPullRequest(world);
    if (first === undefined || issue === undefined || discussed === undefined) return [];
    await comment(world, discussed, COMMENTS);
    // The first task asks for the installation's token, which holds for an hour.
    await labelAll(world, bot, [first]);
    const cases = [
      ["an issue", issue],
      [`an issue with ${COMMENTS} comments`, discussed],
      ["a pull request", pull],
    ] as const;
    const rows = [];
    for (const [what, place] of cases) {
      const asked = await requestsFor(world, bot, place);
      const note = asked.map(({ name }) => name).join(", ");
      const count = (kind: string) => [asked.filter((request) => request.kind === kind).length];
      const figure = `requests a task: ${what}`;
      rows.push(plain({ figure, unit: "reads", target: READS, note }, count("read")));
      rows.push(plain({ figure, unit: "writes", target: WRITES }, count("write")));
    }
    await bot.stop();
    await world.close();
    return rows;
  },
};

async function requestsFor(world: World, bot: Program, place: Place) {
  const { github } = world;
  const before = github.requests.length;
  await labelAll(world, bot, [place]);
  // The reaction does not hold the task up, and may come after the link.
  await github.until(() =>
    github.requests.slice(before).some(({ path }) => path.endsWith("/reactions")),
  );
  return github.requests
    .slice(before)
    .filter(({ by }) => by === github.botLogin)
    .map(({ method, path }) => {
      // A query of GraphQL is a POST that reads.
      const kind = method === "GET" || path.endsWith("/graphql") ? "read" : "write";
      return { kind, name: `${method} ${path.replace(/^\/repos\/[^/]+\/[^/]+/u, "…")}` };
    });
}
