import type { CommentView } from "./view.ts";

/** A QR code that opens the session on a phone, folded; nothing where there's none. Markdown lines. */
export function phoneLines({ qrImage, session }: CommentView): string[] {
  if (qrImage === null || session === null) return [];
  return [
    "<details><summary>Open on your phone</summary>",
    "",
    // Whoever is on the phone already can tap it. Otherwise, GitHub would link it to the image.
    `[![QR code with the link to the session](${qrImage})](${session.url})`,
    "",
    "</details>",
    "",
  ];
}
