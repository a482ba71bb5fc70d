/**
 * Where the email begins that a comment answers. GitHub takes replies by email as comments, and leaves in
 * them what the mail program quotes; neither webhook nor REST API says that a comment came so.
 *
 * A mail program that puts `>` before what it quotes needs nothing of this: that is a quote in Markdown.
 * Others write a line or a block of headers, and then the message as it was. The words differ by language and
 * program; what is the same is that a line which introduces a message holds an address and a time, and ends
 * with a colon. GitHub itself writes `***@***.***` for addresses. A person who begins with “On Monday he
 * wrote:” names neither.
 *
 * The libraries for this (email-reply-parser, planer) are made to shorten what is shown: they take such a
 * person's words for a quote too, and need the square of the text's length.
 */
export interface MailQuote {
  /** From here on the text is somebody else's. */
  readonly certainFrom: number;
  /** From here on it may be. */
  readonly doubtfulFrom: number;
}

/** Longer lines are no headers. */
const MAX_LINE = 1_000;

/** A line that introduces a message is wrapped into at most three. */
const MAX_WRAPPED = 3;
const MAX_INTRODUCTION = 400;

/** How many lines a block of headers has at most, with wrapped addresses. */
const MAX_HEADER_LINES = 12;

const MASKED = /\*{3}@\*{3}\.\*{3}|(?<![\w.])@\.\*{3}/u;
const ADDRESS =
  /\*{3}@\*{3}\.\*{3}|(?<![\w.])@\.\*{3}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}/u;
const TIME = /(?<!\d)\d{1,2}\s?[:.h時时시]\s?\d{2}|\d{4}|(?<!\d)\d{1,2}[./-]\d{1,2}/u;
const CLOCK = /(?<!\d)\d{1,2}\s?[:.h時时시]\s?\d{2}/u;
/** Zoho writes dashes around the line, and no colon. */
const INTRODUCES = /[:：]\s*$|\p{L}\s*-{2,}\s*$/u;

/** What people's mail programs in several languages say of whoever wrote. */
const WROTE =
  /\b(?:wrote|writes|schrieb|schreef|escribi[óo]|escreveu|scritto|skrev|kirjoitti|napisał(?:\(a\))?|pisze|napsal(?:\(a\))?|yazdı|írta|a scris)\b|écrit|писал|пишет|написал|έγραψε|写道|寫道|のメール|のメッセージ|書きました|작성|כתב|كتب/iu;

/** What only GitHub's notifications hold. */
const NOTIFICATION =
  /\*{3}@\*{3}\.\*{3}|(?<![\w.])@\.\*{3}|notifications@|@(?:[\w-]+\.)*noreply\.|@reply\.|reply to this email directly|you are receiving this because/iu;
const FOOTER = /^\s*(?:reply to this email directly|you are receiving this because)/iu;

