import { describe, expect, test } from "vitest";
import { describePolicy } from "../../../src/core/comment/settings.ts";
import { forKind } from "../../../src/core/policy/policy.ts";
import { merged, policyOf, problemsIn, sourceOf } from "./files.ts";

const GPU = { type: "self-hosted", labels: ["gpu"] };
const CLOUD = { type: "cloud" };

function runsOn(organization: string, repository = "") {
  const policy = policyOf(organization, repository);
  return ["triage", "fix"].map((kind) => forKind(policy.runsOn, kind));
}

describe("where sessions run", () => {
  test.each([
    ["", CLOUD, CLOUD],
    ["runs_on: self-hosted", { ...GPU, labels: [] }, { ...GPU, labels: [] }],
    [
      "runs_on: { fix: self-hosted-if-blocked }",
      CLOUD,
      { type: "self-hosted-if-blocked", labels: [] },
    ],
    ["runs_on: { default: { self-hosted: [gpu] }, fix: cloud }", GPU, CLOUD],
    [
      "runs_on: { fix: { self-hosted-if-blocked: [x64, gpu, x64] } }",
      CLOUD,
      { type: "self-hosted-if-blocked", labels: ["gpu", "x64"] },
    ],
  ])("%s", (file, triage, fix) => {
    expect(runsOn(file)).toEqual([triage, fix]);
    expect(runsOn("", file)).toEqual([triage, fix]);
  });

  test("the repository decides where nothing is enforced", () => {
    const repository = "runs_on: { default: cloud, fix: { self-hosted: [gpu] } }";
    expect(runsOn("runs_on: self-hosted", repository)).toEqual([CLOUD, GPU]);
  });

  test.each([
    ["cloud", "self-hosted", "cloud"],
    ["cloud", "self-hosted-if-blocked", "cloud"],
    ["self-hosted", "cloud", "cloud"],
    ["self-hosted-if-blocked", "cloud", "cloud"],
    ["self-hosted", "self-hosted-if-blocked", "self-hosted-if-blocked"],
    ["self-hosted-if-blocked", "self-hosted", "self-hosted-if-blocked"],
    // A machine must have the labels of both.
    ["{ self-hosted: [gpu] }", "self-hosted", "{ self-hosted: [gpu] }"],
    ["self-hosted", "{ self-hosted: [gpu] }", "{ self-hosted: [gpu] }"],
    ["{ self-hosted: [gpu] }", "{ self-hosted: [x64] }", "{ self-hosted: [gpu, x64] }"],
    [
      "{ self-hosted: [gpu] }",
      "{ self-hosted-if-blocked: [x64] }",
      "{ self-hosted-if-blocked: [gpu, x64] }",
    ],
    ["{ self-hosted: [gpu] }", "cloud", "cloud"],
  ])("enforced: the organization's %s and the repository's %s are %s", (one, other, both) => {
    const [expected] = runsOn(`runs_on: { default: ${both} }`);
    const organization = `enforced: [runs_on]\nruns_on: { default: ${one} }`;
    expect(runsOn(organization, `runs_on: { default: ${other} }`)).toEqual([expected, expected]);
  });

  test("enforced, but not set: a repository's file can't leave the cloud", () => {
    const repository = "runs_on: { fix: { self-hosted: [gpu] } }";
    expect(runsOn("enforced: [runs_on]", repository)).toEqual([CLOUD, CLOUD]);
    expect(sourceOf("runs_on.fix", "enforced: [runs_on]", repository)).toBe(
      "built in, enforced, not { self-hosted: [gpu] }",
    );
  });

  test("is seen in /copilot config", () => {
    const organization = "runs_on: self-hosted\negress: [example.com]\nenforced: [egress]";
    const { policy, sources } = merged(
      organization,
      "runs_on: { fix: { self-hosted: [x64, gpu] } }\npush: { fix: branch }\nshare: never\negress: [example.org]",
    );
    const versions = { repository: null, organization: null, organizationVisible: true };
    const [changed] = describePolicy(policy, sources, versions).split("<details>");
    expect(changed).toMatchInlineSnapshot(`
      "5 settings differ from the defaults:

      - \`runs_on.default\`: \`self-hosted\` (organization)
      - \`runs_on.fix\`: \`{ self-hosted: [gpu, x64] }\` (repository)
      - \`share.default\`: \`never\` (repository)
      - \`push.fix\`: \`branch\` (repository)
      - \`egress\`: none (organization and repository, enforced)

      "
    `);
  });
});

/** Of `share` for fixes, and of `push` for fixes and for triage. */
function values(organization: string, repository: string) {
  const { share, push } = policyOf(`enforced: [share, push]\n${organization}`, repository);
  return [forKind(share, "fix"), forKind(push, "fix"), forKind(push, "triage")];
}

