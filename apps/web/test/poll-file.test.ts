import { afterEach, expect, test, vi } from 'vitest';
import type { LocalFile, SentKind } from '../src/protocol/index.ts';

const said: string[] = [];
let sends: SentKind[] = [];
/** Answers the upload that was asked for last. */
let settle: { arrive(role: string): void; fail(code: string): void };

vi.hoisted(() => vi.stubGlobal('location', { hash: '', origin: '' }));
vi.mock('../src/page/ground/link.ts', () => {
  class RefusedError extends Error {
    readonly refusal = { code: this.message };
  }
  const ask = (name: string): Promise<unknown> => {
    said.push(name);
    if (name === 'files.limits') return Promise.resolve({ fileBytes: 10 });
    if (name !== 'polls.upload') return Promise.resolve();
    return new Promise((resolve, reject) => (settle = { arrive: resolve, fail: (code) => reject(new RefusedError(code)) }));
  };
  return { RefusedError, ask, peerSignal: () => ({ value: { rights: { sends } } }) };
});
vi.mock('../src/page/files/prepare-file.ts', () => ({
  readFacts: (file: File) => Promise.resolve({ file, name: file.name, as: file.type.split('/')[1] }),
  prepareFile: (facts: LocalFile) => Promise.resolve(facts),
}));
const { ANSWER_KINDS, PollFile, TEXT_KINDS } = await import('../src/page/polls/poll-file.ts');

const fileOf = (kind: string, bytes = 1): File => new File(['x'.repeat(bytes)], 'x', { type: `as/${kind}` });
const until = async (name: string): Promise<void> => vi.waitFor(() => expect(said.at(-1)).toBe(name));

afterEach(() => {
  said.length = 0;
  sends = [];
});

test('a poll waits for a file from the moment it is chosen until it has arrived', async () => {
  sends = ['photo'];
  const file = new PollFile(5, ANSWER_KINDS);
  expect(file.isReady.value).toBe(true);
  const choosing = file.choose(fileOf('photo'));
  expect(file.isReady.value).toBe(false);
  await until('polls.upload');
  expect([file.isReady.value, file.chosen.value?.state]).toEqual([false, 'sending']);
  settle.arrive('photo');
  await choosing;
  expect([file.isReady.value, file.chosen.value?.state]).toEqual([true, 'arrived']);
  file.remove();
  expect([file.upload, said.at(-1)]).toEqual([undefined, 'polls.dropUpload']);
});

test('a file that the server refuses says why, and can be tried again', async () => {
  sends = ['photo'];
  const file = new PollFile(5, ANSWER_KINDS);
  const choosing = file.choose(fileOf('photo'));
  await until('polls.upload');
  settle.fail('IMAGE_PROCESS_FAILED');
  await choosing;
  expect([file.isReady.value, file.chosen.value?.state, file.problem.value]).toEqual([false, 'failed', 'The server cannot read this picture. Send it as a file.']);
  const again = file.retry();
  await until('polls.upload');
  settle.arrive('photo');
  await again;
  expect([file.isReady.value, file.problem.value]).toEqual([true, undefined]);
});

test('what is taken away while it is on its way does not come back', async () => {
  sends = ['photo'];
  const file = new PollFile(5, ANSWER_KINDS);
  const choosing = file.choose(fileOf('photo'));
  await until('polls.upload');
  file.remove();
  settle.arrive('photo');
  await choosing;
  expect([file.isReady.value, file.chosen.value]).toEqual([true, undefined]);
});

test.each([
  ['a file beside an answer', ['photo', 'file'], fileOf('file'), 'This file cannot stand here.'],
  ['what the chat forbids', ['file'], fileOf('photo'), 'This file cannot stand here.'],
  ['an empty file', ['photo'], fileOf('photo', 0), 'This file is empty.'],
  ['a file that is too long', ['photo'], fileOf('photo', 11), 'This file is too large: this server takes 10 B at most.'],
] as const)('%s is not taken', async (_what, allowed, chosen, problem) => {
  sends = [...allowed];
  const file = new PollFile(5, ANSWER_KINDS);
  await file.choose(chosen);
  expect([file.isReady.value, file.chosen.value, file.problem.value]).toEqual([true, undefined, problem]);
  expect(said).not.toContain('polls.upload');
});

test('what the server makes of a file must fit as well, and only what may be sent is offered', async () => {
  sends = ['video', 'file'];
  const file = new PollFile(5, TEXT_KINDS);
  expect([file.kinds, new PollFile(5, ANSWER_KINDS).kinds]).toEqual([['video', 'file'], ['video']]);
  const choosing = file.choose(fileOf('video'));
  await until('polls.upload');
  settle.arrive('round');
  await choosing;
  expect([file.chosen.value, file.problem.value, said.at(-1)]).toEqual([undefined, 'This file cannot stand here.', 'polls.dropUpload']);
});
