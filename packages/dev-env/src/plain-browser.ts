/** How many times one visit may be sent on. */
const HOPS_MAX = 20;

/** What a visit ended with. */
export interface Visit {
  /** The address that answered, with the part behind `#`. */
  url: string;
  status: number;
  headers: Headers;
  text: string;
}

/** How an address is opened. */
export interface VisitOptions {
  method?: string;
  headers?: Record<string, string>;
  /** What a form sends. */
  form?: Record<string, string>;
  until?: (url: string) => boolean;
}

/** A browser without scripts: it keeps cookies, one jar a host, and goes where it is sent. */
export class PlainBrowser {
  /** By host and name. */
  readonly cookies = new Map<string, string>();

  /** Opens an address. @param until stops before it goes to such an address, which is the last one then */
  async visit(address: string, { method = 'GET', headers = {}, form, until = () => false }: VisitOptions = {}): Promise<Visit> {
    let [url, verb, body] = [address, method, form];
    for (let hops = 0; hops < HOPS_MAX; hops++) {
      const { host } = new URL(url);
      const cookie = [...this.cookies].flatMap(([key, value]) => (key.startsWith(`${host} `) ? [`${key.slice(host.length + 1)}=${value}`] : [])).join('; ');
      const answer = await fetch(url, { method: verb, redirect: 'manual', headers: { ...headers, ...(cookie === '' ? {} : { cookie }) }, ...(body === undefined ? {} : { body: new URLSearchParams(body) }) });
      this.#keep(host, answer.headers.getSetCookie());
      const location = answer.headers.get('location');
      const next = location === null ? undefined : new URL(location, url).href;
      if (next === undefined || until(next)) return { url: next ?? url, status: answer.status, headers: answer.headers, text: await answer.text() };
      await answer.body?.cancel();
      [url, verb, body] = [next, 'GET', undefined];
    }
    throw new Error(`the visit to ${address} was sent on too often`);
  }

  #keep(host: string, lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...rules] = line.split(';');
      const at = pair.indexOf('=');
      const key = `${host} ${pair.slice(0, at)}`;
      const isGone = pair.length === at + 1 || rules.some((rule) => /^\s*(max-age=0|expires=Thu, 01 Jan 1970)/i.test(rule));
      if (isGone) this.cookies.delete(key);
      else this.cookies.set(key, pair.slice(at + 1));
    }
  }
}
