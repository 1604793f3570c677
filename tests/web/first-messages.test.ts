import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

describe.skipIf(!hasChromium)('the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test.each(['desk', 'phone'] as const)('two people talk, one of them in the browser (%s)', async (size) => {
    const ann = await stage.person('Ann', size);
    const bob = await stage.world.user('Bob');
    await bob.send(ann.actor, 'hello from another client');
    await ann.chat('Bob').waitFor();
    await expect.poll(() => ann.row('Bob')).toMatch(/hello from another client, 1 unread$/);
    await ann.chat('Bob').click();
    await ann.message('hello from another client').waitFor();
    await ann.send('hello back');
    await bob.sees('hello back');
    await ann.message('hello back').getByRole('img', { name: 'Sent' }).waitFor();
    await ann.sameAfterReload();
  });
});
