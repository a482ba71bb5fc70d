import type { Pull, Repository } from "../shapes.ts";
import { trusted } from "../shapes.ts";
import { issue, pullRequest } from "./conversation.ts";
import { notFound, typedError } from "./errors.ts";
import { object, ref } from "./git.ts";
import type { Reader, Source } from "./source.ts";
import { actor } from "./source.ts";

/** A repository. */
function repository(read: Repository, reader: Reader): Source {
  const name = { owner: read.owner.login, repo: read.name };
  const place = (number: number) => ({ ...name, number });
  const own = () => repository(read, reader);

  /** What is public everybody reads who sees it; else an App has to have been granted it. */
  function permitted<Value>(permissions: readonly string[], value: () => Value): Value {
    if (!read.private || reader.may(permissions)) return value();
    throw typedError("FORBIDDEN", "Resource not accessible by integration");
  }

  const code = (value: () => Promise<Source | null>) => permitted(["contents"], value);

  async function either(number: number): Promise<Source | undefined> {
    const pull = await reader.state.pull(place(number));
    if (pull === undefined) {
      const found = await permitted(["issues"], () => reader.state.issue(place(number)));
      return found && { ...issue(found, place(number), reader), repository: own };
    }
    permitted(["pull_requests"], () => pull);
    const headRepository = () => headOf(pull, reader);
    return { ...pullRequest(pull, place(number), reader), repository: own, headRepository };
  }

  async function only(type: "Issue" | "PullRequest", number: number): Promise<Source> {
    const found = await either(number);
    if (found?.["__typename"] === type) return found;
    throw notFound(`${type === "Issue" ? "an" : "a"} ${type} with the number of ${number}`);
  }

  return {
    __typename: "Repository",
    id: read["node_id"],
    databaseId: read.id,
    name: read.name,
    nameWithOwner: read.full_name,
    owner: actor(read.owner),
    description: read["description"],
    url: read["html_url"],
    isArchived: read["archived"] === true,
    isDisabled: read["disabled"] === true,
    isFork: read["fork"] === true,
    isLocked: false,
    isPrivate: read.private,
    visibility: String(read["visibility"]).toUpperCase(),
    defaultBranchRef: () => code(() => ref(reader, name, `refs/heads/${read.default_branch}`)),
    ref: ({ qualifiedName }: { readonly qualifiedName: string }) =>
      code(() => ref(reader, name, qualifiedName)),
    object: ({ expression, oid }: ObjectName) =>
      code(() => object(reader, read, expression ?? oid ?? "")),
    issue: ({ number }: Numbered) => only("Issue", number),
    pullRequest: ({ number }: Numbered) => only("PullRequest", number),
    async issueOrPullRequest({ number }: Numbered): Promise<Source> {
      const found = await either(number);
      if (found !== undefined) return found;
      throw notFound(`an issue or pull request with the number of ${number}`);
    },
  };
}

/** The repository that a pull request's branch is in; nobody sees it when its fork is deleted. */
function headOf({ head }: Pull, reader: Reader): Source | null {
  return head.repo === null ? null : repository(head.repo, reader);
}

interface ObjectName {
  readonly expression?: string | null;
  readonly oid?: string | null;
}

interface Numbered {
  readonly number: number;
}

/** Which repository a query asks for. */
interface Wanted {
  readonly owner: string;
  readonly name: string;
  readonly followRenames?: boolean | null;
}

/** What a query starts from; `rateLimit` tells the limit. */
export function query(reader: Reader, rateLimit: () => Source): Source {
  return {
    rateLimit,
    async repository(wanted: Wanted): Promise<Source> {
      const { owner, name, followRenames } = trusted<Wanted>(wanted);
      const seen = await reader.see({ owner, repo: name }, followRenames !== false);
      if (seen !== undefined) return repository(seen, reader);
      throw notFound(`a Repository with the name '${owner}/${name}'`);
    },
  };
}
