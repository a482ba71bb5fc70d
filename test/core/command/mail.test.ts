import { describe, expect, test } from "vitest";
import { parseCommand } from "../../../src/core/command/parse.ts";

const QUOTED = "/copilot triage\r\n\r\nIt crashes at midnight.";
const FOOTER =
  "—\r\nReply to this email directly, view it on GitHub<https://github.com/acme/repo/pull/2>, or unsubscribe.\r\nYou are receiving this because you commented.";

/** What introduces the message, as mail programs write it; GitHub hides addresses. */
const INTRODUCTIONS: readonly (readonly [program: string, lines: string])[] = [
  ["Gmail", "On Mon, Nov 23, 2026 at 10:00 AM octocat ***@***.***> wrote:"],
  ["Gmail, wrapped", "On Mon, Nov 23, 2026 at 10:00 AM octocat <octocat@example.com>\r\nwrote:"],
  ["Gmail, wrapped twice", "On Mon, Nov 23, 2026 at 10:00 AM\r\noctocat <o@example.com>\r\nwrote:"],
  ["Gmail in German", "Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb octocat <\r\no@example.com>:"],
  ["Gmail in French", "Le lun. 23 nov. 2026 à 10:00, octocat <o@example.com> a écrit :"],
  ["Gmail in Spanish", "El lun, 23 nov 2026 a las 10:00, octocat (<o@example.com>) escribió:"],
  ["Gmail in Portuguese", "Em seg., 23 de nov. de 2026 às 10:00, octocat <o@x.com> escreveu:"],
  ["Gmail in Italian", "Il giorno lun 23 nov 2026 alle ore 10:00 octocat <o@x.com> ha scritto:"],
  ["Gmail in Dutch", "Op ma 23 nov 2026 om 10:00 schreef octocat <o@example.com>:"],
  ["Gmail in Swedish", "Den mån 23 nov. 2026 kl 10:00 skrev octocat <o@example.com>:"],
  ["Gmail in Polish", "pon., 23 lis 2026 o 10:00 octocat <o@example.com> napisał(a):"],
  ["Gmail in Russian", "пн, 23 нояб. 2026 г. в 10:00, octocat ***@***.***>:"],
  ["Gmail in Japanese", "2026年11月23日(月) 10:00 octocat ***@***.***>:"],
  ["Gmail in Chinese", "octocat <o@example.com> 于2026年11月23日周一 10:00写道："],
  ["Gmail in Korean", "2026년 11월 23일 (월) 오전 10:00, octocat <o@x.com>님이 작성:"],
  ["Gmail in Turkish", "octocat <o@x.com>, 23 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:"],
  ["Apple Mail", "On 23 Nov 2026, at 10:00, octocat <octocat@example.com> wrote:"],
  ["Apple Mail in German", "Am 23.11.2026 um 10:00 schrieb octocat ***@***.***>:"],
  ["Apple Mail in Japanese", "2026/11/23 10:00、octocat <o@example.com>のメール:"],
  ["Yahoo", "    On Monday, November 23, 2026 at 10:00:00 AM, octocat ***@***.***> wrote:"],
  ["ProtonMail", "On Monday, November 23rd, 2026 at 10:00 AM, octocat ***@***.***> wrote:"],
  ["Zoho", "---- On Mon, 23 Nov 2026 10:00:00 +0100 octocat <o@example.com> wrote ----"],
  ["163.com", 'At 2026-11-23 10:00:00, "octocat" <o@example.com> wrote:'],
  ["163.com in Chinese", '在 2026-11-23 10:00:00，"octocat" <o@example.com> 写道：'],
  ["Thunderbird without >", "On 11/23/26 10:00, octocat ***@***.***> wrote:"],
  [
    "a phone whose line breaks are lost",
    "Sent from my iPhoneOn Nov 23, 2026, at 10:00 AM, octocat ***@***.***> wrote: Hello.",
  ],
];

