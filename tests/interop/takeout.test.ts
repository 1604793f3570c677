import { expect, test } from 'vitest';
import { LIBRARIES, useLibraries } from './libraries.ts';
import { closeAll, enter, textOf } from './people-of-libraries.ts';

const libraries = useLibraries();

/** The libraries have different names for the error. */
const MUST_WAIT = /TAKEOUT_INIT_DELAY|TakeoutInitDelay|Takeout/i;

test.runIf(LIBRARIES.includes('telethon'))('Telethon exports the data of an account that has one device', async () => {
  const alice = await enter(libraries, 'telethon', 'Alice');
  const { phone } = libraries.world.freshPhone();
  await alice.client.addContact({ phone, firstName: 'Zoe' }).catch(() => undefined);
  for (const text of ['first', 'second', 'third']) await alice.client.send({ peer: alice.id, text });
  expect(await alice.client.takeOut({ peer: alice.id })).toEqual({ unmatched: [phone], texts: ['third', 'second', 'first'] });
  // The export has ended, so another one may begin.
  expect((await alice.client.takeOut({ peer: alice.id })).texts).toHaveLength(3);
  await closeAll(alice);
});

test.each(LIBRARIES)('%s is told to wait where the account has other devices, and the service chat tells them', async (library) => {
  const alice = await enter(libraries, library, 'Alice');
  const tablet = await enter(libraries, LIBRARIES[0]!, 'Alice', alice);
  expect(await textOf(alice.client.invoke('account.initTakeoutSession', {}))).toMatch(MUST_WAIT);
  await tablet.client.sees('the notice', (event) => event.kind === 'message' && event.text.startsWith('Data export requested.'));
  await closeAll(alice, tablet);
});
