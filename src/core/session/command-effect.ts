import { simpleCommandsIn } from "./shell-words.ts";

/** What a command can do to a branch of the remote repository, as far as can be read off it for certain. */
export type Effect = "harmless" | "writes" | "unknown";

/**
 * What the command of a shell does to a branch. Harmless is only what is known to be: programs and options on a
 * list. Whatever isn't on it may do anything.
 */
export function effectOf(command: string, branch: string): Effect {
  const commands = simpleCommandsIn(command);
  if (commands === null) return looksLikeWriting(command, branch) ? "writes" : "unknown";
  const effects = commands.map((words) => effectOfWords(words, branch));
  if (effects.includes("writes")) return "writes";
  return effects.length > 0 && effects.every((effect) => effect === "harmless")
    ? "harmless"
    : "unknown";
}

/** Which options a program may have, and whether words that are no options may follow. */
interface Allowed {
  readonly options: RegExp;
  readonly operands?: RegExp;
}

const ANY = /^/u;
const NONE = /^(?!)/u;
/** Letters in one word, none of which takes a file or a program. */
const LETTERS = /^-[a-zA-Z0-9]+$/u;

/** Programs that only read and print, whatever they're given, with these options. */
const READERS: ReadonlyMap<string, Allowed> = new Map<string, Allowed>([
  ["ls", { options: /^(?:-[a-zA-Z1]+|--color=(?:auto|never|always)|--all)$/u }],
  ["pwd", { options: /^-[LP]$/u }],
  ["cd", { options: NONE }],
  ["echo", { options: ANY }],
  ["true", { options: ANY }],
  ["false", { options: ANY }],
  ["cat", { options: LETTERS }],
  ["head", { options: /^-(?:[0-9]+|[cnqv][0-9]*)$/u }],
  ["tail", { options: /^-(?:[0-9]+|[cnqv][0-9]*)$/u }],
  ["wc", { options: LETTERS }],
  ["nl", { options: LETTERS }],
  ["cut", { options: /^-[dfcb][^\s]*$/u }],
  ["grep", { options: /^(?:-[a-zA-Z0-9]+|--(?:include|exclude|exclude-dir|color)=.*)$/u }],
  ["basename", { options: NONE }],
  ["dirname", { options: NONE }],
  ["realpath", { options: NONE }],
  ["stat", { options: LETTERS }],
  ["du", { options: LETTERS }],
  ["df", { options: LETTERS }],
  ["which", { options: /^-a$/u }],
  ["whoami", { options: NONE }],
  ["diff", { options: LETTERS }],
  ["cmp", { options: LETTERS }],
  ["sha256sum", { options: NONE }],
  ["mkdir", { options: /^-p$/u }],
]);

/** Paths of programs that are the same as their names. */
const SYSTEM = /^\/(?:usr\/)?bin\//u;

/** The names of all programs that are known here: what replaces one of them could do anything. */
export function isKnownProgram(name: string): boolean {
  return READERS.has(name) || name === "git" || name === "gh";
}

function effectOfWords([program = "", ...words]: readonly string[], branch: string): Effect {
  const name = program.replace(SYSTEM, "");
  if (name === "git") return effectOfGit(words, branch);
  if (name === "gh") return effectOfGitHub(words);
  const allowed = READERS.get(name);
  return allowed !== undefined && hasOnly(words, allowed) ? "harmless" : "unknown";
}

function hasOnly(words: readonly string[], { options, operands = ANY }: Allowed): boolean {
  return words.every((word) => (word.startsWith("-") ? options : operands).test(word));
}

const LOOKING =
  "--(?:oneline|stat|shortstat|numstat|name-only|name-status|cached|staged|no-color|color|graph|all|decorate|patch|no-patch|reverse|follow|merges|no-merges|word-diff)";
const LOOKING_WITH = "--(?:max-count|since|until|after|before|author|grep|format|pretty|unified)";

/** What git does without writing anywhere but to its own clone. No alias can take these names. */
const GIT: ReadonlyMap<string, Allowed> = new Map<string, Allowed>([
  ["status", { options: /^(?:-[sbuvz]+|--(?:short|branch|porcelain|porcelain=v[12]|ignored))$/u }],
  [
    "log",
    {
      options: new RegExp(`^(?:-[0-9]+|-[npSGLU][0-9]*|${LOOKING}|${LOOKING_WITH}(?:=.*)?)$`, "u"),
    },
  ],
  ["show", { options: new RegExp(`^(?:-[sp]|${LOOKING}|${LOOKING_WITH}(?:=.*)?)$`, "u") }],
  ["diff", { options: new RegExp(`^(?:-[pwbu]+|-U[0-9]+|${LOOKING}|--)$`, "u") }],
  ["rev-parse", { options: /^--(?:abbrev-ref|short|verify|show-toplevel|is-inside-work-tree)$/u }],
  ["ls-files", { options: /^(?:-[cdmosz]+|--(?:others|modified|deleted|exclude-standard))$/u }],
  ["blame", { options: /^-[wL][0-9,]*$/u }],
  ["branch", { options: /^(?:-[arv]+|--(?:show-current|list|all|remotes|verbose))$/u }],
  ["remote", { options: /^-v$/u, operands: NONE }],
  ["add", { options: /^(?:-[Au]|--all|--update|--)$/u }],
  [
    "commit",
    { options: /^(?:-[amqs]+|--(?:message|all|quiet|signoff|amend|no-edit)|--message=.*)$/u },
  ],
  ["switch", { options: /^(?:-c|--create)$/u }],
  ["checkout", { options: /^(?:-b|--)$/u }],
  [
    "fetch",
    {
      options: /^(?:-[pq]|--(?:prune|quiet|all|tags)|--depth=[0-9]+)$/u,
      operands: /^[A-Za-z0-9][\w/.-]*$/u,
    },
  ],
  [
    "pull",
    {
      options: /^(?:-q|--(?:quiet|rebase|no-rebase|ff-only))$/u,
      operands: /^[A-Za-z0-9][\w/.-]*$/u,
    },
  ],
]);

