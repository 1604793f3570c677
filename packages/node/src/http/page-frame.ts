import { escapeHtml } from './escape-html.ts';

/** What all pages share: a card before a sky, in the colours of the web client. */
export const PAGE_LOOK = `
:root { color-scheme: light dark; --paper: #fff; --ink: #17202e; --soft: #566274; --line: #c3cbd8; --accent: #2b5fd9; --on-accent: #fff; --bad: #c22b37; --sky: linear-gradient(160deg, #dde6f4, #e9e4f2) }
@media (prefers-color-scheme: dark) { :root { --paper: #171b22; --ink: #e8ecf3; --soft: #9aa6b8; --line: #465062; --accent: #86acff; --on-accent: #10151d; --bad: #ff9aa0; --sky: linear-gradient(160deg, #10151d, #151420) } }
html { min-height: 100%; background: var(--sky) fixed }
body { font: 1rem/1.45 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--ink); box-sizing: border-box; width: min(26rem, 100% - 2rem); margin: 10vh auto 2rem; padding: 2rem; background: var(--paper); border-radius: 16px; box-shadow: 0 8px 32px rgb(23 32 46 / 12%) }
h1 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 .5rem; overflow-wrap: anywhere }
a { color: var(--accent) }
`;

/** The style of the pages that have a number, a code or a form. */
export const PAGE_STYLE = `${PAGE_LOOK}
p, li { overflow-wrap: anywhere }
.number, .code { font: 600 1.5em ui-monospace, monospace; user-select: all }
.code { letter-spacing: .15em; margin-right: .6em }
ul { list-style: none; padding: 0 }
small { color: var(--soft) }
label, input { display: block; width: 100%; box-sizing: border-box }
input { font: inherit; padding: .5em .7em; margin: .3em 0 1em; border: 1px solid var(--line); border-radius: 10px; background: none; color: inherit }
.problem { color: var(--bad); font-weight: 600 }
.button { display: inline-block; font: inherit; background: var(--accent); color: var(--on-accent); padding: .6em 1.6em; border: 1px solid var(--accent); border-radius: 1.4em; text-decoration: none; font-weight: 600; cursor: pointer }
.plain { background: none; color: var(--accent) }
`;

/** A page that no search engine keeps. Pure. @param body HTML */
export function renderPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
