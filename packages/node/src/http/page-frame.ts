import { escapeHtml } from './escape-html.ts';

/** The style of the pages that have a number, a code or a form. */
export const PAGE_STYLE = `
:root { color-scheme: light dark }
body { font: 17px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; max-width: 30em; margin: 3em auto; padding: 0 1em }
h1 { font-size: 1.5em; margin: 0 0 .5em; overflow-wrap: anywhere }
p, li { overflow-wrap: anywhere }
.number, .code { font: 600 1.5em ui-monospace, monospace; user-select: all }
.code { letter-spacing: .15em; margin-right: .6em }
ul { list-style: none; padding: 0 }
small { color: #666 }
label, input { display: block; width: 100%; box-sizing: border-box }
input { font: inherit; padding: .5em .7em; margin: .3em 0 1em; border: 1px solid #777; border-radius: .5em }
.problem { color: #b3261e; font-weight: 600 }
@media (prefers-color-scheme: dark) { small { color: #aaa } .problem { color: #ff8a80 } }
.button { display: inline-block; font: inherit; background: #1a73b8; color: #fff; padding: .6em 1.6em; border: 1px solid #1a73b8; border-radius: 1.4em; text-decoration: none; font-weight: 600; cursor: pointer }
.plain { background: none; color: inherit }
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
