import type { ServerInfo } from '@aerogram/dev-env/load';
import { KeptConnection } from './kept-connection.ts';
import { sourceAddress } from './outcome.ts';

/** A message as a bot is told of it; what the load looks at. */
interface GotUpdate {
  update_id: number;
  message?: { text?: string; chat: { id: number } };
}

/** How long a poller lets the server wait, in seconds: the longest time. */
export const POLL_S = 50;

/** A bot that calls the Bot API over a connection that it keeps. */
export class HttpBot implements Disposable {
  readonly #connection: KeptConnection;
  readonly #path: string;

  private constructor(connection: KeptConnection, token: string) {
    this.#connection = connection;
    this.#path = `/bot${token}/`;
  }

  /** @param n says from which address */
  static async open({ http }: ServerInfo, token: string, n: number): Promise<HttpBot> {
    return new HttpBot(await KeptConnection.open({ ...http, localAddress: sourceAddress(n) }), token);
  }

  /** Calls a method and returns its result. @throws Error with the description; {@link isRefused} tells whether the bot was too fast */
  async call<Result = unknown>(method: string, params: object): Promise<Result> {
    const { status, body } = await this.#connection.post(this.#path + method, params);
    const answer = JSON.parse(body) as { result: Result; description?: string };
    if (status !== 200) throw Object.assign(new Error(`${method}: ${status} ${answer.description}`), { status });
    return answer.result;
  }

  /** Fetches updates for ever, until the connection is closed. The first call confirms what waits and is not told. */
  async poll(onText: (text: string, chatId: number) => void): Promise<void> {
    const [last] = await this.call<GotUpdate[]>('getUpdates', { offset: -1 });
    let offset = (last?.update_id ?? -1) + 1;
    const follow = async (): Promise<void> => {
      for (;;) {
        const updates = await this.call<GotUpdate[]>('getUpdates', { offset, timeout: POLL_S });
        for (const { update_id, message } of updates) {
          offset = update_id + 1;
          if (message?.text !== undefined) onText(message.text, message.chat.id);
        }
      }
    };
    // The loop ends with the connection.
    follow().catch(() => {});
  }

  [Symbol.dispose](): void {
    this.#connection[Symbol.dispose]();
  }
}

/** Whether a call failed because the bot was too fast. */
export const isRefused = (error: unknown): boolean => error instanceof Error && (error as { status?: number }).status === 429;
