import { expect, test } from "vitest";
import { taskWith } from "../core/task.ts";
import { installation, installationToken, reaction } from "./answers.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const INSTALLATION = "GET /repos/octo-org/hello/installation";
const REACTIONS = "POST /repos/octo-org/hello/issues/7/reactions";
const named = taskWith({ place: { installationId: 31 } });
const unnamed = taskWith({ place: { installationId: null } });

function tokenOf(installationId: number): `POST /${string}` {
  return `POST /app/installations/${installationId}/access_tokens`;
}

/** What the App says of itself in a request. */
function issuerOf(authorization: string | null | undefined): unknown {
  const [, claims = ""] = authorization?.split(".") ?? [];
  return JSON.parse(Buffer.from(claims, "base64url").toString())["iss"];
}

test("the installation that the webhook named is used, with one token for all requests", async () => {
  const connection = await github.connect();
  github.answers(tokenOf(31), installationToken("ghs_of_31"));
  github.answers(REACTIONS, reaction("eyes"));
  github.answers(REACTIONS, reaction("eyes"), { status: 200 });

  await connection.react(named, "eyes");
  await connection.react(named, "eyes");
  const [asApp, ...asInstallation] = github.received.map(({ authorization }) => authorization);
  expect(asApp).toMatch(/^bearer \S+\.\S+\.\S+$/u);
  expect(issuerOf(asApp)).toBe(4711);
  expect(asInstallation).toEqual(["token ghs_of_31", "token ghs_of_31"]);
});

test("without one, it's looked up, and only once", async () => {
  const connection = await github.connect();
  github.answers(INSTALLATION, installation(32));
  github.answers(tokenOf(32), installationToken("ghs_of_32"));
  github.answers(REACTIONS, reaction("eyes"));
  github.answers(REACTIONS, reaction("eyes"), { status: 200 });

  await connection.react(unnamed, "eyes");
  await connection.react(unnamed, "eyes");
  expect(issuerOf(github.received[0]?.authorization)).toBe(4711);
  expect(github.received.map(({ path }) => path)).toHaveLength(4);
});

test("each installation has a token of its own", async () => {
  const connection = await github.connect();
  for (const id of [31, 33]) {
    github.answers(tokenOf(id), installationToken(`ghs_of_${id}`));
    github.answers(REACTIONS, reaction("eyes"));
    await connection.react(taskWith({ place: { installationId: id } }), "eyes");
    expect(github.received.at(-1)?.authorization).toBe(`token ghs_of_${id}`);
  }
});

test("a repository without the App is gone, until somebody installs it", async () => {
  const connection = await github.connect();
  github.refuses(INSTALLATION, 404);
  const refused: unknown = await connection.react(unnamed, "eyes").catch((error: unknown) => error);
  expect(connection.troubleOf(refused)).toMatchObject({ type: "gone" });

  github.answers(INSTALLATION, installation(34));
  github.answers(tokenOf(34), installationToken("ghs_of_34"));
  github.answers(REACTIONS, reaction("eyes"));
  await connection.react(unnamed, "eyes");
});

test("an installation that was removed is gone", async () => {
  const connection = await github.connect();
  github.refuses(tokenOf(31), 404);

  const refused: unknown = await connection.react(named, "eyes").catch((error: unknown) => error);
  expect(connection.troubleOf(refused)).toMatchObject({ type: "gone" });
});

test("an installation that was suspended", async () => {
  const connection = await github.connect();
  github.refuses(tokenOf(31), 403, { message: "This installation has been suspended" });

  const refused: unknown = await connection.react(named, "eyes").catch((error: unknown) => error);
  expect(connection.troubleOf(refused)).toMatchObject({ type: "suspended" });
});
