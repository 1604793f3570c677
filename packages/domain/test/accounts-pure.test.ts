import { seededRandom } from '@aerogram/runtime';
import { describe, expect, it } from 'vitest';

import { projectPeerSettings } from '../src/contacts/project-peer-settings.ts';
import { createAccessHashes } from '../src/peers/access-hash.ts';
import { checkedAbout, checkedNames, checkUsername, cleanLine } from '../src/peers/check-name.ts';
import { findNormalPhone, testCodeOf } from '../src/peers/phone-number.ts';
import type { UserRow } from '../src/peers/user-row.ts';
import { NO_GROUPS } from '../src/privacy/privacy-rules.ts';
import { isVisible } from '../src/privacy/privacy.ts';
import type { PrivacyRule, RuleKind } from '../src/privacy/privacy-rules.ts';
import { type OwnerPrivacy, UNTOUCHED } from '../src/privacy/privacy-store.ts';
import { NO_RELATION, type Relation } from '../src/relations/relation.ts';
import { codeNotice } from '../src/service/notice-texts.ts';
import { LoadingCache } from '../src/shared/loading-cache.ts';
import { projectUser } from '../src/users/project-user.ts';
import { isReservedUsername } from '../src/users/reserved-usernames.ts';

describe('phone numbers', () => {
  it.each([
    ['15550001111', '15550001111'],
    ['+1 555 000 1111', '15550001111'],
    ['0044 20 7946 0000', '442079460000'],
    ['+1 (555) 000-1111', '15550001111'],
    ['9996612345', '9996612345'],
  ])('reads %s', (input, phone) => expect(findNormalPhone(input)).toBe(phone));
  it.each(['', '12345', 'abc', '1555000111a', '+0123456789', '1234567890123456'])('refuses %s', (input) =>
    expect(findNormalPhone(input)).toBeUndefined(),
  );
  it('knows the codes of test numbers', () => {
    expect(testCodeOf('9996671234')).toBe('77777');
    expect(testCodeOf('999667123')).toBeUndefined();
    expect(testCodeOf('15550001111')).toBeUndefined();
  });
});

describe('names', () => {
  it.each(['\u200b', '\u3164\u3164', ' \u2060 ', '\u2800', '\u202e', '\u0301', '\u20dd\u093e', '\ud800', '\ue000', '\u{f0000}', '\u0378', '\ufffd'])('are rejected if they show nothing: %j', (name) => {
    expect(() => checkedNames(name, 'Doe')).toThrow('FIRSTNAME_INVALID');
    expect(checkedNames('Jo', name)).toEqual({ first_name: 'Jo', last_name: '' });
    expect(checkedAbout(name)).toBe('');
  });
  // The last one is reserved for an emoji of a later Unicode version.
  it.each(['Zoë', '李', 'می\u200cخواهم', 'नमस्ते', '🦊', '.', '1️⃣', '\u{1faff}'])('are accepted: %s', (name) => expect(checkedNames(name, '').first_name).toBe(name));
});

describe('names', () => {
  it('lose the marks that would reverse them and what follows, and half characters', () => {
    expect(checkedNames('\u202egnp.exe', '\u2066Doe\u2069 \udc00x')).toEqual({ first_name: 'gnp.exe', last_name: 'Doe x' });
    expect(checkedAbout('a\u202db')).toBe('ab');
  });
  it('are cut without splitting a character', () => {
    expect(cleanLine('ab🦊', 3)).toBe('ab');
    expect(cleanLine('ab🦊', 4)).toBe('ab🦊');
    // Only the beginning of a very long text is looked at.
    expect(cleanLine(`${'\u202e'.repeat(11)}a${'b'.repeat(1000)}`, 3)).toBe('a');
    expect(cleanLine(`${'\u202e'.repeat(12)}a`, 3)).toBe('');
  });
});

describe('usernames', () => {
  it.each(['telegram', 'Telegram', 'TeleGram_Support', 'aerogram', 'official_aerogram', 'admin', 'Ad_Min', 'support', 'joinchat', 'about', 'assets', 'healthz', 'apiws_test_premium', 'BotFather', 'support_bot', 'Telegram123', 'telegram_42_support', 'official1aerogram', 'botfather2', 'OAuth'])(
    'of the service are reserved: %s',
    (name) => expect(isReservedUsername(name)).toBe(true),
  );
  it.each(['telegraph', 'video2', 'telegramist', 'adminka', 'supporter', 'apiary', 'alice'])('of people are not: %s', (name) => expect(isReservedUsername(name)).toBe(false));
});