/** Options of git itself that change only how it prints. */
const PRINTING = new Set(["--no-pager"]);

/** Options of git itself that take a value in the next word. */
const WITH_VALUE = new Set(["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path"]);

function effectOfGit(words: readonly string[], branch: string): Effect {
  const first = words.findIndex((word) => !PRINTING.has(word));
  const [verb = "", ...rest] = words.slice(Math.max(0, first));
  if (verb === "push") return effectOfPush(rest, branch);
  if (verb.startsWith("-")) {
    // In another directory or with another configuration a push may go anywhere, and surely there.
    return pushBehind(words, branch) === "writes" ? "writes" : "unknown";
  }
  const allowed = GIT.get(verb);
  return allowed !== undefined && hasOnly(rest, allowed) ? "harmless" : "unknown";
}

function pushBehind(words: readonly string[], branch: string): Effect {
  let at = 0;
  while (at < words.length && (words[at] ?? "").startsWith("-")) {
    at += WITH_VALUE.has(words[at] ?? "") ? 2 : 1;
  }
  return words[at] === "push" ? effectOfPush(words.slice(at + 1), branch) : "unknown";
}

const PUSH_OPTION =
  /^(?:-[ufqvn]+|--(?:set-upstream|force|force-with-lease|no-verify|quiet|verbose|dry-run|porcelain|atomic|progress))$/u;
const EVERYTHING =
  /^--(?:al|all|mi|mir|mirr|mirro|mirror|br|bra|bran|branc|branch|branche|branches)$/u;

/** A name of a branch that means nothing else to git. */
const BRANCH =
  /^(?!refs\/|heads\/|tags\/|remotes\/|HEAD$|FETCH_HEAD$)[A-Za-z0-9][A-Za-z0-9._/-]*$/u;

function effectOfPush(words: readonly string[], branch: string): Effect {
  if (words.some((word) => EVERYTHING.test(word))) return "writes";
  const options = words.filter((word) => word.startsWith("-"));
  const [remote, ...refspecs] = words.filter((word) => !word.startsWith("-"));
  const effects = refspecs.map((refspec) => effectOfRefspec(refspec, branch));
  if (refspecs.length === 0 || effects.includes("writes")) return "writes";
  const isCertain =
    remote === "origin" &&
    options.every((option) => PUSH_OPTION.test(option)) &&
    effects.every((effect) => effect === "harmless");
  return isCertain ? "harmless" : "unknown";
}

function effectOfRefspec(refspec: string, branch: string): Effect {
  const [from = "", to = from, ...more] = refspec.replace(/^\+/u, "").split(":");
  // The current branch may be the default one; `:` alone pushes all that are there on both sides.
  if (!refspec.includes(":") && /^(?:HEAD|@)$/u.test(to)) return "writes";
  if (to === "" && from === "") return "writes";
  const name = to.replace(/^(?:refs\/)?heads\//u, "");
  if (name === branch) return "writes";
  const isPlain = more.length === 0 && BRANCH.test(to.replace(/^refs\/heads\//u, ""));
  return isPlain && /^[A-Za-z0-9._/-]+$/u.test(from) ? "harmless" : "unknown";
}

const SHOWN_BY_GH =
  /^(?:pr (?:view|list|diff|status|checks)|issue (?:view|list|status)|run (?:list|view)|repo view)$/u;
const GH_OPTION =
  /^--(?:json|jq|state|limit|label|author|comments|repo|base|head|title|body|draft|fill|assignee|reviewer)(?:=.*)?$/u;

function effectOfGitHub(words: readonly string[]): Effect {
  const [group = "", verb = "", ...rest] = words;
  if (group === "pr" && words.includes("merge")) return "writes";
  const action = `${group} ${verb}`;
  const isKnown = SHOWN_BY_GH.test(action) || action === "pr create";
  return isKnown && hasOnly(rest, { options: GH_OPTION }) ? "harmless" : "unknown";
}

/** What ends one command of a shell and begins the next. */
const BETWEEN = /&&|\|\||[;|&\n()]/u;

/** Where a shell may read more into a line, it still denies what is to be seen in it. */
function looksLikeWriting(command: string, branch: string): boolean {
  return command.split(BETWEEN).some((part) => {
    const words = part
      .trim()
      .split(/\s+/u)
      .map((word) => word.replaceAll(/["']/gu, ""));
    const [program = "", ...rest] = words;
    const name = program.replace(SYSTEM, "");
    if (name === "git") return pushBehind(rest, branch) === "writes";
    return name === "gh" && rest[0] === "pr" && rest.includes("merge");
  });
}
