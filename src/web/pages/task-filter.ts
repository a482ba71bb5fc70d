import { html } from "hono/html";
import type { TaskState } from "../../core/task/task.ts";
import { plainLine } from "../../core/text/quote.ts";
import type { Html } from "./document.ts";
import { STATE_NAMES } from "./task-label.ts";

/** Which tasks are shown; null for all. */
export interface ListFilter {
  readonly state: TaskState | null;
  /** E.g. `octo-org/hello`. */
  readonly repository: string | null;
  readonly kind: string | null;
  readonly requester: string | null;
  readonly search: string | null;
}

/** What can be chosen. */
export interface FilterChoices {
  /** Those that the viewer can read, e.g. `octo-org/hello`. */
  readonly repositories: readonly string[];
  readonly kinds: readonly string[];
}

/** The longest text that a field of the filter takes. */
const MAX_FILTER = 200;
/** The most repositories among which one is chosen. */
const MAX_OPTIONS = 100;

export function hasFilter(filter: ListFilter): boolean {
  return Object.values(filter).some((value) => value !== null);
}

/** The address of a page of the list. @param page a cursor; none for the newest tasks */
export function listPath(
  filter: ListFilter,
  page: { readonly before?: string; readonly after?: string } = {},
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...page })) {
    if (value !== null) query.set(name, value);
  }
  return query.size === 0 ? "/" : `/?${query.toString()}`;
}

/** The fields of the filter, as a form that only asks for another page. */
export function filterForm(filter: ListFilter, choices: FilterChoices): Html {
  const states = Object.entries(STATE_NAMES).map(([value, text]) => ({ value, text }));
  return html`<form class="filter" method="get" action="/" role="search" aria-label="Tasks">
    ${textField({ name: "search", label: "Search", type: "search", value: filter.search })}
    ${choiceField({ name: "state", label: "State", value: filter.state, options: states })}
    ${repositoryField(filter, choices)}
    ${choiceField({
      name: "kind",
      label: "Kind",
      value: filter.kind,
      options: choices.kinds.map(asOption),
    })}
    ${textField({
      name: "requester",
      label: "Requested by",
      type: "text",
      value: filter.requester,
    })}
    <div class="filter-buttons">
      <button class="button">Filter</button>
      ${hasFilter(filter) ? html`<a class="button" href="/">Clear</a>` : ""}
    </div>
  </form>`;
}

/** Of some, one is chosen; of many, one is typed: nobody looks through thousands, and each page would have them all. */
function repositoryField({ repository: value }: ListFilter, { repositories }: FilterChoices): Html {
  const field = { name: "repository", label: "Repository", value };
  return repositories.length > MAX_OPTIONS
    ? textField({ ...field, type: "text", placeholder: "OWNER/NAME" })
    : choiceField({ ...field, options: repositories.map(asOption) });
}

function asOption(value: string): Option {
  return { value, text: plainLine(value, MAX_FILTER) };
}

interface Option {
  readonly value: string;
  readonly text: string;
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly value: string | null;
}

interface TextField extends Field {
  readonly type: "text" | "search";
  readonly placeholder?: string;
}

function textField({ name, label, value, type, placeholder }: TextField): Html {
  return html`<div class="field ${name}">
    <label for="filter-${name}">${label}</label>
    <input
      id="filter-${name}"
      name="${name}"
      type="${type}"
      value="${value ?? ""}"
      ${placeholder === undefined ? "" : html`placeholder="${placeholder}"`}
      maxlength="${MAX_FILTER}"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
    />
  </div>`;
}

/** What somebody chose stays chosen, though it isn't among the options. */
function choiceField({
  name,
  label,
  value,
  options,
}: Field & { readonly options: readonly Option[] }): Html {
  const isKnown = value === null || options.some((option) => option.value === value);
  const all = isKnown ? options : [asOption(value), ...options];
  return html`<div class="field">
    <label for="filter-${name}">${label}</label>
    <select id="filter-${name}" name="${name}">
      <option value="">All</option>
      ${all.map(
        (option) =>
          html`<option value="${option.value}" ${option.value === value ? "selected" : ""}>
            ${option.text}
          </option>`,
      )}
    </select>
  </div>`;
}

/** The filter that an address asks for. A state that there isn't is none. @param query by a parameter's name */
export function readFilter(query: (name: string) => string | undefined): ListFilter {
  const text = (name: string): string | null => {
    const typed = query(name)?.trim().slice(0, MAX_FILTER) ?? "";
    // No name has control characters, and PostgreSQL refuses U+0000.
    const value = typed.toWellFormed().replaceAll(/\p{Cc}/gu, "\u{FFFD}");
    return value === "" ? null : value;
  };
  const state = text("state");
  return {
    state: isState(state) ? state : null,
    repository: text("repository"),
    kind: text("kind"),
    requester: text("requester")?.replace(/^@/u, "") ?? null,
    search: text("search"),
  };
}

function isState(text: string | null): text is TaskState {
  return text !== null && Object.hasOwn(STATE_NAMES, text);
}
