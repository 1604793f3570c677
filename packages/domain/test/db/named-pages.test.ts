import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { channelIdOf } from '../../src/events/index.ts';
import { ELSEWHERE } from '../../src/index.ts';
import type { World } from './accounts-world.ts';
import { createTwoHomes, type TwoHomes } from './two-homes-world.ts';

// Home 1 decides who has a name.
let homes: TwoHomes;
let one: World;
let two: World;
beforeEach(async () => {
  homes = await createTwoHomes();
  ({ one, two } = homes);
});
afterEach(() => homes[Symbol.asyncDispose]());

const find = (name: string) => two.domain.linkPages.findByName(name);
const pageOf = (username: string) => ({ kind: 'user', title: `@${username}`, about: '', count: undefined, username, requestNeeded: false });

/** Gives a person of home 1 a name. */
async function nameAnna(username: string): Promise<void> {
  const { userId } = await one.signUp('9996610401', 'Anna');
  await one.domain.profile.doUpdateUsername(userId, username);
}

describe('the page of a name of another home', () => {
  it('shows nothing of a person but the name', async () => {
    await nameAnna('name_of_anna');
    expect(await find('Name_of_Anna')).toEqual(pageOf('Name_of_Anna'));
    expect(await find('nobody_has_it')).toBeUndefined();
  });

  it('says of a channel that it cannot be opened here', async () => {
    const { userId } = await one.signUp('9996610401', 'Anna');
    const { first } = await one.domain.channels.doCreate({ creatorId: userId, kind: 'broadcast', title: 'News', about: '', ttlPeriod: 0, randomId: 1n, origin: { authKeyId: 1n, sessionId: 1n } });
    await one.domain.channels.at(channelIdOf(first.owner_id)).settings.doSetUsername({ actorId: userId, origin: undefined }, 'the_news');
    expect(await find('the_news')).toBe(ELSEWHERE);
  });

  it('is remembered for five minutes, and so is that nobody has a name', async () => {
    expect(await find('later_name')).toBeUndefined();
    await nameAnna('later_name');
    expect(await find('later_name')).toBeUndefined();
    await two.clock.advance(300_000);
    expect(await find('later_name')).toEqual(pageOf('later_name'));
    homes.setCut(true);
    expect(await find('later_name')).toEqual(pageOf('later_name'));
  });

  it('shows nothing while the first home is away, and the person as soon as it is back', async () => {
    await nameAnna('name_of_anna');
    homes.setCut(true);
    expect(await find('name_of_anna')).toBeUndefined();
    homes.setCut(false);
    expect(await find('name_of_anna')).toEqual(pageOf('name_of_anna'));
  });

  it('shows nothing for a moment after many names were asked for, so that visitors cannot flood the first home', async () => {
    await nameAnna('name_of_anna');
    for (let at = 0; at < 60; at++) expect(await find(`nobody_${at}`)).toBeUndefined();
    expect(await find('name_of_anna')).toBeUndefined();
    await two.clock.advance(500);
    expect(await find('name_of_anna')).toEqual(pageOf('name_of_anna'));
  });
});
