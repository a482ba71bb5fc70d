import nock from "nock";
import { afterEach, beforeAll, expect, test } from "vitest";
import { fetchWhereverItIs } from "../../src/github/redirects.ts";

const API = "https://api.github.com";
const OLD = "/repos/octo-org/hello/issues/7/comments";
const NEW = "/repositories/12/issues/3/comments";

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

const post = { method: "POST", body: '{"body":"Started."}', headers: { authorization: "token t" } };

// Node's own way with a POST that meets 301 or 302 is to GET the new place.
test.each([301, 302, 307, 308])("a write that meets %i is repeated as it is", async (status) => {
  nock(API)
    .post(OLD, { body: "Started." })
    .reply(status, {}, { location: `${API}${NEW}` });
  nock(API, { reqheaders: { authorization: "token t" } })
    .post(NEW, { body: "Started." })
    .reply(201, { id: 5 });

  const response = await fetchWhereverItIs(`${API}${OLD}`, post);
  expect([response.status, await response.json()]).toEqual([201, { id: 5 }]);
});

test("another host gets nothing", async () => {
  nock(API).post(OLD).reply(307, {}, { location: "https://example.com/" });

  expect((await fetchWhereverItIs(`${API}${OLD}`, post)).status).toBe(307);
});

test("a circle is left", async () => {
  nock(API).get(OLD).times(6).reply(301, {}, { location: OLD });

  expect((await fetchWhereverItIs(`${API}${OLD}`, {})).status).toBe(301);
});
