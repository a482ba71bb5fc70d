import { pageOf } from "../pages.ts";
import type { AskedInRepository } from "../parts.ts";
import { labelOf } from "../rest/repositories.ts";
import type { Answer } from "../shapes.ts";
import { json } from "../shapes.ts";
import type { LabelRecord, RepositoryRecord } from "../state/records.ts";
import { nextId } from "../state/state.ts";
import { bodyOf, invalid, route, theRepository, under } from "./route.ts";

/** The labels of a repository. */
export const labelRoutes = under(
  ["issues", "pull_requests"],
  [
    route("GET /repos/{owner}/{repo}/labels", "read", theRepository, (repository, { ask, host }) =>
      pageOf(
        [...repository.labels.values()].map((label) => labelOf(host, repository, label)),
        ask,
      ),
    ),
    route("POST /repos/{owner}/{repo}/labels", "triage", theRepository, create),
  ],
);

/** GitHub doesn't care about the case of names. */
function create(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const { host, state } = asked;
  const { name = "", color = "ededed", description = "" } = bodyOf<LabelRecord>(asked);
  if (name === "") return invalid("Label", "name", "missing_field");
  if (repository.labels.has(name.toLowerCase())) return invalid("Label", "name", "already_exists");
  if (description.length > 100) return invalid("Label", "description");
  const label = { id: nextId(state, "label"), name, color, description };
  repository.labels.set(name.toLowerCase(), label);
  return json(201, labelOf(host, repository, label));
}
