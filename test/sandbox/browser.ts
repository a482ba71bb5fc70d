/** A browser without scripts: keeps cookies, doesn't follow redirects by itself. */
export interface Browser {
  /** Opens a page of GitHub's, or submits a form to it. */
  open(path: string, form?: Readonly<Record<string, string>>): Promise<Page>;
}

/** What the browser got. */
export interface Page {
  readonly status: number;
  readonly text: string;
  /** Where it's sent. */
  readonly location: string | null;
}

/** A browser in which nobody is signed in. */
export function createBrowser(origin: string): Browser {
  let cookie = "";
  return {
    async open(path, form) {
      const init = form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) };
      const headers = { cookie };
      const url = new URL(path, origin);
      const response = await fetch(url, { ...init, headers, redirect: "manual" });
      const [set] = response.headers.getSetCookie();
      if (set !== undefined) cookie = set.split(";")[0] ?? "";
      const { status } = response;
      return { status, text: await response.text(), location: response.headers.get("location") };
    },
  };
}
