import type { RepositoryRecord, SubjectRecord } from "../state/records.ts";
import { fullName } from "../state/state.ts";

/** Where GitHub Enterprise Server serves its API, and where people see it. */
export function urlsOf(host: string) {
  const web = `http://${host}`;
  const api = `${web}/api/v3`;
  return {
    web,
    api,
    /** Of a repository, in the API. */
    repository: (repository: RepositoryRecord) => `${api}/repos/${fullName(repository)}`,
    /** Of an issue or pull request, in the API: each pull request is an issue too. */
    issue: ({ repository, number }: SubjectRecord) =>
      `${api}/repos/${fullName(repository)}/issues/${number}`,
    pull: ({ repository, number }: SubjectRecord) =>
      `${api}/repos/${fullName(repository)}/pulls/${number}`,
    /** The page of an issue or pull request. */
    page: ({ repository, number, type }: SubjectRecord) =>
      `${web}/${fullName(repository)}/${type === "pull" ? "pull" : "issues"}/${number}`,
  };
}

/** An id of the GraphQL API's. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}${id}`).toString("base64url");
}
