import type { Serving } from './serving.ts';

/** An answer of the Bot API. */
export interface BotAnswer {
  ok: boolean;
  result?: unknown;
  error_code?: number;
  description?: string;
  parameters?: { retry_after?: number; migrate_to_chat_id?: number };
}

/** A program that is a bot over HTTP: calls of the Bot API with one token. */
export class BotHttp {
  readonly #server: Serving;
  readonly #token: string;

  constructor(server: Serving, token: string) {
    this.#server = server;
    this.#token = token;
  }

  /** The address of a method, or of the folder of all methods; of the next node, if there are several. */
  url(method = ''): string {
    return `${this.#base()}/bot${this.#token}/${method}`;
  }

  /** The address of a file. */
  fileUrl(path: string): string {
    return `${this.#base()}/file/bot${this.#token}/${path}`;
  }

  /** Calls a method and returns its answer, good or bad. Parameters are sent as JSON, or as a form if some are files. */
  async ask(method: string, params: Record<string, unknown> = {}, signal?: AbortSignal): Promise<BotAnswer> {
    const response = await fetch(this.url(method), { method: 'POST', ...bodyOf(params), ...(signal ? { signal } : {}) });
    const answer = (await response.json()) as BotAnswer;
    if (response.status !== (answer.ok ? 200 : answer.error_code)) throw new Error(`status ${response.status} with ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Calls a method that must succeed and returns its result. */
  async call<Result = Record<string, unknown>>(method: string, params: Record<string, unknown> = {}): Promise<Result> {
    const answer = await this.ask(method, params);
    if (!answer.ok) throw new Error(`${method}: ${answer.error_code} ${answer.description}`);
    return answer.result as Result;
  }

  /** Calls a method that must fail and returns code and text, such as `400 Bad Request: chat not found`. */
  async refusal(method: string, params: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.ask(method, params);
    if (answer.ok) throw new Error(`${method} was not refused`);
    return `${answer.error_code} ${answer.description}`;
  }

  #base(): string {
    const { host, port } = this.#server.info.http;
    return `http://${host}:${port}`;
  }
}

function bodyOf(params: Record<string, unknown>): { body: FormData | string; headers?: Record<string, string> } {
  if (!Object.values(params).some((value) => value instanceof Blob)) return { body: JSON.stringify(params), headers: { 'Content-Type': 'application/json' } };
  const body = new FormData();
  for (const [name, value] of Object.entries(params)) {
    if (value instanceof File) body.append(name, value, value.name);
    else if (value instanceof Blob) body.append(name, value, name);
    else body.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return { body };
}