describe("sharing and pushing", () => {
  test.each([
    ["", "always always", "never pull-request"],
    ["share: never\npush: branch", "never never", "branch branch"],
    [
      "share: { fix: on-demand }\npush: { triage: branch }",
      "always on-demand",
      "branch pull-request",
    ],
    ["push: { default: never }", "always always", "never never"],
    ["push: { fix: never }", "always always", "never never"],
  ])("%j: %s, %s", (file, share, push) => {
    const policy = policyOf(file);
    const kinds = ["triage", "fix"];
    expect(kinds.map((kind) => forKind(policy.share, kind)).join(" ")).toBe(share);
    expect(kinds.map((kind) => forKind(policy.push, kind)).join(" ")).toBe(push);
  });

  test("enforced, a repository's file can only do less", () => {
    const all = "share: { fix: always }\npush: { fix: pull-request, triage: pull-request }";
    const some = "share: { fix: on-demand }\npush: { fix: branch }";
    const none = "share: { fix: never }\npush: { fix: never }";
    expect(values("", all)).toEqual(["always", "pull-request", "never"]);
    expect(values(some, all)).toEqual(["on-demand", "branch", "never"]);
    expect(values(some, none)).toEqual(["never", "never", "never"]);
    expect(values(none, some)).toEqual(["never", "never", "never"]);
  });
});

function enforced(organization: string, repository: string) {
  return policyOf(`enforced: [egress]\negress: ${organization}`, `egress: ${repository}`).egress;
}

describe("hosts that sessions reach", () => {
  test("the repository's list replaces the organization's", () => {
    expect(policyOf("egress: [a.example.com]", "egress: [b.example.com]").egress).toEqual([
      "b.example.com",
    ]);
    expect(policyOf("egress: [b.example.com, a.example.com, b.example.com]").egress).toEqual([
      "a.example.com",
      "b.example.com",
    ]);
  });

  test.each([
    ["[a.example.com, b.example.com]", "[b.example.com, c.example.com]", "b.example.com"],
    ['["*.example.com"]', "[a.example.com, example.com]", "a.example.com"],
    ["[a.example.com, example.com]", '["*.example.com"]', "a.example.com"],
    ['["*.example.com"]', '["*.a.example.com", "*.example.org"]', "*.a.example.com"],
    ["[a.example.com]", "[]", ""],
    ["[]", "[a.example.com]", ""],
    ["[notexample.com]", '["*.example.com"]', ""],
  ])("enforced: of %s and %s, what both stand for", (organization, repository, both) => {
    expect(enforced(organization, repository).join(" ")).toBe(both);
  });

  test("enforced, but not set: none", () => {
    expect(policyOf("enforced: [egress]", "egress: [example.com]").egress).toEqual([]);
  });

  test("the same hosts in another order are the same", () => {
    const organization = "enforced: [egress]\negress: [a.example.com, b.example.com]";
    expect(sourceOf("egress", organization, "egress: [b.example.com, a.example.com]")).toBe(
      "organization, enforced",
    );
  });
});

function checkout(organization: string, repository = ""): string {
  return policyOf(organization, repository).checkout.join(" ");
}

describe("what is checked out", () => {
  test("is nothing else by default, and the repository decides where nothing is enforced", () => {
    expect(checkout("")).toBe("");
    expect(checkout("checkout: [lfs]")).toBe("lfs");
    expect(checkout("checkout: [lfs]", "checkout: []")).toBe("");
    expect(checkout("", "checkout: [lfs, lfs]")).toBe("lfs");
  });

  test.each([
    ["[lfs]", "[lfs]", "lfs"],
    ["[submodules, lfs]", "[lfs, submodules]", "lfs submodules"],
    ["[submodules, lfs]", "[submodules]", "submodules"],
    ["[lfs]", "[]", ""],
    ["[]", "[lfs]", ""],
  ])("enforced: of %s and %s, what both say", (organization, repository, both) => {
    const file = `enforced: [checkout]\ncheckout: ${organization}`;
    expect(checkout(file, `checkout: ${repository}`)).toBe(both);
  });

  test("enforced, but not set: nothing else", () => {
    expect(checkout("enforced: [checkout]", "checkout: [lfs]")).toBe("");
  });
});

