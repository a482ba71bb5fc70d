import { capitalized } from "../text/capitals.ts";
import type { ChangePlaces } from "../task/denial.ts";

/** A repository's policy file that doesn't say it yet. */
const POLICY = "`.github/copilot-tasks.yml`";

/** Where something can be changed that no file says, as far as that's known. */
export const HERE: ChangePlaces = { places: [{ of: "repository", said: null }], inAll: false };

/** Who can change a setting, and where. Markdown. */
export function changeSentence(setting: string, change: ChangePlaces, when = ""): string {
  return `${capitalized(maintainers(change))} can change this${when}: \`${setting}\` in ${fileLinks(change)}.`;
}

/** Whoever can change these files. */
export function maintainers({ places, inAll }: ChangePlaces): string {
  const owners = new Set(places.map(({ of }) => of));
  if (!owners.has("organization")) return "maintainers";
  const others = owners.has("repository") ? ` of this repository ${inAll ? "and" : "or"}` : "";
  return `maintainers${others} of the organization's repository \`.github\``;
}

/** Where it can be changed, with a link to each line that says it. */
export function fileLinks({ places, inAll }: ChangePlaces): string {
  const files = places.map(({ of, said }) => {
    const whose = of === "repository" ? "this repository's" : "the organization's";
    if (said !== null) return `[${whose} policy file](${said.url}#L${said.line})`;
    return places.length === 1 ? POLICY : `${whose} ${POLICY}`;
  });
  return files.join(inAll ? " and " : " or ");
}