/** Blocks of headers. */
const HEADERS: readonly (readonly [program: string, lines: string])[] = [
  [
    "Outlook",
    "________________________________\r\nFrom: octocat ***@***.***>\r\nSent: Monday, November 23, 2026 10:00\r\nTo: acme/repo ***@***.***>\r\nCc: Mention ***@***.***>\r\nSubject: Re: [acme/repo] Crash (PR #2)",
  ],
  [
    "Outlook in bold",
    "**From:** octocat <notifications@github.com>\r\n**Sent:** Monday, November 23, 2026 10:00\r\n**To:** acme/repo\r\n**Subject:** Re: [acme/repo] Crash",
  ],
  [
    "Outlook in German",
    "Von: octocat <notifications@github.com>\r\nGesendet: Montag, 23. November 2026 10:00\r\nAn: acme/repo <repo@noreply.github.com>\r\nBetreff: Re: [acme/repo] Crash",
  ],
  [
    "Outlook in French",
    "De : octocat ***@***.***>\r\nEnvoyé : lundi 23 novembre 2026 10:00\r\nÀ : acme/repo ***@***.***>\r\nObjet : Re: [acme/repo] Crash",
  ],
  [
    "Outlook in Spanish",
    "De: octocat ***@***.***>\r\nEnviado el: lunes, 23 de noviembre de 2026 10:00\r\nPara: acme/repo\r\nAsunto: Re: [acme/repo] Crash",
  ],
  [
    "Outlook in Japanese",
    "差出人: octocat ***@***.***>\r\n送信日時: 2026年11月23日 10:00\r\n宛先: acme/repo\r\n件名: Re: [acme/repo] Crash",
  ],
  [
    "Outlook in Chinese",
    "发件人：octocat ***@***.***>\r\n发送时间：2026年11月23日 10:00\r\n收件人：acme/repo\r\n主题：Re: [acme/repo] Crash",
  ],
  [
    "Outlook in a language that is not listed",
    "Nadawca: octocat ***@***.***>\r\nKiedy: 23 listopada 2026 10:00\r\nDla: acme/repo\r\nTytuł: Re: [acme/repo] Crash",
  ],
  [
    "Outlook with empty lines between",
    "From: octocat ***@***.***>\r\n\r\nSent: Monday, November 23, 2026 10:00\r\n\r\nTo: acme/repo\r\n\r\nSubject: Re: Crash",
  ],
  [
    "Outlook whose line breaks are lost",
    "From: octocat ***@***.***>Sent: Monday, November 23, 2026 10:00 AMTo: acme/repo ***@***.***>Subject: Re: Crash",
  ],
  [
    "Exchange",
    "-----Original Message-----\r\nFrom: octocat [mailto:notifications@github.com]\r\nSent: Monday, November 23, 2026 10:00 AM\r\nTo: acme/repo\r\nSubject: Re: Crash",
  ],
  [
    "an old Outlook in German",
    "-----Ursprüngliche Nachricht-----\r\nVon: octocat <notifications@github.com>\r\nGesendet: Montag, 23. November 2026 10:00\r\nBetreff: Crash",
  ],
  [
    "Samsung",
    "-------- Original message --------\r\nFrom: octocat ***@***.***>\r\nDate: 23/11/2026 10:00 (GMT+01:00)\r\nTo: acme/repo\r\nSubject: Re: Crash",
  ],
  [
    "ProtonMail, older",
    "------- Original Message -------\r\nOn Monday, November 23rd, 2026 at 10:00 AM, octocat ***@***.***> wrote:",
  ],
  [
    "QQ",
    '------------------ 原始邮件 ------------------\r\n发件人: "acme/repo" ***@***.***>;\r\n发送时间: 2026年11月23日(星期一) 上午10:00\r\n收件人: "acme/repo" ***@***.***>;\r\n抄　送: "octocat";\r\n主　题: Re: [acme/repo] Crash',
  ],
  [
    "a forwarded message",
    "---------- Forwarded message ---------\r\nFrom: octocat <notifications@github.com>\r\nDate: Mon, Nov 23, 2026 at 10:00 AM\r\nSubject: Re: Crash\r\nTo: acme/repo",
  ],
];

describe.each([...INTRODUCTIONS, ...HEADERS])("an email answered with %s", (_program, lines) => {
  test.each(["\r\n\r\n", "\r\n"])("starts nothing that it quotes", (gap) => {
    for (const answer of ["Thanks, will do.", "", "On Monday I wrote:\r\nyes"]) {
      const mail = `${answer}\r\n\r\n${lines}${gap}${QUOTED}\r\n\r\n${FOOTER}`;
      expect(parseCommand(mail)).toBeNull();
      expect(parseCommand(mail.replace(FOOTER, ""))?.instructions ?? "").toBe("");
      expect(parseCommand(mail.replace(FOOTER, ""))?.misplaced ?? "mail").toBe("mail");
    }
  });

  test("starts what it says above, and the quote is none of its instructions", () => {
    const mail = `/copilot fix the lexer\r\n\r\n${lines}\r\n\r\n${QUOTED}\r\n\r\n${FOOTER}`;
    expect(parseCommand(mail)).toMatchObject({ name: "fix" });
    expect(parseCommand(mail)).not.toHaveProperty("misplaced");
    expect(parseCommand(mail)?.instructions).toMatch(/^the lexer(?:\n\nSent from my iPhone.*)?/u);
    expect(parseCommand(mail)?.instructions).not.toContain("midnight");
  });
});

