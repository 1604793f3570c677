import { signal } from '@preact/signals';

/** A request that the server refused; the message is for people. */
export class Refused extends Error {
  override name = 'Refused';
  readonly status: number;
  readonly code: string | undefined;

  constructor(status: number, { error, code }: { error?: string; code?: string }) {
    super(error ?? 'The server refused it.');
    this.status = status;
    this.code = code;
  }
}

/** The admin who is logged in; null: nobody; undefined: not known yet. */
export const me = signal<{ id: string; name: string } | null | undefined>(undefined);

/** Sends a request to the server. @throws Refused, or an error of the browser without a connection */
export async function post<T>(path: string, body: object = {}): Promise<T> {
  const response = await fetch(`/admin/api/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Aerogram-Admin': '1' }, body: JSON.stringify(body) });
  const value = (await response.json().catch(() => ({}))) as T;
  if (response.ok) return value;
  if (response.status === 401) me.value = null;
  throw new Refused(response.status, value as { error?: string; code?: string });
}

/** Runs a command of the command line. @param isQuiet the page asks by itself, which does not keep the session from ending */
export const command = <T>(name: string, args: object = {}, isQuiet = false): Promise<T> => post<T>('command', { command: name, args, isQuiet });

/** What is wrong, for people. */
export const wordsOf = (error: unknown): string => (error instanceof Refused ? error.message : 'The server does not answer.');
