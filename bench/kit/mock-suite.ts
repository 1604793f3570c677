import assert from 'node:assert/strict';
import { TinyBot, type Update } from './tiny-bot.ts';

interface MockCall {
  method: string;
  params: Record<string, unknown>;
}

/** Stands in for `fetch`: hands out updates that the test makes up, and notes what the bot calls. */
class MockFetch {
  readonly #updates: Update[] = [];
  readonly #calls: MockCall[] = [];
  #wake: (() => void) | undefined;
  #noted: (() => void) | undefined;
  #lastId = 0;

  readonly fetch = async (url: string, { body, signal }: { body: string; signal?: AbortSignal }): Promise<Response> => {
    const method = url.slice(url.lastIndexOf('/') + 1);
    const params = JSON.parse(body) as Record<string, unknown>;
    if (method === 'getUpdates') return answer(await this.#takeUpdates(signal));
    this.#calls.push({ method, params });
    this.#noted?.();
    return answer(method === 'sendMessage' ? { message_id: ++this.#lastId, date: 0, chat: { id: params['chat_id'], type: 'private' }, text: params['text'] } : true);
  };

  give(update: Omit<Update, 'update_id'>): void {
    this.#updates.push({ update_id: ++this.#lastId, ...update });
    this.#wake?.();
  }

  /** The next call that the bot has made, or makes. */
  async nextCall(): Promise<MockCall> {
    while (this.#calls.length === 0) await new Promise<void>((resolve) => (this.#noted = resolve));
    return this.#calls.shift()!;
  }

  async #takeUpdates(signal: AbortSignal | undefined): Promise<Update[]> {
    while (this.#updates.length === 0) {
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve;
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    }
    return this.#updates.splice(0);
  }
}

const answer = (result: unknown): Response => new Response(JSON.stringify({ ok: true, result }), { headers: { 'content-type': 'application/json' } });

/** The same test as in a cloud, with a mock of `fetch` that answers at once and knows nothing. */
export async function testWithMock(n: number): Promise<void> {
  const mock = new MockFetch();
  const bot = new TinyBot({ apiRoot: 'http://bots.test', token: '1:secret', fetch: mock.fetch });
  const chat = { id: 1 };
  try {
    mock.give({ message: { message_id: 1, text: '/start', chat } });
    assert.equal((await mock.nextCall()).params['text'], 'Hello!');
    mock.give({ message: { message_id: 3, text: `words ${n}`, chat } });
    assert.equal((await mock.nextCall()).params['text'], `You wrote: words ${n}`);
    mock.give({ callback_query: { id: '1', data: 'press', message: { message_id: 2, chat } } });
    assert.equal((await mock.nextCall()).params['text'], 'Pressed 1 times');
    assert.equal((await mock.nextCall()).params['text'], 'Thank you');
  } finally {
    await bot.stop();
  }
}