describe('access hashes', () => {
  const random = seededRandom('hashes');
  const first = random.bytes(16);
  const old = createAccessHashes(new Map([[0, first]]));
  it('differ by viewer, target and kind, and are valid only for all three', () => {
    const hash = old.of('user', 5n, 7n);
    expect(old.matches('user', 5n, 7n, hash)).toBe(true);
    for (const [kind, viewer, target] of [['user', 7n, 5n], ['user', 5n, 8n], ['user_min', 5n, 7n], ['channel', 5n, 7n]] as const) {
      expect(old.matches(kind, viewer, target, hash)).toBe(false);
    }
    expect(old.matches('user', 5n, 7n, hash ^ 16n)).toBe(false);
    expect(old.matches('user', 5n, 7n, hash ^ 1n)).toBe(false);
  });
  it('are the same when computed for many targets at once', () => {
    const targets = [7n, 5n, 1n << 39n, -(10n ** 12n)];
    expect(old.ofAll('user', 5n, targets)).toEqual(targets.map((target) => old.of('user', 5n, target)));
    expect(old.ofAll('user', 5n, [])).toEqual([]);
  });
  it('stay valid when a new key is added', () => {
    const rotated = createAccessHashes(new Map([[0, first], [1, random.bytes(16)]]));
    const hash = old.of('user', 1n << 39n, -(10n ** 12n));
    expect(rotated.matches('user', 1n << 39n, -(10n ** 12n), hash)).toBe(true);
    expect(rotated.of('user', 1n << 39n, -(10n ** 12n))).not.toBe(hash);
    expect(old.matches('user', 5n, 7n, rotated.of('user', 5n, 7n))).toBe(false);
  });
});

describe('usernames', () => {
  it.each(['alice', 'Alice_1', 'a2345', 'x'.repeat(32)])('are accepted: %s', (name) => expect(() => checkUsername(name)).not.toThrow());
  it.each(['abcd', '1alice', 'alice_', 'al__ice', 'ali-ce', 'x'.repeat(33), 'привет'])('are rejected: %s', (name) =>
    expect(() => checkUsername(name)).toThrow('USERNAME_INVALID'),
  );
});

describe('peer settings', () => {
  const user = { user_id: 7n, bot: false, deleted: false, phone: '4915123456789', created_date: 1_750_000_000 } as UserRow;
  const facts = { hidden: false, wroteFirst: false, seesNumber: false };
  it('offer to add strangers, and offer nothing for oneself or the service chat', () => {
    expect(projectPeerSettings(5n, user, NO_RELATION, facts)).toEqual({ _: 'peerSettings', add_contact: true });
    expect(projectPeerSettings(7n, user, NO_RELATION, facts)).toEqual({ _: 'peerSettings' });
    expect(projectPeerSettings(5n, { ...user, user_id: 777000n }, NO_RELATION, facts)).toEqual({ _: 'peerSettings' });
    expect(projectPeerSettings(5n, user, NO_RELATION, { ...facts, hidden: true })).toEqual({ _: 'peerSettings' });
  });
  it('offer to report a user who wrote first, and to share the number with a contact who cannot see it', () => {
    expect(projectPeerSettings(5n, user, NO_RELATION, { ...facts, wroteFirst: true })).toMatchObject({ report_spam: true, registration_month: '06.2025', phone_country: 'DE' });
    const contact = { ...NO_RELATION, contact: {} as Relation['contact'] };
    expect(projectPeerSettings(5n, user, contact, facts)).toEqual({ _: 'peerSettings', share_contact: true });
    expect(projectPeerSettings(5n, user, contact, { ...facts, seesNumber: true })).toEqual({ _: 'peerSettings' });
    expect(projectPeerSettings(5n, user, { ...NO_RELATION, blocks: true }, { ...facts, wroteFirst: true })).toEqual({ _: 'peerSettings' });
  });
  it('name no country for a test number, nor for a user without a number', () => {
    for (const phone of ['9996600001', null]) expect(projectPeerSettings(5n, { ...user, phone }, NO_RELATION, { ...facts, wroteFirst: true })).not.toHaveProperty('phone_country');
  });
  it('offer the same for a user of another data centre, without month and country, which are not known here', () => {
    const { registration_month: month, phone_country: country, ...known } = projectPeerSettings(5n, user, NO_RELATION, { ...facts, wroteFirst: true });
    expect([month, country]).toEqual(['06.2025', 'DE']);
    expect(projectPeerSettings(5n, { ...user, elsewhere: true, created_date: 0 }, NO_RELATION, { ...facts, wroteFirst: true })).toEqual(known);
  });
});

