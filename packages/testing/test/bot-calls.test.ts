import { expect, test } from 'vitest';
import { StandIn } from './stand-in.ts';

test('an awaited function returns when the calls are as new as its answer', async () => {
  await using standIn = await StandIn.start({
    'people.next': () => {
      // The answer overtakes the stream, as it can: they have connections of their own.
      setTimeout(() => {
        standIn.record({ method: 'getMe' });
        standIn.record({ method: 'sendMessage', params: { text: 'hi' } });
      }, 100);
      return { result: {}, callsUpTo: 2 };
    },
  });
  const bot = await standIn.cloud.bot();
  const ann = await standIn.cloud.person('Ann');
  await ann.next(bot);
  expect(bot.calls.map(({ method }) => method)).toEqual(['getMe', 'sendMessage']);
});

test('an error is thrown when the calls are as new as it', async () => {
  await using standIn = await StandIn.start({
    'people.next': () => {
      setTimeout(() => standIn.record({ method: 'sendMessage' }), 100);
      return { error: { code: 'timeout', message: 'nothing came' }, callsUpTo: 1 };
    },
  });
  const bot = await standIn.cloud.bot();
  const ann = await standIn.cloud.person('Ann');
  await expect(ann.next(bot)).rejects.toThrow('nothing came');
  expect(bot.calls).toHaveLength(1);
});

test('each bot has its own calls', async () => {
  let id = 30;
  await using standIn = await StandIn.start({ 'bots.create': () => ({ result: { id: String(++id), username: `b${id}_bot`, name: 'B', token: 't' } }) });
  const first = await standIn.cloud.bot();
  const second = await standIn.cloud.bot();
  standIn.record({ method: 'getMe', botId: '32' });
  standIn.record({ method: 'setMyCommands', botId: '31' });
  await standIn.cloud.clock.now();
  expect(first.calls.map(({ method }) => method)).toEqual(['setMyCommands']);
  expect(second.calls.map(({ method }) => method)).toEqual(['getMe']);
});

test('a call that no person sees can be waited for', async () => {
  await using standIn = await StandIn.start();
  const bot = await standIn.cloud.bot();
  standIn.record({ method: 'setMyCommands', params: { n: 1 } });
  await standIn.cloud.clock.now();
  expect((await bot.nextCall('setMyCommands')).params).toEqual({ n: 1 });
  const waiting = bot.nextCall('setmycommands');
  standIn.record({ method: 'getMe' });
  standIn.record({ method: 'setMyCommands', params: { n: 2 } });
  expect((await waiting).params).toEqual({ n: 2 });
  standIn.record({ method: 'getUpdates' });
  await standIn.cloud.clock.now();
  await expect(bot.nextCall('setMyCommands', { timeout: 50 })).rejects.toThrow("waited 50 ms for setMyCommands of @made_up_bot, which called getUpdates");
});

test('a stream that was cut is opened again where it ended', async () => {
  await using standIn = await StandIn.start();
  const bot = await standIn.cloud.bot();
  standIn.record({ method: 'getMe' });
  await standIn.cloud.clock.now();
  standIn.cutStreams();
  standIn.record({ method: 'sendMessage' });
  await Promise.all([standIn.cloud.clock.now(), standIn.cloud.clock.now()]);
  expect(bot.calls.map(({ method }) => method)).toEqual(['getMe', 'sendMessage']);
});
