import encodeQr from 'qr';
import { formatEndpoint, type ServerFile } from '@aerogram/runtime';
import { listClientSettings } from './client-settings.ts';
import { escapeHtml } from './escape-html.ts';
import { joinLink, keyHash, type ServerFace } from './join-by-address.ts';
import { pagePolicy } from './page-policy.ts';

const STYLE = `
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8884; border-radius: 6px; font-size: 13px; line-height: 1.4 }
dt { font-weight: 600 } dd { margin: 0 0 .5rem }
summary { cursor: pointer; font-weight: 600; padding: .4rem 0 }
.button { display: inline-block; padding: .5rem 1rem; border-radius: 8px; background: #2b5fd9; color: #fff; text-decoration: none; font-weight: 600 }
.codes { display: flex; flex-wrap: wrap; gap: 1.5rem } figure { margin: 0 } figcaption { max-width: 11rem; font-size: 14px }
figure svg { width: 11rem; height: 11rem; background: #fff; color: #000; border-radius: 8px } .hash { overflow-wrap: anywhere }
.warning { border-left: 4px solid #c60; padding-left: .75rem }
`;

/** The policy of the page about the server, and of everything else that `createOpsHandler` answers itself. */
export const ABOUT_PAGE_POLICY = pagePolicy(STYLE);

function renderTestModeNote(): string {
  return `<p class="warning">Test mode is on: a phone number <code>99966XYYYY</code> logs in with the code <code>XXXXX</code>
(number 9996621234: code 22222), and anyone who can connect may use one.</p>`;
}

/** Pictures that were drawn, by their text: drawing one takes milliseconds, and anybody may ask for the page as often as they like. */
const drawn = new Map<string, string>();
/** A machine with more addresses than this draws some of them again. */
const DRAWN_MAX = 32;

/** Draws a text so that cameras read it. */
function draw(text: string): string {
  const known = drawn.get(text);
  if (known !== undefined) return known;
  const picture = encodeQr(text, 'svg', { border: 2 });
  if (drawn.size >= DRAWN_MAX) drawn.clear();
  drawn.set(text, picture);
  return picture;
}

const code = (text: string, caption: string): string => `<figure>${draw(text)}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;

/** Digits in groups of four, so that people can compare them. */
const inGroups = (digits: string): string => digits.replace(/(.{4})(?=.)/g, '$1 ');

/** How apps join that take the address of a server from the person. @param pageAddress where browsers find this page, if others reach it by https */
function renderJoining(info: ServerFile, pageAddress: string | undefined): string {
  const link = joinLink(info);
  return `<h2>Join with an app</h2>
<p>Two families of apps for phones and computers ask for the address of a server, and need nothing else.</p>
<p><a class="button" href="${escapeHtml(link)}">Join with OwpenGram</a></p>
<div class="codes">${code(link, 'Scan it with the phone on which OwpenGram is installed')}${pageAddress === undefined ? '' : code(`${pageAddress}/about`, 'This page, on a phone')}</div>
<dl>
<dt>In OwpenGram, as the address of the server</dt><dd><code>${escapeHtml(formatEndpoint(info.mtproto))}</code></dd>
<dt>In SafeLink</dt><dd>${pageAddress === undefined ? 'it joins servers that are reached by https, and needs their address (AEROGRAM_WEB_ADDRESS)' : `<code>${escapeHtml(pageAddress)}</code>`}</dd>
<dt>Compare the key: SHA-256</dt><dd><code class="hash">${inGroups(keyHash(info.public_keys[0]!.pem))}</code></dd>
</dl>
<p>OwpenGram trusts the key that it finds at the address. Open “Advanced” there, and compare the key with the one on this page.</p>`;
}

/** What the page says beside addresses and keys. */
interface AboutPage extends ServerFace {
  /** Whether the web client is at `/`. */
  hasWebClient: boolean;
  /** Where browsers reach the HTTP port, as the operator has set it. */
  webAddress?: string | undefined;
}

/**
 * Renders the page at `/about` of the HTTP port: that the server runs, and how to connect to it. It contains only what every client must know
 * anyway: addresses and public keys.
 */
export function renderAboutPage(info: ServerFile, { hasWebClient, webAddress, serverName, serverDescription }: AboutPage): string {
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
<title>${escapeHtml(serverName)}</title>
<style>${STYLE}</style>
<h1>${escapeHtml(serverName)} is running</h1>
${serverDescription === undefined ? '' : `<p>${escapeHtml(serverDescription)}</p>`}
<p>This is a messaging server that Telegram clients can use once they know its address and key.</p>
${hasWebClient ? '<p><a href="/">Open the web client</a></p>' : ''}
${info.test_mode ? renderTestModeNote() : ''}
<dl>
<dt>Address (MTProto over TCP, HTTP and WebSocket)</dt><dd><code>${escapeHtml(info.mtproto.host)}:${info.mtproto.port}</code></dd>
<dt>Data centre</dt><dd>${info.dc_id}</dd>
<dt>Newest layer</dt><dd>${info.layer}</dd>
<dt>Public ${keys.length === 1 ? 'key' : 'keys'}</dt>${keys.join('\n')}
</dl>
${renderJoining(info, webAddress?.startsWith('https:') === true ? webAddress : undefined)}
<h2>Connect a client</h2>
${clients.join('\n')}
</html>
`;
}