test("mistakes are named, with their place", () => {
  const files = [
    "runs_on: here",
    "runs_on: { fix: here }",
    "runs_on: { self-hosted: [gpu] }",
    "runs_on: { fix: { self-hosted: gpu } }",
    "runs_on: { fix: { self-hosted: [] } }",
    "runs_on: { fix: { self-hosted: [GPU, '-x'] } }",
    "runs_on: { fix: { self-hosted: [a, b, c, d, e, f, g, h, i, j, k] } }",
    "runs_on: { fix: { self-hosted: [gpu], self-hosted-if-blocked: [gpu] } }",
    "runs_on: { fix: {} }",
    "runs_on: { fix: { selfhosted: [gpu] } }",
    "runs_on: [self-hosted]",
    "share: no",
    "share: { fix: sometimes }",
    "push: true",
    "push: { fix: main }",
    "egress: example.com",
    "checkout: lfs",
    "checkout: [LFS, submodule]",
    "egress: ['https://example.com', 10.0.0.1, '*', 'example.com:443', localhost, Example.com]",
  ];
  const problems = files.map((file) => [file].concat(problemsIn(file)).join("\n  "));
  expect(problems.join("\n")).toMatchInlineSnapshot(`
    "runs_on: here
      1:10 \`runs_on\` must be \`cloud\`, \`self-hosted\`, \`self-hosted-if-blocked\`, or a mapping of kinds (or \`default\`) to one of them
    runs_on: { fix: here }
      1:17 \`runs_on.fix\` must be \`cloud\`, \`self-hosted\`, \`self-hosted-if-blocked\`, or one of the last two with labels, like \`{ self-hosted: [gpu] }\`
    runs_on: { self-hosted: [gpu] }
      1:12 \`self-hosted\` needs a kind above it: for all kinds, write it under \`default\`
    runs_on: { fix: { self-hosted: gpu } }
      1:32 \`runs_on.fix.self-hosted\` must be a list of labels, like \`[gpu]\`
    runs_on: { fix: { self-hosted: [] } }
      1:32 \`runs_on.fix.self-hosted\` must have an entry; without labels, write the word alone
    runs_on: { fix: { self-hosted: [GPU, '-x'] } }
      1:33 entry 1 of \`runs_on.fix.self-hosted\` must be a label: 1 to 63 lowercase letters, digits, and \`._-\`, starting with a letter or digit
      1:38 entry 2 of \`runs_on.fix.self-hosted\` must be a label: 1 to 63 lowercase letters, digits, and \`._-\`, starting with a letter or digit
    runs_on: { fix: { self-hosted: [a, b, c, d, e, f, g, h, i, j, k] } }
      1:32 \`runs_on.fix.self-hosted\` must have at most 10 entries
    runs_on: { fix: { self-hosted: [gpu], self-hosted-if-blocked: [gpu] } }
      1:17 \`runs_on.fix\` must be \`cloud\`, \`self-hosted\`, \`self-hosted-if-blocked\`, or one of the last two with labels, like \`{ self-hosted: [gpu] }\`
    runs_on: { fix: {} }
      1:17 \`runs_on.fix\` must be \`cloud\`, \`self-hosted\`, \`self-hosted-if-blocked\`, or one of the last two with labels, like \`{ self-hosted: [gpu] }\`
    runs_on: { fix: { selfhosted: [gpu] } }
      1:19 unknown key \`selfhosted\`: did you mean \`self-hosted\`?
    runs_on: [self-hosted]
      1:10 \`runs_on\` must be \`cloud\`, \`self-hosted\`, \`self-hosted-if-blocked\`, or a mapping of kinds (or \`default\`) to one of them
    share: no
      1:8 \`share\` must be \`always\`, \`on-demand\`, \`never\`, or a mapping of kinds (or \`default\`) to one of them
    share: { fix: sometimes }
      1:15 \`share.fix\` must be one of \`always\`, \`on-demand\`, \`never\`
    push: true
      1:7 \`push\` must be \`pull-request\`, \`branch\`, \`never\`, or a mapping of kinds (or \`default\`) to one of them; \`true\` without quotes is a boolean
    push: { fix: main }
      1:14 \`push.fix\` must be one of \`pull-request\`, \`branch\`, \`never\`
    egress: example.com
      1:9 \`egress\` must be a list of host names, like \`example.com\`
    checkout: lfs
      1:11 \`checkout\` must be a list of parts, like \`[lfs]\`
    checkout: [LFS, submodule]
      1:12 entry 1 of \`checkout\` must be one of \`lfs\`, \`submodules\`
      1:17 entry 2 of \`checkout\` must be one of \`lfs\`, \`submodules\`
    egress: ['https://example.com', 10.0.0.1, '*', 'example.com:443', localhost, Example.com]
      1:10 entry 1 of \`egress\` must be a host name in lowercase, like \`example.com\`, or \`*.example.com\` for all names below it
      1:33 entry 2 of \`egress\` must be a host name in lowercase, like \`example.com\`, or \`*.example.com\` for all names below it
      1:43 entry 3 of \`egress\` must be a host name in lowercase, like \`example.com\`, or \`*.example.com\` for all names below it
      1:48 entry 4 of \`egress\` must be a host name in lowercase, like \`example.com\`, or \`*.example.com\` for all names below it
      1:67 entry 5 of \`egress\` must be a host name in lowercase, like \`example.com\`, or \`*.example.com\` for all names below it
      1:78 entry 6 of \`egress\` must be a host name in lowercase, like \`example.com\`, or \`*.example.com\` for all names below it"
  `);
});
