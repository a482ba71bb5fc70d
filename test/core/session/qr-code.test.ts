import { describe, expect, test } from "vitest";
import { renderComment } from "../../../src/core/comment/comment.ts";
import { GITHUB_COM, hostsOf, withPages } from "../../../src/core/github/hosts.ts";
import { documentedLink } from "../../../src/core/session/link.ts";
import { qrCodeOf } from "../../../src/core/session/qr-code.ts";
import { linkCorrected } from "../../../src/core/task/transitions/following.ts";
import { readMarkdown } from "../markdown.ts";
import type { Layer } from "../task.ts";
import { changed, LINK, LINKED, over, PROMPTED, QR_SECRET, SESSION_ID, taskWith } from "../task.ts";

const HOSTS = hostsOf({
  GHE_PROTOCOL: "https",
  connecting: { publicUrl: "https://bot.example.com" },
});

const WITH_CODE: Layer = { decision: { qrSecret: QR_SECRET } };
const GUESSED = over(PROMPTED, WITH_CODE, {
  session: { link: { url: documentedLink(HOSTS, SESSION_ID), source: "documented" } },
});

function codeOf(...layers: readonly Layer[]) {
  return qrCodeOf(taskWith(...layers), HOSTS);
}

const linkTo = (url: string): Layer => ({ session: { link: { url, source: "session" } } });

describe("the QR code of a session", () => {
  test("says the link that the comment has", () => {
    expect(codeOf(LINKED, WITH_CODE)).toEqual({
      path: `/qr/${taskWith().id}/${QR_SECRET}`,
      url: LINK,
    });
    // Markdown would end a link there.
    const odd = taskWith(LINKED, WITH_CODE, linkTo("https://github.com/octo-org/a(b)"));
    const { links, images } = readMarkdown(renderComment(odd, HOSTS));
    const code = qrCodeOf(odd, HOSTS);
    expect(links[0]).toBe("https://github.com/octo-org/a%28b%29");
    expect(code?.url).toBe(links[0]);
    expect(images).toEqual([`https://bot.example.com${code?.path ?? ""}.png`]);
  });

  test("never says one that a comment must not show", () => {
    const code = codeOf(LINKED, WITH_CODE, linkTo("https://evil.example.com/login"));
    expect(code?.url).toBe(documentedLink(HOSTS, SESSION_ID));
  });

  test("has another address once the session has reported its own link", () => {
    const guessed = taskWith(GUESSED);
    const corrected = changed(linkCorrected(guessed, LINK));
    const codes = [guessed, corrected].map((task) => qrCodeOf(task, HOSTS));
    expect(codes.map((code) => code?.url)).toEqual([documentedLink(HOSTS, SESSION_ID), LINK]);
    expect(codes[0]?.path).not.toBe(codes[1]?.path);
  });

  test("is on the pages of the backend that runs the session", () => {
    const pages = withPages(HOSTS, {
      beforeId: "https://sessions.example.com/s/",
      list: "https://sessions.example.com/",
    });
    const own = taskWith(LINKED, WITH_CODE, linkTo("https://sessions.example.com/s/1"));
    expect(qrCodeOf(own, pages)?.url).toBe("https://sessions.example.com/s/1");
  });

  test.each<[what: string, layer: Layer]>([
    ["without a link", over(PROMPTED, WITH_CODE)],
    ["without a secret, because the policy wants no code", LINKED],
    [
      "with a link that's too long for a phone",
      over(LINKED, WITH_CODE, linkTo(`https://github.com/${"a".repeat(282)}`)),
    ],
  ])("is missing from a task %s", (_what, layer) => {
    expect(codeOf(layer)).toBeNull();
    expect(renderComment(taskWith(layer), HOSTS)).not.toContain("phone");
  });
});

describe("in the comment, the code", () => {
  test("is folded, below what people need and above the details, and opens the session", () => {
    const comment = renderComment(taskWith(LINKED, WITH_CODE), HOSTS);
    expect(comment.slice(0, comment.indexOf("- Requested"))).toMatchInlineSnapshot(`
      "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->
      ### 🚀 Copilot started: triage

      [Open session](https://github.com/octo-org/hello/tasks/5f9c2b1e)

      <details><summary>Open on your phone</summary>

      [![QR code with the link to the session](https://bot.example.com/qr/0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11/9f86d081884c7d659a2feaa0c55ad015.png)](https://github.com/octo-org/hello/tasks/5f9c2b1e)

      </details>

      <details><summary>Details</summary>

      "
    `);
  });

  test("isn't there where the bot has no pages", () => {
    expect(renderComment(taskWith(LINKED, WITH_CODE), GITHUB_COM)).toBe(
      renderComment(taskWith(LINKED), GITHUB_COM),
    );
  });
});
