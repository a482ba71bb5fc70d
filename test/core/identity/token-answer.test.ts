import { describe, expect, test } from "vitest";
import { readTokenAnswer } from "../../../src/core/identity/token-answer.ts";

const NOW = new Date("2026-11-30T12:00:00.000Z");
const read = (body: unknown) => readTokenAnswer(body, NOW);
const TOKEN = "ghu_0123456789";
const REFRESH = "ghr_0123456789";

describe("a token", () => {
  test.each([
    [
      "of an App",
      { access_token: TOKEN, expires_in: 28_800, refresh_token: REFRESH, token_type: "bearer" },
      { token: TOKEN, refreshToken: REFRESH },
      "2026-11-30T20:00:00.000Z",
    ],
    [
      "of an OAuth App",
      { access_token: TOKEN, scope: "repo", token_type: "bearer" },
      { token: TOKEN, refreshToken: null },
      null,
    ],
    [
      "with a number as text",
      { access_token: TOKEN, expires_in: "60", refresh_token: REFRESH },
      { token: TOKEN, refreshToken: REFRESH },
      "2026-11-30T12:01:00.000Z",
    ],
    [
      "that doesn't say when it ends, but is refreshed",
      { access_token: TOKEN, expires_in: "soon", refresh_token: REFRESH },
      { token: TOKEN, refreshToken: REFRESH },
      "2026-11-30T20:00:00.000Z",
    ],
    [
      "whose refresh token can't be read",
      { access_token: TOKEN, expires_in: 60, refresh_token: 7 },
      { token: TOKEN, refreshToken: null },
      "2026-11-30T12:01:00.000Z",
    ],
  ])("%s", (_name, body, tokens, expiresAt) => {
    expect(read(body)).toEqual({ type: "granted", tokens, expiresAt });
  });
});

describe("a refusal", () => {
  test("with GitHub's name and words for it", () => {
    const body = {
      error: "bad_verification_code",
      error_description: "The code passed is incorrect or expired.",
      error_uri: "https://docs.github.com",
    };
    const message = "The code passed is incorrect or expired.";
    expect(read(body)).toEqual({ type: "refused", code: "bad_verification_code", message });
  });

  test("without words, or with odd ones", () => {
    expect(read({ error: "bad_refresh_token" })).toMatchObject({ type: "refused", message: "" });
    const long = `a\u001b[31m\nb ghr_${"x".repeat(76)} ${"c".repeat(900)}`;
    const odd = read({ error: "bad_refresh_token", error_description: long });
    expect(odd).toMatchObject({
      message: expect.stringMatching(/^a \[31m b \[redacted\] c{1,190}$/),
    });
  });
});

test.each([
  ["HTML", "<html>"],
  ["nothing", undefined],
  ["no token", { token_type: "bearer" }],
  ["a token that can't be one", { access_token: "a b\r\nc" }],
  ["an error that isn't one of OAuth's", { error: "Not Found" }],
  ["an error that passes", { error: "temporarily_unavailable" }],
])("%s is no answer", (_name, body) => {
  expect(read(body)).toBeNull();
});
