/** As many as a repository that was renamed, transferred and renamed again takes. */
const MAX_REDIRECTS = 5;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);

/**
 * Fetches, and repeats the request as it is where GitHub says that a thing has moved, as GitHub asks for
 * (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects).
 * `fetch` alone would turn a POST that meets a 301 into a GET, whose answer looks like success. Another host
 * doesn't get the token: such an answer is given back as it is.
 */
export async function fetchWhereverItIs(url: string, options: RequestInit): Promise<Response> {
  let at = url;
  for (let hop = 0; ; hop += 1) {
    const response = await fetch(at, { ...options, redirect: "manual" });
    const location = response.headers.get("location");
    if (!REDIRECTS.has(response.status) || location === null || hop === MAX_REDIRECTS) {
      return response;
    }
    const next = new URL(location, at);
    if (next.origin !== new URL(at).origin) return response;
    await response.body?.cancel();
    at = next.href;
  }
}