describe('subscribers of Premium', () => {
  const ruled = (key: 'ChatInvite' | 'VoiceMessages', ...kinds: RuleKind[]): OwnerPrivacy => ({ ...UNTOUCHED, rules: new Map([[key, kinds.map((kind): PrivacyRule => ({ kind, ids: [] }))]]) });
  const person = { user_id: 7n, first_name: 'P', last_name: '', bot: false, support: false, deleted: false, online_date: 0, photo_id: null, fallback_photo_id: null, emoji_status_id: null } as UserRow;
  const SILENT = ruled('VoiceMessages', 'DisallowAll');

  type Seen = { viewerId?: bigint; isBot?: boolean; row?: Partial<UserRow>; owner?: OwnerPrivacy; relation?: Partial<Relation> };
  const isPremium = (premium: 'self' | 'everyone' | 'nobody', { viewerId = 5n, isBot = false, row, owner = UNTOUCHED, relation }: Seen): boolean => {
    const view = { viewer: { id: viewerId, bot: isBot, groups: NO_GROUPS }, viewerPrivacy: UNTOUCHED, premium, nowDate: 0 };
    return projectUser(view, { ...person, ...row }, { relation: { ...NO_RELATION, ...relation }, owner, groups: NO_GROUPS }, 1n).premium === true;
  };

  const CASES: [string, Seen, seen: string[]][] = [
    ['oneself', { viewerId: 7n }, ['self', 'everyone']],
    ['somebody else', {}, ['everyone']],
    ['somebody who forbids the viewer voice messages', { owner: SILENT }, ['self', 'everyone']],
    ['somebody in another data centre, to whom no voice messages can be sent', { row: { elsewhere: true } }, ['self', 'everyone']],
    ['somebody who forbids voice messages to others than contacts, as a contact', { owner: ruled('VoiceMessages', 'AllowContacts'), relation: { reverse: {} as Relation['reverse'] } }, ['everyone']],
    ['somebody who has blocked the viewer', { owner: SILENT, relation: { blockedBy: true } }, ['everyone']],
    ['somebody who forbids voice messages, as a bot', { owner: SILENT, isBot: true }, ['everyone']],
    ['somebody with an emoji status', { row: { emoji_status_id: 9n, emoji_status_until: 1 } }, ['self', 'everyone']],
    ['somebody whose emoji status is over', { row: { emoji_status_id: 9n, emoji_status_until: 0 } }, ['everyone']],
    ['somebody with an emoji status who has blocked the viewer', { row: { emoji_status_id: 9n, emoji_status_until: 1 }, relation: { blockedBy: true } }, ['everyone']],
    ['a bot', { row: { bot: true } }, []],
    ['a bot that looks at itself', { row: { bot: true }, viewerId: 7n, isBot: true }, []],
    ['a service account', { row: { support: true } }, []],
    ['a deleted account', { row: { deleted: true } }, []],
  ];
  it.each(CASES)('include %s by the setting', (_name, seen, expected) => {
    expect((['self', 'everyone', 'nobody'] as const).filter((setting) => isPremium(setting, seen))).toEqual(expected);
  });

  it('are all people to the privacy rules for them if all people look like that, and nobody otherwise', () => {
    const owner = ruled('ChatInvite', 'AllowPremium', 'DisallowAll');
    const admits = (rules: OwnerPrivacy, bot = false): boolean => isVisible(rules, 'ChatInvite', { id: 5n, bot, groups: NO_GROUPS }, NO_RELATION);
    expect([admits(owner), admits({ ...owner, premiumIsEveryone: true }), admits({ ...owner, premiumIsEveryone: true }, true)]).toEqual([false, true, false]);
  });
});

describe('notices', () => {
  it('have the code where clients look for it, and entities on whole words', () => {
    const { text, entities } = codeNotice('12345');
    expect(/\d{5}/.exec(text)?.[0]).toBe('12345');
    expect(entities.map(({ offset, length }) => text.slice(offset, offset + length))).toEqual(['Login code:', 'Do not give this code to anyone']);
  });
});

describe('loading cache', () => {
  it('reads each key once for concurrent requests, and again after it changed', async () => {
    const loads: number[][] = [];
    const cache = new LoadingCache<number, string>({
      maxEntries: 20,
      load: (keys) => {
        loads.push([...keys]);
        return Promise.resolve(new Map(keys.filter((key) => key > 0).map((key) => [key, `v${key}.${loads.length}`])));
      },
    });
    expect(await Promise.all([cache.get(1), cache.get(1), cache.get(2)])).toEqual(['v1.1', 'v1.1', 'v2.1']);
    expect(loads).toEqual([[1, 2]]);
    expect(await cache.getMany([2, 1])).toEqual(new Map([[2, 'v2.1'], [1, 'v1.1']]));
    cache.invalidate(1);
    expect(await cache.get(1)).toBe('v1.2');
    expect(await cache.get(-1)).toBeUndefined();
    expect(await cache.get(-1)).toBeUndefined();
    expect(loads).toHaveLength(3);
    expect(await cache.get(2)).toBe('v2.1');
  });

  it('does not keep a value that was read before a change', async () => {
    const answers: ((value: string) => void)[] = [];
    const cache = new LoadingCache<number, string>({
      maxEntries: 10,
      load: (keys) => new Promise((resolve) => answers.push((value) => resolve(new Map(keys.map((key) => [key, value]))))),
    });
    const before = cache.get(1);
    await Promise.resolve();
    cache.invalidate(1);
    const after = cache.get(1);
    await Promise.resolve();
    answers[1]!('new');
    answers[0]!('old');
    expect(await before).toBe('old');
    expect(await after).toBe('new');
    expect(await cache.get(1)).toBe('new');
  });

  it('forgets a failed read', async () => {
    let fail = true;
    const cache = new LoadingCache<number, string>({
      maxEntries: 10,
      load: () => (fail ? Promise.reject(new Error('away')) : Promise.resolve(new Map([[1, 'one']]))),
    });
    await expect(cache.get(1)).rejects.toThrow('away');
    fail = false;
    expect(await cache.get(1)).toBe('one');
  });
});
