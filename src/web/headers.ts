import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { GitHubHosts } from "../core/github/hosts.ts";
import { STYLE_SOURCE } from "./pages/style.ts";

/**
 * What browsers may do with the pages: show them with their own style and script, alone in a window, send their forms, and
 * ask the bot what's new.
 */
export function pageHeaders(publicUrl: string, hosts: GitHubHosts): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: [STYLE_SOURCE],
      scriptSrc: ["'self'"],
      connectSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: formTargets(hosts),
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    // A page whose forms need another policy sets it itself.
    overwrite: false,
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
    strictTransportSecurity: publicUrl.startsWith("https:") && "max-age=31536000",
    permissionsPolicy: {
      camera: [],
      displayCapture: [],
      geolocation: [],
      microphone: [],
      payment: [],
      publickeyCredentialsGet: [],
      usb: [],
    },
  });
}

/**
 * Browsers check a form's target also after a redirect, and signing in begins with a form. An Enterprise Server
 * may redirect once more, to whatever identity provider it uses.
 */
function formTargets({ kind, web }: GitHubHosts): string[] {
  return ["'self'", web, ...(kind === "server" ? ["https:"] : [])];
}
