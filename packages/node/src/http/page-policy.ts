import { createHash } from 'node:crypto';

/** The policy of a page without scripts: it allows one style and nothing else, no script, no frame, no form, nothing from other places. Pure. */
export function pagePolicy(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return ["default-src 'none'", `style-src 'sha256-${hash}'`, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"].join('; ');
}
