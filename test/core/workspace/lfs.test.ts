import { describe, expect, test } from "vitest";
import {
  downloadUrl,
  isOfGitHub,
  readBatch,
  readPointer,
} from "../../../src/core/workspace/lfs.ts";

const OID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize 12345\n`;

test("a pointer is read, and nothing else", () => {
  expect(readPointer(POINTER)).toEqual({ oid: OID, size: 12345 });
  const others = [
    "",
    POINTER.trimEnd(),
    `${POINTER}\n`,
    `\n${POINTER}`,
    POINTER.replace("v1", "v2"),
    POINTER.replace("oid", "ext-0-foo sha256:00\noid"),
    POINTER.replace(OID, OID.toUpperCase()),
    POINTER.replace(OID, `../${OID.slice(3)}`),
    POINTER.replace("12345", "-1"),
    POINTER.replace("12345", "9999999999999999"),
    POINTER.replaceAll("\n", "\r\n"),
    POINTER.replace("git-lfs.github", "git-lfsxgithub"),
  ];
  for (const text of others) expect(readPointer(text), text).toBe(null);
});

function answerTo(object: object) {
  return readBatch(JSON.stringify({ objects: [{ oid: OID, size: 1, ...object }] }))?.get(OID);
}

describe("an answer about an object", () => {
  test("names its download, with headers that can't change what's asked, and of whom", () => {
    const header = {
      Authorization: "RemoteAuth x",
      "X-Amz-Date": "today",
      Host: "evil.example.com",
      "Content-Length": "5",
      "Transfer-Encoding": "chunked",
      Connection: "upgrade",
      Cookie: "a=b",
      "X-\r\nHost": "evil.example.com",
    };
    expect(answerTo({ actions: { download: { href: "https://a", header } } })).toEqual({
      type: "download",
      href: "https://a",
      headers: { Authorization: "RemoteAuth x", "X-Amz-Date": "today" },
    });
  });

  test("says that there's none, or why it isn't given", () => {
    expect(answerTo({ error: { code: 404, message: "no" } })).toEqual({ type: "missing" });
    expect(answerTo({ actions: {} })).toEqual({ type: "missing" });
    expect(answerTo({ error: { code: 509, message: "no" } })).toEqual({
      type: "refused",
      why: "509 no",
    });
  });

  test.each(["", "[]", "{}", '{"objects": [{}]}', '{"transfer": "ssh", "objects": []}'])(
    "isn't one: %j",
    (body) => {
      expect(readBatch(body)).toBe(null);
    },
  );
});

test.each([
  ["https://example.com/x", "https://example.com/x", "https://example.com/x"],
  ["http://example.com/x", null, "http://example.com/x"],
  ["https://a:b@example.com/x", null, null],
  ["https://a@example.com/x", null, null],
  ["file:///etc/passwd", null, null],
  ["data:,x", null, null],
  ["/x", null, null],
])("%s is followed only where it may be", (href, encrypted, plain) => {
  const from = (url: string) => downloadUrl(href, new URL(url))?.href ?? null;
  expect([from("https://github.com"), from("http://127.0.0.1:8080")]).toEqual([encrypted, plain]);
});

test.each([
  ["https://ghe.example.com/storage/x", "https://ghe.example.com", true],
  ["https://media.ghe.example.com/x", "https://ghe.example.com", true],
  ["https://media.ghe.example.com:8443/x", "https://ghe.example.com", false],
  ["http://media.ghe.example.com/x", "https://ghe.example.com", false],
  ["https://other.ghe.example.com/x", "https://ghe.example.com", false],
  ["https://media.github.com/x", "https://github.com", false],
  ["https://media.octo.ghe.com/x", "https://octo.ghe.com", false],
])("%s, named by %s, may be at a private address: %s", (url, batch, may) => {
  expect(isOfGitHub(new URL(url), new URL(batch))).toBe(may);
});
