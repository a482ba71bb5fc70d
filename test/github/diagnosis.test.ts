import { expect, test } from "vitest";
import { diagnose } from "../../src/github/diagnosis.ts";
import { authenticatedUser, repository } from "./answers.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const request = { token: "ghu_of_the_account", owner: "octo-org", repository: "hello" };
const BASE_URL = "https://api.github.com";

test("a token that GitHub doesn't accept: no more requests are made", async () => {
  github.refuses("GET /user", 401, { message: "Bad credentials" });

  expect(await diagnose(request, BASE_URL)).toEqual({
    code: "bad_credentials",
    nothingCreated: true,
  });
});

test("a repository that the account can't see", async () => {
  github.answers("GET /user", authenticatedUser());
  github.refuses("GET /repos/octo-org/hello", 404, { message: "Not Found" });

  expect(await diagnose(request, BASE_URL)).toEqual({
    code: "repository_not_found",
    nothingCreated: true,
  });
});

test("nothing that GitHub would report, and both requests had the account's token", async () => {
  github.answers("GET /user", authenticatedUser());
  github.answers("GET /repos/octo-org/hello", repository({}));

  expect(await diagnose(request, BASE_URL)).toBeNull();
  expect(github.received).toMatchObject([
    { path: "/user", authorization: `token ${request.token}` },
    { path: "/repos/octo-org/hello", authorization: `token ${request.token}` },
  ]);
});

test("a token that can't look up its account may also not see the repository", async () => {
  github.refuses("GET /user", 403, { message: "Resource not accessible" });
  github.refuses("GET /repos/octo-org/hello", 404, { message: "Not Found" });

  expect(await diagnose(request, BASE_URL)).toEqual({
    code: "repository_not_found",
    nothingCreated: true,
  });
});

test("without an answer there's nothing to report", async () => {
  github.breaks("GET /user");
  github.breaks("GET /repos/octo-org/hello");

  expect(await diagnose(request, BASE_URL)).toBeNull();
});

test.each([
  [
    "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.",
    { code: "sso_required" },
  ],
  [
    "Although you appear to have the correct authorization credentials, the `octo-org` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
    { code: "ip_not_allowed" },
  ],
  [
    "Resource not accessible by personal access token",
    { code: "bad_credentials", cause: "permission" },
  ],
])("a repository that is kept from the token: %s", async (message, diagnosis) => {
  github.answers("GET /user", authenticatedUser());
  github.refuses("GET /repos/octo-org/hello", 403, { message });

  expect(await diagnose(request, BASE_URL)).toEqual({ ...diagnosis, nothingCreated: true });
});

test("a repository that is kept from the token, in a header alone", async () => {
  github.answers("GET /user", authenticatedUser());
  const headers = { "x-github-sso": "required; url=https://github.com/orgs/octo-org/sso" };
  github.refuses("GET /repos/octo-org/hello", 403, { message: "Forbidden", headers });

  expect(await diagnose(request, BASE_URL)).toEqual({ code: "sso_required", nothingCreated: true });
});
