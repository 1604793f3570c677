import type { ServerFile } from '@aerogram/runtime';
import { listClientSettings } from './client-settings.ts';
import { escapeHtml } from './escape-html.ts';
import { pagePolicy } from './page-policy.ts';

const STYLE = `
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8884; border-radius: 6px; font-size: 13px; line-height: 1.4 }
dt { font-weight: 600 } dd { margin: 0 0 .5rem }
summary { cursor: pointer; font-weight: 600; padding: .4rem 0 }
.warning { border-left: 4px solid #c60; padding-left: .75rem }
`;

/** The policy of the page about the server, and of everything else that `createOpsHandler` answers itself. */
export const ABOUT_PAGE_POLICY = pagePolicy(STYLE);

function renderTestModeNote(): string {
  return `<p class="warning">Test mode is on: a phone number <code>99966XYYYY</code> logs in with the code <code>XXXXX</code>
(number 9996621234: code 22222), and anyone who can connect may use one.</p>`;
}

/**
 * Renders the page at `/about` of the HTTP port: that the server runs, and how to connect to it. It contains only what every client must know
 * anyway: addresses and public keys.
 * @param hasWebClient whether the web client is at `/`
 */
export function renderAboutPage(info: ServerFile, hasWebClient: boolean): string {
  const keys = info.public_keys.map(
    ({ pem, fingerprint }) => `<dd>fingerprint <code>${escapeHtml(fingerprint)}</code><pre>${escapeHtml(pem.trim())}</pre></dd>`,
  );
  const clients = listClientSettings(info).map(
    ({ title, note, text }) =>
      `<details><summary>${escapeHtml(title)}</summary><p>${escapeHtml(note)}</p><pre>${escapeHtml(text)}</pre></details>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Aerogram</title>
<style>${STYLE}</style>
<h1>Aerogram is running</h1>
<p>This is a messaging server that Telegram clients can use once they know its address and key.</p>
${hasWebClient ? '<p><a href="/">Open the web client</a></p>' : ''}
${info.test_mode ? renderTestModeNote() : ''}
<dl>
<dt>Address (MTProto over TCP, HTTP and WebSocket)</dt><dd><code>${escapeHtml(info.mtproto.host)}:${info.mtproto.port}</code></dd>
<dt>Data centre</dt><dd>${info.dc_id}</dd>
<dt>Newest layer</dt><dd>${info.layer}</dd>
<dt>Public ${keys.length === 1 ? 'key' : 'keys'}</dt>${keys.join('\n')}
</dl>
<h2>Connect a client</h2>
${clients.join('\n')}
</html>
`;
}
