import nock from "nock";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { hostsOf } from "../../src/core/github/hosts.ts";
import { createAuthorization } from "../../src/identity/authorization.ts";

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

const CALLBACK = "https://bot.example.com/oauth/callback";

test.each([
  [undefined, "https://github.com", "https://api.github.com", ""],
  ["octocorp.ghe.com", "https://octocorp.ghe.com", "https://api.octocorp.ghe.com", ""],
  ["ghe.example.com", "https://ghe.example.com", "https://ghe.example.com", "/api/v3"],
])("on %s each request goes where it belongs", async (GHE_HOST, web, api, prefix) => {
  const authorization = createAuthorization({
    app: { clientId: "Iv1.abc", clientSecret: "the-secret" },
    oauthApp: null,
    callbackUrl: CALLBACK,
    hosts: hostsOf({ GHE_HOST, GHE_PROTOCOL: "https" }),
    lookUpAccount: () => Promise.reject(new Error("not now")),
    log: { warn: () => expect.unreachable() },
    now: () => new Date("2026-11-30T00:00:00Z"),
  });
  const url = authorization.authorizeUrl({ state: "s", challenge: "c" });
  expect(url).toContain(`${web}/login/oauth/authorize?`);

  const client = { client_id: "Iv1.abc", client_secret: "the-secret" };
  const answer = { access_token: "ghu_0123456789", expires_in: 60, scope: "" };
  const asked = { ...client, code: "code", redirect_uri: CALLBACK, code_verifier: "verifier" };
  nock(web).post("/login/oauth/access_token", asked).reply(200, answer);
  expect(await authorization.exchange("code", "verifier")).toEqual({
    type: "granted",
    tokens: { token: "ghu_0123456789", refreshToken: null },
    expiresAt: "2026-11-30T00:01:00.000Z",
  });

  const refresh = { ...client, grant_type: "refresh_token", refresh_token: "ghr_old" };
  nock(web).post("/login/oauth/access_token", refresh).reply(200, answer);
  expect(await authorization.refresh("ghr_old")).toMatchObject({ type: "granted" });

  const headers = { authorization: "Bearer ghu_0123456789" };
  nock(api, { reqheaders: headers }).get(`${prefix}/user`).reply(200, { id: 1, login: "octocat" });
  expect(await authorization.examine("ghu_0123456789")).toMatchObject({ type: "unreachable" });

  const basic = { authorization: `basic ${btoa("Iv1.abc:the-secret")}` };
  nock(api, { reqheaders: basic })
    .delete(`${prefix}/applications/Iv1.abc/token`, { access_token: "ghu_0123456789" })
    .reply(204);
  await authorization.revoke("ghu_0123456789", "app");
});
