import type { LinkPage } from '@aerogram/domain';
import { escapeHtml } from './escape-html.ts';
import { PAGE_LOOK } from './page-frame.ts';
import { pagePolicy } from './page-policy.ts';

const STYLE = `${PAGE_LOOK}
body { text-align: center }
h1 { margin: 0 }
p { overflow-wrap: anywhere }
.more { color: var(--soft); margin: 0 }
.open { display: inline-block; background: var(--accent); color: var(--on-accent); padding: .6em 1.6em; border: 1px solid var(--accent); border-radius: 1.4em; text-decoration: none; font-weight: 600 }
.app { background: none; color: var(--accent) }
`;

/** The policy of the pages of links. */
export const LINK_PAGE_POLICY = pagePolicy(STYLE);

const COUNTED = { user: '', group: 'member', channel: 'subscriber', folder: 'chat', stickers: 'sticker', emoji: 'custom emoji' } as const;
const WHAT = { user: 'person', group: 'group', channel: 'channel', folder: 'chat folder', stickers: 'sticker set', emoji: 'set of custom emoji' } as const;
const VERB = { user: 'Send a message', group: 'Join the group', channel: 'Join the channel', folder: 'Add the chat folder', stickers: 'View the stickers', emoji: 'View the emoji' } as const;
/** Maximum length of the description in UTF-16 units. */
const DESCRIPTION_MAX = 200;

/** The number of members in words; '' if there is none to show. */
function describeCount({ kind, count }: LinkPage): string {
  return count === undefined ? '' : `${count.toLocaleString('en-US')} ${COUNTED[kind]}${count === 1 || kind === 'emoji' ? '' : 's'}`;
}

function render({ head, body }: { head: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/**
 * Renders the page of a link. Pure.
 * @param appLink the address by which an app opens the link
 * @param webLink the address by which the web client of this server opens the link
 */
export function renderLinkPage(page: LinkPage, { appLink, webLink }: { appLink: string; webLink: string }): string {
  const { kind, title, about, username, requestNeeded } = page;
  const count = describeCount(page);
  const line = about.replaceAll(/\s+/g, ' ').trim();
  const description = Array.from(line === '' ? [count, `A ${WHAT[kind]} on Aerogram.`].filter(Boolean).join(' · ') : line).slice(0, DESCRIPTION_MAX).join('');
  // A private link is for those who got it, not for search engines.
  const robots = username === undefined ? '<meta name="robots" content="noindex, nofollow">\n' : '';
  const more = [username === undefined ? '' : `@${username}`, count].filter(Boolean).join(' · ');
  const text = escapeHtml(about).replaceAll('\n', '<br>');
  return render({
    head: `<title>${escapeHtml(title)}</title>
${robots}<meta name="description" content="${escapeHtml(description)}">
<meta property="og:site_name" content="Aerogram">
<meta property="og:type" content="website">
<meta property="og:title" content="${escapeHtml(title)}">
<meta property="og:description" content="${escapeHtml(description)}">`,
    body: `<h1 dir="auto">${escapeHtml(title)}</h1>
${more === '' ? '' : `<p class="more">${escapeHtml(more)}</p>\n`}${about === '' ? '' : `<p dir="auto">${text}</p>\n`}<p><a class="open" href="${escapeHtml(webLink)}">${requestNeeded ? 'Ask to join' : VERB[kind]}</a></p>
<p><a class="open app" href="${escapeHtml(appLink)}">Open in an app</a></p>`,
  });
}

/** The page of links to groups and channels of other data centres. */
export const ELSEWHERE_PAGE = render({
  head: '<title>At another server</title>\n<meta name="robots" content="noindex, nofollow">',
  body: '<h1>At another server</h1>\n<p>This link leads to a group or channel of another server of this service. It cannot be opened from here: only those who have their account there can join.</p>',
});

/** The page of all links that show nothing: those that lead nowhere, and those whose target is not for everybody. It does not say which. */
export const NOTHING_PAGE = render({
  head: '<title>Nothing to see here</title>\n<meta name="robots" content="noindex, nofollow">',
  body: '<h1>Nothing to see here</h1>\n<p>This link leads nowhere, or to something that is not public. If somebody gave it to you, open it in the app.</p>',
});
