import type { TokenLimits } from "../actors.ts";
import type { Asked } from "../parts.ts";
import { repositoryOf } from "../rest/repositories.ts";
import type { Answer } from "../shapes.ts";
import { failure, json, timestamp } from "../shapes.ts";
import { NOT_FOUND, bodyOf } from "./route.ts";

const HOUR_MS = 3_600_000;

interface NewToken {
  readonly repository_ids: readonly number[];
  readonly repositories: readonly string[];
  readonly permissions: Readonly<Record<string, string>>;
}

/** A token for an installation: for all that it has, or for what is asked for. */
export function giveToken(asked: Asked): Answer {
  const { actors, clock, host, installation, parameters } = asked;
  const { id, status, permissions: granted, selection } = installation.now;
  if (status === "deleted" || Number(parameters["installation_id"]) !== id) return NOT_FOUND;
  // GitHub shows the suspension here, not to those who look for the installation.
  if (status === "suspended") return failure(403, "This installation has been suspended");
  const { permissions } = bodyOf<NewToken>(asked);
  const wanted = wantedRepositories(asked);
  if (wanted?.includes(undefined) === true) return failure(422, NO_REPOSITORY);
  const repositories = wanted?.filter((it) => it !== undefined);
  const isGranted = ([name, level]: [string, string]) => installation.grants([name], level);
  if (!Object.entries(permissions ?? {}).every(isGranted)) return failure(422, NOT_GRANTED);
  const ids = repositories && new Set(repositories.map((it) => it.id));
  const limits: TokenLimits = { repositories: ids, permissions };
  const end = clock.now() + HOUR_MS;
  return json(201, {
    token: actors.install(limits, () => clock.now() < end),
    expires_at: timestamp(new Date(end)),
    permissions: permissions ?? granted,
    repository_selection: repositories === undefined ? selection : "selected",
    ...(repositories && { repositories: repositories.map((it) => repositoryOf(host, it)) }),
  });
}

/** GitHub's words, as those who make such tokens report them. */
const NO_REPOSITORY =
  "There is at least one repository that does not exist or is not accessible to the parent installation.";
const NOT_GRANTED = "The permissions requested are not granted to this installation.";

/** Undefined where none are named; undefined in place of one that the installation doesn't have. */
function wantedRepositories(asked: Asked) {
  const { repository_ids: ids, repositories: names } = bodyOf<NewToken>(asked);
  if (ids === undefined && names === undefined) return undefined;
  const all = asked.installation.repositories();
  return [
    ...(ids ?? []).map((id) => all.find((it) => it.id === id)),
    ...(names ?? []).map((name) => all.find((it) => it.name.toLowerCase() === name.toLowerCase())),
  ];
}
