import type { AskedInRepository } from "../parts.ts";
import { integrationOf, OWN_APP } from "../rest/accounts.ts";
import { nodeId, urlsOf } from "../rest/urls.ts";
import type { Answer, Json } from "../shapes.ts";
import { failure, json } from "../shapes.ts";
import type { RepositoryRecord } from "../state/records.ts";
import { fullName, nextId, now } from "../state/state.ts";
import { bodyOf, invalid, NOT_FOUND, route, theRepository, under } from "./route.ts";

/** Check runs, which only an App can have. */
export const checkRunRoutes = under(
  ["checks"],
  [
    route("POST /repos/{owner}/{repo}/check-runs", "none", theRepository, create),
    route(
      "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
      "none",
      ({ repository, parameters }) =>
        repository.checkRuns.get(Number(parameters["check_run_id"])) ?? NOT_FOUND,
      update,
    ),
    route("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", "none", theRepository, list),
  ],
);

interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly message: string;
}

interface CheckRun {
  readonly name: string;
  readonly head_sha: string;
  readonly status: string;
  readonly conclusion: string;
  readonly details_url: string;
  readonly external_id: string;
  readonly output: {
    readonly title: string;
    readonly summary: string;
    readonly annotations?: readonly Annotation[];
  };
}

function create(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const { by, host, state } = asked;
  if (by.type !== "Bot") return failure(403, "You must authenticate via a GitHub App.");
  const { name, head_sha, status = "queued", ...more } = bodyOf<CheckRun>(asked);
  if (name === undefined || head_sha === undefined) {
    return invalid("CheckRun", "name", "missing_field");
  }
  const id = nextId(state, "check run");
  const { web, repository: urlOf } = urlsOf(host);
  const run: Json = {
    id,
    node_id: nodeId("CheckRun", id),
    name,
    head_sha,
    external_id: more.external_id ?? "",
    url: `${urlOf(repository)}/check-runs/${id}`,
    html_url: `${web}/${fullName(repository)}/runs/${id}`,
    details_url: more.details_url ?? null,
    status,
    conclusion: null,
    started_at: now(),
    completed_at: null,
    check_suite: { id: 1 },
    app: integrationOf(host, OWN_APP),
    pull_requests: [],
  };
  repository.checkRuns.set(id, run);
  return update(run, asked);
}

/** The runs on a commit; all of them are of the one App that there is. */
function list(repository: RepositoryRecord, { ask, parameters }: AskedInRepository): Answer {
  const name = new URLSearchParams(ask.query).get("check_name");
  const check_runs = [...repository.checkRuns.values()].filter(
    (run) => run["head_sha"] === parameters["ref"] && (name === null || run["name"] === name),
  );
  return json(200, { total_count: check_runs.length, check_runs });
}

function update(run: Json, asked: AskedInRepository): Answer {
  const { status, conclusion } = bodyOf<CheckRun>(asked);
  if (status !== undefined) Object.assign(run, { status });
  if (conclusion !== undefined) {
    Object.assign(run, { status: "completed", conclusion, completed_at: now() });
  }
  return show(run, asked);
}

/** Sets what the run shows, which every request may say. */
function show(run: Json, asked: AskedInRepository): Answer {
  const { output = { title: null, summary: null } } = bodyOf<CheckRun>(asked);
  const { annotations: given, ...shown } = { annotations: [], ...output };
  const annotations = {
    annotations_count: given.length,
    annotations_url: `${String(run["url"])}/annotations`,
  };
  if (run["output"] === undefined || asked.ask.body !== undefined) {
    run["output"] = { text: null, ...shown, ...annotations };
  }
  return json(asked.ask.method === "POST" ? 201 : 200, run);
}
