import { html } from "hono/html";
import type { LabelingProgress } from "../../ports/labelings.ts";
import type { Html } from "./document.ts";
import { timeOf } from "./time.ts";

/** How far the bot has come with creating labels by itself. @param progress null where it creates none */
export function labelProgress(progress: LabelingProgress | null): Html | string {
  if (progress === null) return "";
  const { waiting, dueBy, refused } = progress;
  const still =
    dueBy === null
      ? ""
      : html`It still has to look at ${repositories(waiting)}. The last one is due at
        ${timeOf(dueBy)}, because GitHub limits how many labels an App can create in an hour.`;
  const failed =
    refused === 0
      ? ""
      : html`<p>
          <strong>GitHub refused to create labels in ${repositories(refused)}.</strong> The bot
          tries again when somebody accepts the App's permissions.
        </p>`;
  return html`<p>
      The bot creates missing labels by itself when a repository is added, and when its policy
      changes. ${still}
    </p>
    ${failed}`;
}

function repositories(count: number): string {
  return count === 1 ? "1 repository" : `${count.toLocaleString("en-US")} repositories`;
}
