import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { BATCH, oidOf, useLfsWorld } from "./lfs-world.ts";

const world = useLfsWorld();

/** What a hostile answer of an object's storage, or of whoever stands between, is, and what comes of it. */
const ANSWERS = [
  {
    id: "b001",
    answers: "another port of the machine",
    href: () => `http://127.0.0.1:${world.trap.port}/x`,
    says: "127.0.0.1 isn't a public address",
  },
  {
    id: "b002",
    answers: "a name of the machine",
    href: () => `http://localhost:${world.trap.port}/x`,
    says: "localhost isn't a public address",
  },
  {
    id: "b003",
    answers: "an IPv6 address of the machine",
    href: () => `http://[::1]:${world.trap.port}/x`,
    says: "[::1] isn't a public address",
  },
  {
    id: "b004",
    answers: "the cloud's metadata",
    href: () => "http://169.254.169.254/latest/meta-data",
    says: "169.254.169.254 isn't a public address",
  },
  {
    id: "b005",
    answers: "an address written as a number",
    href: () => "http://2852039166/",
    says: "169.254.169.254 isn't a public address",
  },
  {
    id: "b006",
    answers: "a private network",
    href: () => "https://10.0.0.1/x",
    says: "10.0.0.1 isn't a public address",
  },
  {
    id: "b007",
    answers: "a file",
    href: () => "file:///etc/passwd",
    says: "is at an address that isn't followed",
  },
  {
    id: "b008",
    answers: "an address with a password",
    href: () => `http://a:b@${world.github.host}/x`,
    says: "is at an address that isn't followed",
  },
  {
    id: "b009",
    answers: "no address",
    href: () => "//nowhere",
    says: "is at an address that isn't followed",
  },
] as const;

/** An object that isn't downloaded yet, and what comes of it. */
async function failing(id: string) {
  const content = `content ${id}`;
  const request = await world.request(id, {
    "one.bin": world.github.git.storeInLfs(hello, content),
  });
  return {
    oid: oidOf(content),
    size: content.length,
    error: async () => world.workspaces.create(request).then(() => "created", String),
  };
}

describe.skipIf(!hasBubblewrap)("an object of Git LFS", () => {
  test.for(ANSWERS)("isn't looked for at $answers", async ({ id, href, says }) => {
    const { oid, size, error } = await failing(id);
    const body = { objects: [{ oid, size, actions: { download: { href: href() } } }] };
    world.github.failNext({ method: "POST", path: BATCH }, { status: 200, body });
    expect(await error()).toContain(says);
    expect(world.trap.connections()).toBe(0);
  });

  test.for([
    { id: "c001", what: "another content", answer: { status: 200, body: "x".repeat(10) } },
    { id: "c003", what: "more", answer: { status: 200, body: "x".repeat(1000) } },
    { id: "c004", what: "less", answer: { status: 200, body: "" } },
  ])("isn't taken with $what", async ({ id, answer }) => {
    const { oid, error } = await failing(id);
    world.github.failNext({ method: "GET", path: /^\/storage\/lfs/u }, answer);
    expect(await error()).toBe(`Error: The object ${oid} of Git LFS isn't what its pointer says`);
    expect(readdirSync(world.objects)).not.toContain(oid);
  });

  test("isn't followed where a redirect leads", async () => {
    const { error } = await failing("c005");
    const headers = { location: `http://127.0.0.1:${world.trap.port}/x` };
    world.github.failNext({ method: "GET", path: /^\/storage\/lfs/u }, { status: 302, headers });
    expect(await error()).toContain("its download answered 302");
    const again = await failing("c006");
    world.github.failNext({ method: "POST", path: BATCH }, { status: 307, headers });
    expect(await again.error()).toContain("Git LFS answered 307");
    expect(world.trap.connections()).toBe(0);
  });

  test.for([
    {
      id: "d001",
      answer: { status: 403, body: { message: "over its data quota" } },
      says: 'Git LFS answered 403: {"message":"over its data quota"}',
    },
    { id: "d002", answer: { status: 200, body: "<html>" }, says: 'Git LFS answered 200: "<html>"' },
    {
      id: "d003",
      answer: { status: 200, body: "x".repeat(2 ** 21) },
      says: "A response of more than 1048576 bytes",
    },
  ])("isn't there when GitHub says $says", async ({ id, answer, says }) => {
    const { error } = await failing(id);
    world.github.failNext({ method: "POST", path: BATCH }, answer);
    expect(await error()).toBe(`Error: ${says}`);
  });
});