function quote(text: string): string {
  return text
    .split("\r\n")
    .map((line) => `> ${line}`)
    .join("\r\n");
}

function prefixed(below: string): string {
  return `Yes.\r\n\r\nOn Mon, Nov 23, 2026 at 10:00 AM octocat ***@***.***> wrote:\r\n\r\n${quote(`${QUOTED}\r\n${FOOTER}`)}\r\n${below}`;
}

describe("an email with > before what it quotes", () => {
  test("starts nothing that it quotes", () => {
    expect(parseCommand(prefixed(""))).toBeNull();
  });

  test("starts what is written below", () => {
    expect(parseCommand(prefixed("\r\n/copilot fix"))).toEqual({ name: "fix", instructions: "" });
  });

  test("may have meant what is below a quote whose end is unclear", () => {
    const short = prefixed("\r\n/copilot fix").replace(quote(FOOTER), "> …");
    expect(parseCommand(short)).toMatchObject({ name: "fix", misplaced: "mail" });
  });
});

describe("the command of a person who writes about messages is executed", () => {
  test.each([
    ["what somebody wrote", "On Monday he wrote:\n\nThe parser breaks.\n\n/triage"],
    ["and when", "On November 23 she wrote:\nThe parser breaks.\n\n/triage"],
    ["in German", "Am Montag schrieb er:\n\nEs stürzt ab.\n\n/triage"],
    ["with a mention", "@octocat wrote:\n\n> The parser breaks.\n\n/triage"],
    ["with a date and a quote", "On 11/23/26 10:00, octocat wrote:\n> It breaks.\n\n/triage"],
    ["about an address", "Mail to octocat@example.com fails.\n\n/triage"],
    ["about headers", "From: is missing, and so is To:\n\n/triage"],
    ["with a form", "OS: Linux\nVersion: 1.2\nBrowser: Firefox\n\n/triage"],
    ["with a log in code", "```\nFrom: a <a@b.com>\nDate: 10:00\nSubject: c\n```\n\n/triage"],
    ["with a mail in a quote", "> From: a <a@b.com>\n> Date: 10:00\n> Subject: c\n\n/triage"],
    [
      "with a mail in a <details>",
      "<details>\n\nFrom: a <a@b.com>\nDate: 10:00\nSubject: c\n\n</details>\n\n/triage",
    ],
    ["with a rule", "Please look.\n\n---\n\n/triage"],
    ["with a rule of low lines", "Please look.\n\n________________________________\n\n/triage"],
    ["with a heading", "Please look\n---\n/triage"],
    ["about a trailer", "Signed-off-by: octocat <o@example.com>\n\n/triage"],
    ["about a commit", "Author: octocat <o@example.com>\nDate:   Mon Nov 23 10:00\n\n/triage"],
  ])("%s", (_what, text) => {
    expect(parseCommand(text)).toEqual({ name: "triage", instructions: "" });
  });
});

describe("where it is not certain, the command may have been meant", () => {
  test.each([
    ["below a signature", "Thanks\n\n-- \nOcto Cat\n\n/triage"],
    ["below a signature without its space", "Thanks\n\n--\nOcto Cat\n/triage"],
    ["below an email that was pasted", "From: Bob\nSent: Monday 10:00\nSubject: It\n\n/triage"],
    [
      "below a message with a time",
      "On 11/23/26 at 10:00, octocat wrote:\n\nIt breaks.\n\n/triage",
    ],
    ["below the words of a program", "-----Original Message-----\nIt breaks.\n\n/triage"],
    [
      "in an email that nothing introduces",
      "Thanks.\n\nIt breaks.\n\n/triage\n\nReply to this email directly, view it on GitHub.",
    ],
  ])("%s", (_where, text) => {
    expect(parseCommand(text)).toEqual({ name: "triage", instructions: "", misplaced: "mail" });
  });

  test("but what comes first in such an email is the answer", () => {
    const text = "/triage look\n\nIt breaks.\n\nReply to this email directly, view it on GitHub.";
    expect(parseCommand(text)).toMatchObject({ name: "triage" });
    expect(parseCommand(text)).not.toHaveProperty("misplaced");
  });
});
