import type { EnteredAccount } from '@aerogram/domain';
import { escapeHtml } from '../http/escape-html.ts';
import { PAGE_STYLE, renderPage } from '../http/page-frame.ts';
import { scriptedPagePolicy } from '../http/page-policy.ts';

/** Every so many milliseconds the page asks for codes, as long as somebody looks at it and the session lasts. */
const ASK_MS = 3000;

/** Shows the codes that apps ask for. It writes texts only, so nothing that an app calls itself becomes part of the page. */
const script = (lifeS: number): string => `
const list = document.getElementById('codes');
const none = document.getElementById('none');
const until = Date.now() + ${lifeS * 1000};
let shown = list.dataset.shown;
const show = ({ codes }) => {
  const now = JSON.stringify(codes);
  if (now === shown) return;
  shown = now;
  none.hidden = codes.length > 0;
  list.replaceChildren(...codes.map(({ code, device }) => {
    const item = document.createElement('li');
    const digits = document.createElement('span');
    const small = document.createElement('small');
    digits.className = 'code';
    digits.textContent = code;
    small.textContent = device;
    item.append(digits, small);
    return item;
  }));
};
const ask = async () => {
  if (Date.now() > until) return location.reload();
  try {
    const answer = document.hidden ? undefined : await fetch('/enter/codes', { cache: 'no-store' });
    if (answer && answer.status === 401) return location.reload();
    if (answer && answer.ok) show(await answer.json());
  } catch {}
  setTimeout(ask, ${ASK_MS});
};
setTimeout(ask, ${ASK_MS});
`;

/** The pages at /enter. */
export class EnterPages {
  readonly policy: string;
  readonly #name: string;
  readonly #address: string;
  readonly #script: string;

  /** @param page `name`: of what people log in with; `address`: of the page, as browsers reach it */
  constructor({ name, address, sessionS }: { name: string; address: string; sessionS: number }) {
    this.#name = escapeHtml(name);
    this.#address = escapeHtml(address);
    this.#script = script(sessionS);
    this.policy = scriptedPagePolicy(PAGE_STYLE, this.#script);
  }

  /** For somebody who has to log in at the provider. */
  renderStart(): string {
    return renderPage('Log in', `<h1>Log in with ${this.#name}</h1>
<p>You get a number for your app here, and see the codes with which the app logs in.</p>
<p><a class="button" href="${this.#address}/go">Log in with ${this.#name}</a></p>`);
  }

  /** For somebody who was not let in, or whose log-in cannot be finished. */
  renderProblem(title: string, text: string): string {
    return renderPage(title, `<h1>${escapeHtml(title)}</h1>
<p role="alert">${escapeHtml(text)}</p>
<p><a class="button plain" href="${this.#address}">Back</a></p>`);
  }

  /** For somebody who has logged in. */
  renderEntered({ name, phone, codes }: EnteredAccount): string {
    const items = codes.map(({ code, device }) => `<li><span class="code">${escapeHtml(code)}</span><small>${escapeHtml(device)}</small></li>`).join('');
    const shown = JSON.stringify(describeCodes(codes));
    return renderPage('Your number', `<h1 dir="auto">${escapeHtml(name)}</h1>
<p>Your number is <br><span class="number" id="number">+${escapeHtml(phone)}</span></p>
<p>Enter it in the app. The code that the app then asks for appears here.</p>
<div aria-live="polite"><ul id="codes" data-shown="${escapeHtml(shown)}">${items}</ul>
<p id="none"${codes.length > 0 ? ' hidden' : ''}><small>No app waits for a code.</small></p></div>
<p><small>Enter a code only in an app of your own, and tell it to nobody.</small></p>
<p><a class="button" href="/">Open the web client</a></p>
<form method="post" action="${this.#address}/out"><button class="button plain">Leave this page</button></form>
<script>${this.#script}</script>`);
  }
}

/** The codes as the script of the page gets them: neither times nor anything else that changes while they wait. Pure. */
export function describeCodes(codes: EnteredAccount['codes']): { code: string; device: string }[] {
  return codes.map(({ code, device }) => ({ code, device }));
}