const ORIGINAL =
  /^\s*[-_=*]{2,}\s*(?:begin )?(?:original(?: |-|al-)?(?:message|nachricht|e-?mail|appointment)|forwarded message|reply message|ursprüngliche nachricht|weitergeleitete nachricht|message d['’]origine|message (?:original|transféré)|mensaje (?:original|reenviado)|mensagem (?:original|encaminhada)|messaggio (?:originale|inoltrato)|oorspronkelijk(?:e)? (?:bericht|e-mail)|doorgestuurd bericht|oprindelig meddelelse|ursprungligt meddelande|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|původní zpráva|исходное сообщение|пересылаемое сообщение|orijinal mesaj|eredeti üzenet|原始邮件|原始郵件|原邮件|转发邮件|元のメッセージ|원본 메시지)\s*[-_=*]{2,}\s*$/iu;

const SIGNATURE = /^(?:--|—) ?$/u;

const FROM = words(
  "from von de dela da van från fra od от kimden lähettäjä feladó από expéditeur remitente mittente 差出人 发件人 發件人 寄件者 寄件人 보낸사람 보낸이 מאת من",
);
const DATE = words(
  "sent date gesendet datum envoyé enviado enviada enviadoel enviadoem enviadaem envoyéle fecha data inviato verzonden skickat sendt dato lähetetty päivämäärä päiväys wysłano odesláno отправлено дата gönderildi gönderme göndermetarihi tarih küldve dátum trimis ημερομηνία 送信日時 日付 日時 发送时间 發送時間 日期 寄件日期 傳送時間 時間 时间 보낸날짜 날짜 נשלח تاريخ",
);
const SUBJECT = words(
  "subject betreff objet sujet asunto assunto oggetto onderwerp ämne emne aihe temat předmět тема konu tárgy subiect θέμα 件名 主题 主題 主旨 제목 נושא الموضوع",
);
function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

interface Line {
  readonly start: number;
  readonly text: string;
}

/**
 * @param text with `\n` at the ends of its lines
 * @param isOutside whether a place is outside of code and quotes: what stands in those is not read
 */
export function findMailQuote(text: string, isOutside: (offset: number) => boolean): MailQuote {
  const lines = linesOf(text, isOutside);
  const isNotification = NOTIFICATION.test(text);
  const isPrefixed =
    /^[ \t]*>.*(?:reply to this email directly|you are receiving this because)/imu.test(text);
  let certainFrom = Number.POSITIVE_INFINITY;
  let doubtfulFrom = Number.POSITIVE_INFINITY;
  for (const [index, line] of lines.entries()) {
    const found = boundaryAt(text, lines, index, isPrefixed);
    if (found === null) continue;
    doubtfulFrom = Math.min(doubtfulFrom, found.start);
    if (found.isCertain || (isNotification && found.isMail)) {
      certainFrom = found.start;
      break;
    }
    // A footer that nothing introduces: only what comes first is certain to be an answer.
    if (FOOTER.test(line.text)) doubtfulFrom = Math.min(doubtfulFrom, endOfFirstParagraph(text));
  }
  return { certainFrom, doubtfulFrom: Math.min(doubtfulFrom, certainFrom) };
}

interface Boundary {
  readonly start: number;
  /** Whether nothing but a message follows such a line. */
  readonly isCertain: boolean;
  /** Whether a message follows it if the comment came by email. */
  readonly isMail: boolean;
}

function boundaryAt(
  text: string,
  lines: readonly Line[],
  index: number,
  isPrefixed: boolean,
): Boundary | null {
  const line = lines[index];
  if (line === undefined) return null;
  const { start } = line;
  if (ORIGINAL.test(line.text)) {
    const isCertain = [1, 2, 3].some((ahead) => isIntroduced(lines, index + ahead));
    return { start, isCertain, isMail: true };
  }
  const headers = headersAt(lines, index);
  if (headers !== null) return { start: startOfRule(lines, index), isMail: true, ...headers };
  const introduction = introductionAt(lines, index);
  if (introduction !== null) return followedByQuote(text, lines, index, introduction, isPrefixed);
  const isEnd = SIGNATURE.test(line.text) || FOOTER.test(line.text);
  return isEnd ? { start, isCertain: false, isMail: false } : null;
}

function isIntroduced(lines: readonly Line[], index: number): boolean {
  return headersAt(lines, index) !== null || introductionAt(lines, index) !== null;
}

/** Outlook puts a line of underscores before its headers. */
function startOfRule(lines: readonly Line[], index: number): number {
  const before = lines[index - 1];
  const own = lines[index]?.start ?? 0;
  return before !== undefined && /^\s*[_*-]{5,}\s*$/u.test(before.text) ? before.start : own;
}

/** A program that has put `>` before the footer has put it before all of the message. */
function followedByQuote(
  text: string,
  lines: readonly Line[],
  index: number,
  { start, hasAddress, isCertain }: Introduction,
  isPrefixed: boolean,
): Boundary | null {
  const line = lines[index];
  const end = (line?.start ?? 0) + (line?.text.length ?? 0);
  const isQuoted = /^\s*>/u.test(text.slice(end, end + 200));
  if (!isQuoted) return { start, isCertain, isMail: true };
  return isPrefixed || !hasAddress ? null : { start, isCertain: false, isMail: false };
}

interface Introduction {
  readonly start: number;
  readonly hasAddress: boolean;
  readonly isCertain: boolean;
}

/** “On Monday, November 23, 2026 at 10:00, octocat <…> wrote:”, in any language, and wrapped. */
function introductionAt(lines: readonly Line[], index: number): Introduction | null {
  const last = lines[index];
  if (last === undefined) return null;
  const masked = MASKED.exec(last.text);
  // A reply in HTML loses its line breaks, and the message goes on in the same line.
  const behind = masked === null ? "" : last.text.slice(masked.index, masked.index + 60);
  if (/^\S+[^:：]{0,40}[:：]/u.test(behind)) {
    return { start: last.start, hasAddress: true, isCertain: true };
  }
  if (!INTRODUCES.test(last.text)) return null;
  let joined = last.text;
  let start = last.start;
  for (let above = 0; above < MAX_WRAPPED; above += 1) {
    if (joined.length > MAX_INTRODUCTION) return null;
    const isCertain = WROTE.test(joined);
    if (ADDRESS.test(joined) && TIME.test(joined)) return { start, hasAddress: true, isCertain };
    if (isCertain && CLOCK.test(joined)) return { start, hasAddress: false, isCertain: false };
    const before = lines[index - above - 1];
    if (before === undefined || before.text.trim() === "") return null;
    joined = `${before.text} ${joined}`;
    start = before.start;
  }
  return null;
}

/** `From:`, and then a date, a subject or a recipient. */
function headersAt(lines: readonly Line[], index: number): { readonly isCertain: boolean } | null {
  const first = lines[index]?.text ?? "";
  const label = labelOf(first);
  if (label === null) return null;
  const block = [first];
  const labels = [label];
  for (let ahead = 1; ahead < MAX_HEADER_LINES && index + ahead < lines.length; ahead += 1) {
    const next = lines[index + ahead]?.text ?? "";
    const nextLabel = labelOf(next);
    if (nextLabel === null && next.trim() !== "" && !/^[\s<]|[;,>]\s*$/u.test(next)) break;
    block.push(next);
    if (nextLabel !== null) labels.push(nextLabel);
  }
  const hasAddress = block.some((line) => ADDRESS.test(line));
  const has = (set: ReadonlySet<string>) => labels.some((one) => set.has(one));
  const isKnown = FROM.has(label) && (has(DATE) || has(SUBJECT));
  if (isKnown && (labels.length >= 3 || hasAddress)) return { isCertain: hasAddress };
  if (FROM.has(label) && isFlattened(first)) return { isCertain: ADDRESS.test(first) };
  // In a language that is not listed, people's programs still write who and when.
  const isLike =
    labels.length >= 3 && ADDRESS.test(first) && block.some((line) => CLOCK.test(line));
  return isLike ? { isCertain: false } : null;
}

/** `From: …Sent: …To: …Subject: …` in one line, as a reply in HTML comes. */
function isFlattened(line: string): boolean {
  const labels = [...line.matchAll(/(?<label>[\p{L}]{2,20})\s?[:：]/gu)].map(({ groups }) =>
    (groups?.["label"] ?? "").toLowerCase(),
  );
  const ends = (set: ReadonlySet<string>) =>
    labels.some((label) => set.values().some((word) => word.length > 2 && label.endsWith(word)));
  return ends(DATE) && ends(SUBJECT);
}

/** The word before a colon at the start of a line, in small letters and without its spaces. */
function labelOf(line: string): string | null {
  const found =
    /^[\s*_|]{0,10}(?<label>[\p{L}\p{M}][\p{L}\p{M} \u3000-]{0,24}?)[\s*_]{0,5}[:：]/u.exec(line);
  const label = found?.groups?.["label"];
  return label === undefined ? null : label.replaceAll(/[\s\u3000]/gu, "").toLowerCase();
}

/** Where the first paragraph ends. */
function endOfFirstParagraph(text: string): number {
  const end = /\n[ \t]*\n/gu;
  end.lastIndex = text.search(/\S/u);
  return end.exec(text)?.index ?? text.length;
}

function linesOf(text: string, isOutside: (offset: number) => boolean): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const isRead = line.length <= MAX_LINE && isOutside(start);
    lines.push({ start, text: isRead ? line : "" });
    start += line.length + 1;
  }
  return lines;
}
