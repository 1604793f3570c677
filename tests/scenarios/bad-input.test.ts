import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMtcuteClient, verifyUpdates, type Actor } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
beforeAll(async () => {
  scenario = await startScenario();
  alice = await scenario.world.user('Alice');
  bob = await scenario.world.user('Bob');
  await alice.send(bob, 'hello');
  await bob.sees('hello');
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

function sending(text: string, more: Partial<tl.messages.RawSendMessageRequest> = {}): tl.messages.RawSendMessageRequest {
  return { _: 'messages.sendMessage', peer: alice.main.inputPeer(bob.id), message: text, randomId: randomLong(), ...more };
}

describe('bad input gets the protocol’s error', () => {
  test('sendMessage', async () => {
    expect(await alice.main.fails(sending(''))).toEqual({ code: 400, text: 'MESSAGE_EMPTY' });
    expect(await alice.main.fails(sending('  \n '))).toEqual({ code: 400, text: 'MESSAGE_EMPTY' });
    expect(await alice.main.fails(sending('x'.repeat(4097)))).toEqual({ code: 400, text: 'MESSAGE_TOO_LONG' });
    expect(await alice.main.fails(sending('x', { peer: { _: 'inputPeerEmpty' } }))).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
    const bounds = await alice.main.fails(sending('short', { entities: [{ _: 'messageEntityBold', offset: -1, length: 3 }] }));
    expect(bounds.code).toBe(400);
  });

  test('4096 characters of any script are allowed', async () => {
    for (const letter of ['x', 'ж', '漢']) {
      const text = letter.repeat(4096);
      await alice.send(bob, text);
      expect((await bob.sees(text)).text).toHaveLength(4096);
    }
  });

  test('unusual text arrives unchanged', async () => {
    for (const text of ['👩‍👩‍👧‍👦 family', 'שלום\u200f', 'line\nbreak', '\ud83d\ude00']) {
      await alice.send(bob, text);
      expect((await bob.sees(text)).text).toBe(text);
    }
  });

  test('a send is answered with the whole message if the stored text differs from the request', async () => {
    const answers: string[] = [];
    await verifyUpdates([alice, bob], async () => {
      for (const text of [' spaces around ', 'as it is']) answers.push((await alice.main.change(sending(text)))._);
      await bob.sees('as it is');
    });
    expect(answers).toEqual(['updates', 'updateShortSentMessage']);
  });

  test('a text with NUL or half a surrogate pair causes no server error', async () => {
    for (const text of ['nul \u0000 inside', 'half \ud83d pair']) {
      const code = await alice.main.change(sending(text)).then(() => 400, (error: { code: number }) => error.code);
      expect(code).toBe(400);
    }
    await alice.send(bob, 'fine afterwards');
    await bob.sees('fine afterwards');
  });

  test('a name with NUL belongs to nobody', async () => {
    expect(await alice.main.call({ _: 'contacts.search', q: 'bo\u0000b', limit: 10 })).toMatchObject({ results: [] });
    expect(await alice.main.fails({ _: 'contacts.resolveUsername', username: 'bo\u0000bby' })).toEqual({ code: 400, text: 'USERNAME_INVALID' });
  });

  test('rule P10: a known method that is not implemented is answered with 400 METHOD_INVALID', async () => {
    expect(await alice.main.fails({ _: 'stats.getBroadcastStats', channel: { _: 'inputChannelEmpty' } })).toEqual({ code: 400, text: 'METHOD_INVALID' });
    expect(await alice.main.fails({ _: 'account.getAllSecureValues' })).toEqual({ code: 400, text: 'METHOD_INVALID' });
  });

  test('forwardMessages', async () => {
    const peer = alice.main.inputPeer(bob.id);
    const forwarding = (id: number[], randomId: Long[]): tl.messages.RawForwardMessagesRequest => ({ _: 'messages.forwardMessages', fromPeer: peer, toPeer: peer, id, randomId });
    expect((await alice.main.fails(forwarding([], []))).text).toBe('MESSAGE_IDS_EMPTY');
    expect((await alice.main.fails(forwarding([1, 2], [randomLong()]))).text).toBe('RANDOM_ID_INVALID');
    expect((await alice.main.fails(forwarding([2_000_000], [randomLong()]))).text).toBe('MESSAGE_ID_INVALID');
  });

  test('log-in: numbers and codes', async () => {
    const guest = await createMtcuteClient(scenario.server.info);
    const app = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef', settings: { _: 'codeSettings' as const } };
    try {
      await guest.connect();
      await expect(guest.call({ _: 'auth.sendCode', phoneNumber: 'not a number', ...app })).rejects.toMatchObject({ code: 400, text: 'PHONE_NUMBER_INVALID' });
      await expect(guest.call({ _: 'auth.sendCode', phoneNumber: '', ...app })).rejects.toMatchObject({ code: 400, text: 'PHONE_NUMBER_INVALID' });
      const { phone, code } = scenario.world.freshPhone();
      const sent = await guest.call({ _: 'auth.sendCode', phoneNumber: phone, ...app });
      if (sent._ !== 'auth.sentCode') throw new Error(sent._);
      const { phoneCodeHash } = sent;
      await expect(guest.call({ _: 'auth.signIn', phoneNumber: phone, phoneCodeHash, phoneCode: '' })).rejects.toMatchObject({ code: 400, text: 'PHONE_CODE_EMPTY' });
      const wrong = code === '11111' ? '22222' : '11111';
      await expect(guest.call({ _: 'auth.signIn', phoneNumber: phone, phoneCodeHash, phoneCode: wrong })).rejects.toMatchObject({ code: 400, text: 'PHONE_CODE_INVALID' });
      await expect(guest.call({ _: 'auth.signIn', phoneNumber: phone, phoneCodeHash: 'nonsense', phoneCode: code })).rejects.toMatchObject({ code: 400 });
      const needed = await guest.call({ _: 'auth.signIn', phoneNumber: phone, phoneCodeHash, phoneCode: code });
      expect(needed._).toBe('auth.authorizationSignUpRequired');
      await expect(guest.call({ _: 'auth.signUp', phoneNumber: phone, phoneCodeHash, firstName: '', lastName: '' })).rejects.toMatchObject({ code: 400, text: 'FIRSTNAME_INVALID' });
      const signedUp = await guest.call({ _: 'auth.signUp', phoneNumber: phone, phoneCodeHash, firstName: 'Late', lastName: '' });
      expect(signedUp._).toBe('auth.authorization');
    } finally {
      await guest.destroy();
    }
  });

  test('a phone number may be written with +, spaces and dashes', async () => {
    const guest = await createMtcuteClient(scenario.server.info);
    try {
      await guest.connect();
      const written = `+${alice.phone.slice(0, 4)} ${alice.phone.slice(4, 7)}-${alice.phone.slice(7)}`;
      const sent = await guest.call({ _: 'auth.sendCode', phoneNumber: written, apiId: 1, apiHash: 'x', settings: { _: 'codeSettings' } });
      if (sent._ !== 'auth.sentCode') throw new Error(sent._);
      const code = alice.phone[5]!.repeat(5);
      const answer = await guest.call({ _: 'auth.signIn', phoneNumber: written, phoneCodeHash: sent.phoneCodeHash, phoneCode: code });
      expect(answer).toMatchObject({ _: 'auth.authorization', user: { id: alice.id } });
    } finally {
      await guest.destroy();
    }
  });

  test('usernames', async () => {
    expect((await alice.main.fails({ _: 'account.updateUsername', username: 'a b' })).text).toBe('USERNAME_INVALID');
    expect((await alice.main.fails({ _: 'contacts.resolveUsername', username: 'nobody_has_this' })).text).toBe('USERNAME_NOT_OCCUPIED');
    await alice.main.call({ _: 'account.updateUsername', username: 'alice_in_tests' });
    expect((await bob.main.fails({ _: 'account.updateUsername', username: 'Alice_In_Tests' })).text).toBe('USERNAME_OCCUPIED');
    const found = await bob.main.call({ _: 'contacts.resolveUsername', username: 'ALICE_in_tests' });
    expect(found.peer).toEqual({ _: 'peerUser', userId: alice.id });
  });

  test('getHistory accepts all forms of offsets, and extreme limits', async () => {
    for (let i = 1; i <= 6; i++) await alice.send(bob, `h${i}`);
    await bob.sees('h6');
    const ask = async (form: Partial<tl.messages.RawGetHistoryRequest>): Promise<string[]> => {
      const answer = await bob.main.call({
        _: 'messages.getHistory', peer: bob.main.inputPeer(alice.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: Long.ZERO, ...form,
      });
      if (answer._ === 'messages.messagesNotModified') throw new Error('not modified');
      return answer.messages.map((message) => (message._ === 'message' ? message.message : message._));
    };
    const idOf = (text: string): number => bob.main.find(text)!.id;
    expect(await ask({ limit: 2 })).toEqual(['h6', 'h5']);
    expect(await ask({ offsetId: idOf('h4'), limit: 2 })).toEqual(['h3', 'h2']);
    expect(await ask({ offsetId: idOf('h4'), addOffset: -1, limit: 2 })).toEqual(['h4', 'h3']);
    expect(await ask({ offsetId: idOf('h4'), addOffset: -2, limit: 2 })).toEqual(['h5', 'h4']);
    expect(await ask({ offsetId: idOf('h3'), addOffset: -3, limit: 3 })).toEqual(['h5', 'h4', 'h3']);
    expect(await ask({ addOffset: 1, limit: 2 })).toEqual(['h5', 'h4']);
    expect(await ask({ minId: idOf('h4') })).toEqual(['h6', 'h5']);
    expect(await ask({ maxId: idOf('h3'), limit: 1 })).toEqual(['h2']);
    expect((await ask({ offsetDate: 1 })).length).toBe(0);
    expect((await ask({ offsetDate: 2 ** 31 - 1, limit: 1 }))).toEqual(['h6']);
    expect((await ask({ limit: 2 ** 31 - 1 })).length).toBeLessThanOrEqual(100);
    await ask({ limit: -5, addOffset: -(2 ** 31) });
    await ask({ offsetId: -1, minId: -1, maxId: -1 });
  });
});
