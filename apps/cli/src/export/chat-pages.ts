import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeHtml } from '@aerogram/node';

/** Maximum number of messages on one page. */
const PAGE_MESSAGES = 1000;

/** A message as a page shows it. */
export interface ShownMessage {
  id: number;
  /** Unix seconds. */
  date: number;
  from: string;
  text: string;
  /** What happened, for a message without text. */
  note: string | undefined;
  /** Path of the file in the export. */
  file: string | undefined;
  isPhoto: boolean;
}

/** A chat as the list of chats shows it. */
export interface ShownChat {
  title: string;
  messages: number;
  /** The first page, or undefined for a chat without messages. */
  page: string | undefined;
}

const STYLE = 'body{font:15px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#222}article{margin:.8rem 0}time{color:#888;font-size:.8rem}p{margin:.1rem 0;white-space:pre-wrap;overflow-wrap:anywhere}img{max-width:20rem;border-radius:6px}dt{color:#888}dd{margin:0 0 .5rem}';

/** A page without any script: texts are shown as they are. @param body HTML */
function pageOf(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><h1>${escapeHtml(title)}</h1>
${body}
</body></html>
`;
}

const whenOf = (date: number): string => new Date(date * 1000).toISOString().replace('.000Z', ' UTC').replace('T', ' ');

function renderMessage({ id, date, from, text, note, file, isPhoto }: ShownMessage): string {
  const href = file === undefined ? undefined : escapeHtml(`../${file.split('/').map(encodeURIComponent).join('/')}`);
  const name = file === undefined ? '' : escapeHtml(file.slice(file.indexOf('-') + 1));
  const link = href === undefined ? '' : `<a href="${href}" download>${isPhoto ? `<img src="${href}" alt="${name}" loading="lazy">` : name}</a>`;
  const words = note === undefined ? '' : `<p><i>${escapeHtml(note)}</i></p>`;
  return `<article id="m${id}"><b>${escapeHtml(from)}</b> <time>${whenOf(date)}</time>${words}${text === '' ? '' : `<p>${escapeHtml(text)}</p>`}${link}</article>`;
}

/** Writes the pages of one chat, the newest messages first. */
export class ChatPages {
  readonly #dir: string;
  readonly #file: string;
  readonly #title: string;
  #articles: string[] = [];
  #count = 0;
  #pages = 0;

  /** @param dir of the export @param file how the names of its pages begin */
  constructor(dir: string, file: string, title: string) {
    this.#dir = dir;
    this.#file = file;
    this.#title = title;
  }

  async add(message: ShownMessage): Promise<void> {
    if (this.#articles.length === PAGE_MESSAGES) await this.#write(true);
    this.#articles.push(renderMessage(message));
    this.#count++;
  }

  /** Writes the last page. */
  async finish(): Promise<ShownChat> {
    if (this.#articles.length > 0) await this.#write(false);
    return { title: this.#title, messages: this.#count, page: this.#pages === 0 ? undefined : this.#nameOf(0) };
  }

  #nameOf(page: number): string {
    return `chats/${this.#file}-${page + 1}.html`;
  }

  async #write(goesOn: boolean): Promise<void> {
    const page = this.#pages++;
    const linkTo = (other: number, words: string): string => `<a href="../${this.#nameOf(other)}">${words}</a> `;
    const links = `<p><a href="../index.html">All chats</a> ${page > 0 ? linkTo(page - 1, 'Newer') : ''}${goesOn ? linkTo(page + 1, 'Older') : ''}</p>`;
    await writeFile(join(this.#dir, this.#nameOf(page)), pageOf(this.#title, `${links}${this.#articles.join('\n')}${links}`), { mode: 0o600 });
    this.#articles = [];
  }
}

/** Writes the page with which one begins. @param facts about the account, in words */
export async function writeIndex(dir: string, { name, facts, chats }: { name: string; facts: readonly (readonly [string, string])[]; chats: readonly ShownChat[] }): Promise<void> {
  const about = facts.map(([what, value]) => `<dt>${escapeHtml(what)}</dt><dd>${escapeHtml(value)}</dd>`).join('\n');
  const list = chats.map(({ title, messages, page }) => `<li>${page === undefined ? escapeHtml(title) : `<a href="${page}">${escapeHtml(title)}</a>`} (${messages})</li>`).join('\n');
  await writeFile(join(dir, 'index.html'), pageOf(`Data of ${name}`, `<dl>${about}</dl><h2>Chats</h2><ul>${list}</ul><p>The same for programs: <a href="account.json">account.json</a> and the files .json in <a href="chats/">chats</a>.</p>`), { mode: 0o600 });
}
