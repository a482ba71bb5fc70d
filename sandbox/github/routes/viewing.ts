import { createHash } from "node:crypto";
import type { Asked } from "../parts.ts";
import { installationOf } from "../rest/app.ts";
import { permissionsOf, repositoryOf } from "../rest/repositories.ts";
import { app } from "../seed.ts";
import type { Answer, Ask, Json } from "../shapes.ts";
import { failure, json } from "../shapes.ts";
import type { RepositoryRecord } from "../state/records.ts";
import { grantOf, hasExplicitRole } from "../state/state.ts";
import type { AppRoute } from "./app.ts";
import { NOT_FOUND } from "./route.ts";

/** What a person can see of the App's installations, with the App's user token. */
export const VIEWER_ROUTES: readonly AppRoute[] = [
  ofViewer("GET /user/installations", (asked) => {
    const { status } = asked.installation.now;
    const isSeen = status !== "deleted" && repositoriesFor(asked).length > 0;
    return listOf("installations", isSeen ? [installationOf(asked)] : [], asked.ask);
  }),
  ofViewer("GET /user/installations/{installation_id}/repositories", (asked) => {
    const { host, installation, parameters, state, by } = asked;
    const { id, status } = installation.now;
    const repositories = repositoriesFor(asked);
    const isSeen = status !== "deleted" && Number(parameters["installation_id"]) === id;
    if (!isSeen || repositories.length === 0) return NOT_FOUND;
    if (status === "suspended") return failure(403, "This installation has been suspended");
    const items = repositories.map((repository) =>
      Object.assign(repositoryOf(host, repository), {
        permissions: permissionsOf(grantOf(state, repository, by.login).role),
      }),
    );
    return listOf("repositories", items, asked.ask);
  }),
];

function ofViewer(operation: string, answer: AppRoute["answer"]): AppRoute {
  return {
    operation,
    isForApp: false,
    permissions: [],
    answer(asked) {
      if (asked.actor === "anonymous") return failure(401, "Requires authentication");
      return asked.via?.id === app.id ? answer(asked) : failure(403, FOR_APPS);
    },
  };
}

const FOR_APPS =
  "You must authenticate with an access token authorized to a GitHub App in order to list installations";

/** Those in which the person has a role of their own: that everybody can read a public one is none. */
function repositoriesFor({ installation, state, by }: Asked): readonly RepositoryRecord[] {
  return installation.repositories().filter((one) => hasExplicitRole(state, one, by.login));
}

/** The page of a list that `page` and `per_page` ask for; 304 when the asker has it already. */
function listOf(name: string, items: readonly Json[], { query, etag: known }: Ask): Answer {
  const asked = new URLSearchParams(query);
  const perPage = Math.min(100, Number(asked.get("per_page") ?? 30));
  const page = Number(asked.get("page") ?? 1);
  const shown = items.slice((page - 1) * perPage, page * perPage);
  const answer = json(200, { total_count: items.length, [name]: shown });
  const digest = createHash("sha256").update(JSON.stringify(answer.body)).digest("hex");
  const etag = `W/"${digest}"`;
  if (etag === known) return { status: 304, headers: { etag }, body: undefined };
  return { ...answer, headers: { ...answer.headers, etag } };
}
