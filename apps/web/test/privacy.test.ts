import type { tl } from '@mtcute/core';
import Long from 'long';
import { expect, test } from 'vitest';
import { readPrivacy, writePrivacy } from '../src/worker/models/privacy.ts';

const SUPERGROUP = -1_000_000_000_009;
const BOB: tl.TypeInputUser = { _: 'inputUser', userId: 7, accessHash: Long.ONE };

test('a rule is read with people, groups and supergroups as exceptions', () => {
  const rules: tl.TypePrivacyRule[] = [
    { _: 'privacyValueDisallowUsers', users: [8] },
    { _: 'privacyValueAllowUsers', users: [7] },
    { _: 'privacyValueAllowChatParticipants', chats: [5, 9] },
    { _: 'privacyValueAllowContacts' },
  ];
  const chats = [{ _: 'chat', id: 5 }, { _: 'channel', id: 9 }] as tl.TypeChat[];
  expect(readPrivacy(rules, chats)).toEqual({ most: 'contacts', always: [7, -5, SUPERGROUP], never: [8] });
  expect(readPrivacy([], [])).toEqual({ most: 'nobody', always: [], never: [] });
});

test('a rule is written with what is never allowed first, and without losing what only other apps can say', () => {
  const known: tl.TypePrivacyRule[] = [{ _: 'privacyValueAllowPremium' }, { _: 'privacyValueAllowUsers', users: [8] }, { _: 'privacyValueAllowAll' }];
  const written = writePrivacy({ most: 'nobody', always: [7, SUPERGROUP], never: [-5] }, known, new Map([[7, BOB]]));
  expect(written).toEqual([
    { _: 'inputPrivacyValueDisallowChatParticipants', chats: [5] },
    { _: 'inputPrivacyValueAllowUsers', users: [BOB] },
    { _: 'inputPrivacyValueAllowChatParticipants', chats: [9] },
    { _: 'inputPrivacyValueAllowPremium' },
    { _: 'inputPrivacyValueDisallowAll' },
  ]);
});
