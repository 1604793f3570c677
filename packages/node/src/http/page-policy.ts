import { createHash } from 'node:crypto';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The policy of a page without scripts: it allows one style and nothing else, no script, no frame, no form, nothing from other places. Pure. */
export function pagePolicy(style: string): string {
  return ["default-src 'none'", `style-src ${hashOf(style)}`, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"].join('; ');
}

/** The policy of a page without scripts, with forms for this server. Pure. */
export function formPagePolicy(style: string): string {
  return ["default-src 'none'", `style-src ${hashOf(style)}`, "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"].join('; ');
}

/** The policy of a page with one script, which may ask this server, and with forms for this server. Pure. */
export function scriptedPagePolicy(style: string, script: string): string {
  return ["default-src 'none'", `style-src ${hashOf(style)}`, `script-src ${hashOf(script)}`, "connect-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"].join('; ');
}
