import { nodeId } from "../rest/urls.ts";
import { trusted } from "../shapes.ts";
import type { PullRecord, RepositoryRecord, SubjectRecord } from "../state/records.ts";
import { fullName } from "../state/state.ts";
import { issue, pullRequest } from "./conversation.ts";
import { notFound, typedError } from "./errors.ts";
import { object, ref } from "./git.ts";
import type { Reader, Source } from "./source.ts";

/** A repository. */
function repository(found: RepositoryRecord, reader: Reader): Source {
  const code = (value: () => Source | null) => permitted(found, reader, ["contents"], value);

  return {
    __typename: "Repository",
    id: nodeId("Repository", found.id),
    databaseId: found.id,
    name: found.name,
    nameWithOwner: fullName(found),
    isArchived: found.archived,
    isLocked: false,
    isPrivate: found.private,
    visibility: found.private ? "PRIVATE" : "PUBLIC",
    defaultBranchRef: () => code(() => ref(found, found.defaultBranch)),
    ref: ({ qualifiedName }: { readonly qualifiedName: string }) =>
      code(() => ref(found, qualifiedName)),
    object: ({ expression, oid }: ObjectName) => code(() => object(found, expression ?? oid ?? "")),
    issueOrPullRequest({ number }: { readonly number: number }): Source {
      const subject = either(found, number, reader);
      if (subject !== undefined) return subject;
      throw notFound(`an issue or pull request with the number of ${number}`);
    },
  };
}

/** Everyone can read what's public. For the rest, the App needs a permission. */
function permitted<Value>(
  found: RepositoryRecord,
  reader: Reader,
  permissions: readonly string[],
  value: () => Value,
): Value {
  if (!found.private || reader.may(permissions)) return value();
  throw typedError("FORBIDDEN", "Resource not accessible by integration");
}

/** The issue or pull request; GitHub shows what a transferred issue has become. */
function either(found: RepositoryRecord, number: number, reader: Reader): Source | undefined {
  const departed = found.departed.get(number);
  if (departed === "deleted") return undefined;
  if (departed !== undefined) {
    const { owner, name } = departed.repository;
    const other = reader.see({ owner: owner.login, repo: name }, true);
    return other && either(other, departed.number, reader);
  }
  const subject = found.subjects.get(number);
  const need = subject?.type === "pull" ? "pull_requests" : "issues";
  return permitted(found, reader, [need], () => subject && shown(subject, reader));
}

function shown(subject: SubjectRecord, reader: Reader): Source {
  const own = () => repository(subject.repository, reader);
  if (subject.type === "issue") return { ...issue(subject, reader.login), repository: own };
  const headRepository = () => headOf(subject, reader);
  return { ...pullRequest(subject, reader.login), repository: own, headRepository };
}

/** The repository that a pull request's branch is in; nobody sees it when its fork is deleted. */
function headOf({ head }: PullRecord, reader: Reader): Source | null {
  return head.repository.isDeleted ? null : repository(head.repository, reader);
}

interface ObjectName {
  readonly expression?: string | null;
  readonly oid?: string | null;
}

/** The repository that a query names. */
interface Wanted {
  readonly owner: string;
  readonly name: string;
  readonly followRenames?: boolean | null;
}

/** The root of a query; `rateLimit` is GitHub's limit. */
export function query(reader: Reader, rateLimit: () => Source): Source {
  return {
    rateLimit,
    repository(wanted: Wanted): Source {
      const { owner, name, followRenames } = trusted<Wanted>(wanted);
      const seen = reader.see({ owner, repo: name }, followRenames !== false);
      if (seen !== undefined) return repository(seen, reader);
      throw notFound(`a Repository with the name '${owner}/${name}'`);
    },
  };
}
