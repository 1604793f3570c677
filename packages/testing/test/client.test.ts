import { expect, test, vi } from 'vitest';
import { waitForEnter } from '../src/pause.ts';
import { traceCaller } from '../src/control/caller-trace.ts';
import { StandIn } from './stand-in.ts';

test('a request is sent again when the server had closed its idle connection', async () => {
  await using standIn = await StandIn.start();
  await standIn.cloud.person('Ann');
  standIn.closeAtNextRequest();
  await standIn.cloud.person('Bob');
  expect(standIn.asked.map(({ params }) => params['name'])).toEqual(['Ann', 'Bob']);
});

test('large integers of a method may be bigints', async () => {
  await using standIn = await StandIn.start({ 'people.call': () => ({ result: { answer: {} } }) });
  const ann = await standIn.cloud.person('Ann');
  await ann.call({ _: 'channels.joinChannel', channel: { _: 'inputChannel', channel_id: 5n, access_hash: '-7' } });
  expect(standIn.asked.at(-1)!.params['request']).toEqual({ _: 'channels.joinChannel', channel: { _: 'inputChannel', channel_id: '5', access_hash: '-7' } });
});

test('a server that is gone is named as the reason', async () => {
  const standIn = await StandIn.start();
  await standIn[Symbol.asyncDispose]();
  await expect(standIn.cloud.person('Ann')).rejects.toMatchObject({ code: 'stopping', message: expect.stringMatching(/^people\.create: the cloud does not answer; its control API cannot be reached/) as string });
});

test('a link to the web client is printed and returned', async () => {
  await using standIn = await StandIn.start({ 'people.open': () => ({ result: { url: 'http://127.0.0.1:2/#once' } }) });
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const ann = await standIn.cloud.person('Ann');
    expect(await standIn.cloud.open(ann)).toBe('http://127.0.0.1:2/#once');
    expect(write.mock.calls.map(([text]) => text)).toContain('Ann: http://127.0.0.1:2/#once\n');
  } finally {
    write.mockRestore();
  }
});

test('a pause fails at once in CI', async () => {
  vi.stubEnv('CI', 'true');
  try {
    await expect(waitForEnter([], traceCaller())).rejects.toThrow('this is CI (the variable CI is set): take it out of the test');
  } finally {
    vi.unstubAllEnvs();
  }
});
