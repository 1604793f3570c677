import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { KnownTokens } from '../../src/http/known-tokens.ts';

const SECRET = 'A'.repeat(35);

test('a bot of another data centre is told where it lives, whatever its token', async () => {
  const asked: string[] = [];
  const addresses = [{ dc: 2, host: '192.0.2.2', port: 443, webAddress: 'https://two.example.org' }, { dc: 3, host: '192.0.2.3', port: 443, webAddress: '' }];
  const tokens = new KnownTokens(
    {
      dcAddresses: { list: () => addresses },
      auth: {
        botTokens: {
          homeOf: (botId: bigint) => [2, 3].find((dc) => botId % 8n === BigInt(dc)),
          find: (token: string) => Promise.resolve(void asked.push(token)),
        } as never,
      },
    },
    createFakeClock(),
  );
  const refusal = (id: number) => tokens.check(`${id}:${SECRET}`, { network: '192.0.2.0', remoteAddress: '192.0.2.9' }).catch((error: unknown) => error);
  expect(await refusal(8002)).toMatchObject({ code: 421, message: 'Misdirected Request: the bot lives in data centre 2, https://two.example.org' });
  expect(await refusal(8003)).toMatchObject({ code: 421, message: 'Misdirected Request: the bot lives in data centre 3' });
  expect(asked).toEqual([]);
  // It costs no attempt.
  for (let n = 0; n < 30; n++) await refusal(8002);
  expect(await refusal(8001)).toMatchObject({ code: 401 });
  expect(asked).toEqual([`8001:${SECRET}`]);
});
