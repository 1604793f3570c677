import { setTimeout as delay } from 'node:timers/promises';
import { type RawAccount, readBox } from '@aerogram/dev-env/load';
import { type Random, seededRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { BotTokens, FatherTalks } from './bot-father.ts';
import { BotMessages, findMessage, InlineSends, sendWithKeyboard } from './bot-messages.ts';
import { BotPresses } from './bot-presses.ts';
import { BotToggle } from './bot-toggles.ts';
import { inPoll, inReactions } from './bot-votes.ts';
import { channelsIn, inputUser } from './channel-input.ts';
import { CrashBot, findUser, peerOf } from './crash-bot.ts';
import { type FileCrashOptions, FileServer } from './file-server.ts';
import { HttpHook, HttpPoller } from './http-receiver.ts';
import { loadUntilKilled } from './load-until-killed.ts';

/** Result of a run. */
export interface BotCrashReport {
  kills: number;
  /** Messages of bots and inline results that were sent. */
  sent: number;
  /** Pressed buttons that were answered. */
  presses: number;
  /** Changes of members, blocks, votes and reactions of which bots were told. */
  changes: number;
  /** Bots that were made. */
  made: number;
  /** How often a token was replaced. */
  tokens: number;
  /** Updates that a bot fetched over HTTP. */
  fetched: number;
  /** Updates that a webhook got. */
  hooked: number;
}

/** How long the load goes on at most once something of each kind was done, in milliseconds; the exact time depends on the seed. */
const LOAD_MS = 1500;
const BEGINS_MS = 30_000;
const POLL_MS = 5;
/** Between two replacements of a token, in milliseconds. */
const REVOKE_MS = 100;
/** How many people press at once. */
const PRESS_LANES = [0, 1];

/**
 * Kills server and database with SIGKILL while bots and people do with each other what they can: people press buttons, block bots, come and go in groups, vote, react, send inline results
 * and make bots; bots answer, send and edit. After each start everything that was acknowledged must be there once, and the bots must be told of each event exactly once;
 * over HTTP, by asking and by a webhook, at least once, and under an id that is never used again.
 *
 * @throws on the first violation
 */
export async function runBotCrashes(options: FileCrashOptions): Promise<BotCrashReport> {
  const { engine, kills, seed, log = () => {} } = options;
  const random = seededRandom(seed);
  const report: BotCrashReport = { kills: 0, sent: 0, presses: 0, changes: 0, made: 0, tokens: 0, fetched: 0, hooked: 0 };
  await using server = await FileServer.start({ ...options, env: { AEROGRAM_BOTS_PER_OWNER_MAX: '1000' } }, 3);
  try {
    await using stage = await BotStage.set(server, random);
    for (let round = 0; round < kills; round++) {
      await loadUntilKilled(server.accounts, stage.actions(random), async (begins) => {
        await stage.works();
        await delay(random.uint31() % LOAD_MS);
        begins();
        for (const bot of stage.bots) bot.cut();
        await server.kill(random);
      });
      await server.restart();
      await stage.check(server);
      await stage.repeatOpen();
      await stage.check(server);
      report.kills++;
      Object.assign(report, stage.counts);
      log(`kill ${round + 1}: ${JSON.stringify(stage.counts)}`);
    }
    return report;
  } catch (error) {
    throw new Error(`crash test of bots, engine ${engine}, seed ${seed}, after ${report.kills} kills: ${(error as Error).message}\n--- server ---\n${server.output.slice(-4000)}`, { cause: error });
  }
}

/** Two bots and three people: one who owns them and the groups, one with whom the bots talk, and one who comes and goes and blocks. */
class BotStage implements AsyncDisposable {
  readonly bots: CrashBot[] = [];
  readonly #people: readonly RawAccount[];
  #talks!: FatherTalks;
  #tokens!: BotTokens;
  readonly #messages: BotMessages[] = [];
  #inline!: InlineSends;
  #poller!: HttpPoller;
  #hook!: HttpHook;
  #presses!: BotPresses;
  #pressed!: { person: RawAccount; input: tl.inputUser; msgId: number; data: Uint8Array };
  readonly #toggles: BotToggle[] = [];

  private constructor(people: readonly RawAccount[]) {
    this.#people = people;
  }

  static async set(server: FileServer, random: Random): Promise<BotStage> {
    const people = [...server.accounts];
    const [owner, friend, guest] = people as [RawAccount, RawAccount, RawAccount];
    for (const a of people) for (const b of people) if (a !== b) await a.meet(b);
    const stage = new BotStage(people);
    stage.#talks = await FatherTalks.begin(owner, random);
    const { made } = stage.#talks;
    for (let n = 0; n < 3; n++) await stage.#talks.make();
    await stage.#talks.say('/setinline', `@${made[0]!.username}`, 'Search…');
    stage.#tokens = new BotTokens(owner, await findUser(owner, made[2]!.username), made[2]!.token);
    for (const { username, token } of made.slice(0, 2)) {
      const bot = await CrashBot.logIn(server.info, username, token);
      stage.bots.push(bot);
      server.accounts.push(bot.account);
      for (const person of [friend, guest]) await person.sendTo(peerOf(await findUser(person, username)), '/start', random.int63());
      stage.#messages.push(new BotMessages(bot, friend));
    }
    const [first] = stage.bots as [CrashBot];
    const input = await findUser(friend, first.username);
    stage.#inline = new InlineSends(friend, owner, { bot: first, input });
    stage.#poller = new HttpPoller(server, { token: made[1]!.token, bot: await findUser(friend, made[1]!.username), person: friend });
    stage.#hook = await HttpHook.open(server, { token: made[0]!.token, bot: input, person: friend });
    stage.#presses = new BotPresses(first);
    await sendWithKeyboard(first, friend, { text: 'Press me', randomId: random.int63() });
    stage.#pressed = { person: friend, input, msgId: await findMessage(friend, input, 'Press me'), data: Buffer.from('Press me') };
    stage.#toggles.push(await blockOf(guest, first), await inBasicGroup(owner, guest, stage.bots), await inSupergroup(owner, guest, stage.bots), await inPoll(friend, first, random.int63()), await inReactions(owner, stage.bots, random.int63()));
    return stage;
  }

  get counts(): Omit<BotCrashReport, 'kills'> {
    const sum = (all: readonly { count: number }[]): number => all.reduce((total, { count }) => total + count, 0);
    return { sent: sum([...this.#messages, this.#inline]), presses: this.#presses.count, changes: sum(this.#toggles), made: this.#talks.made.length, tokens: this.#tokens.count, fetched: this.#poller.count, hooked: this.#hook.count };
  }

  actions(random: Random): (() => Promise<void>)[] {
    return [
      ...PRESS_LANES.map(() => () => this.#presses.press(this.#pressed)),
      ...this.#messages.flatMap((one) => [() => one.send(random), () => one.edit()]),
      () => this.#inline.send(random),
      () => this.#poller.write(random),
      () => this.#hook.write(random),
      async () => void (await this.#poller.poll()),
      ...this.#toggles.map((toggle) => () => toggle.change()),
      () => this.#talks.make(),
      async () => {
        await this.#tokens.revoke();
        await delay(REVOKE_MS);
      },
    ];
  }

  /** Waits until messages were sent, presses answered and members changed since the load began. */
  async works(): Promise<void> {
    const before = this.counts;
    for (const deadline = performance.now() + BEGINS_MS; ; await delay(POLL_MS)) {
      const { sent, presses, changes, fetched, hooked } = this.counts;
      if (sent > before.sent && presses > before.presses && changes > before.changes && fetched > before.fetched && hooked > before.hooked) return;
      if (performance.now() > deadline) throw new Error(`the load does not begin: ${JSON.stringify(this.counts)}`);
    }
  }

  async repeatOpen(): Promise<void> {
    for (const one of [...this.#messages, this.#inline, this.#poller, this.#hook]) await one.repeatOpen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hook[Symbol.asyncDispose]();
  }

  /** @throws with all violations, of which at most 20 are described */
  async check(server: FileServer): Promise<void> {
    const broken: string[] = [];
    for (const bot of this.bots) await bot.catchUp();
    for (const toggle of this.#toggles) broken.push(...(await toggle.check()));
    broken.push(...(await this.#talks.check()), ...(await this.#tokens.check(server.info)), ...(await this.#presses.check()), ...(await this.#poller.check()), ...(await this.#hook.check()));
    const copies = new Map<RawAccount, ReadonlyMap<string, readonly number[]>>();
    for (const account of [...this.#people, ...this.bots.map((bot) => bot.account)]) {
      const box = await readBox(account, broken);
      // Of several edits of a message a difference has the last one.
      if (box.steps > box.pts - 1) broken.push(`${account.name}: pts is ${box.pts}, but the box accounts for ${box.steps} steps after 1`);
      copies.set(account, box.copies);
    }
    for (const one of this.#messages) broken.push(...(await one.check(copies)));
    broken.push(...this.#inline.check(copies), ...this.bots.flatMap((bot) => bot.broken));
    if (broken.length > 0) throw new Error(`${broken.length} promises are broken:\n${broken.slice(0, 20).join('\n')}`);
  }
}

/** A person who blocks a bot and unblocks it again, in turns. */
async function blockOf(person: RawAccount, bot: CrashBot): Promise<BotToggle> {
  const input = await findUser(person, bot.username);
  return new BotToggle({
    name: `the block of ${bot.username}`,
    bots: [bot],
    isOn: false,
    read: async () => (await person.call<'users.getFullUser'>({ _: 'users.getFullUser', id: input })).full_user.blocked === true,
    async set(isOn) {
      await person.call<'contacts.block'>({ _: isOn ? 'contacts.block' : 'contacts.unblock', id: peerOf(input) } as tl.contacts.block);
    },
    told: (update) => (update._ === 'updateBotStopped' && update.user_id === person.userId ? update.stopped : undefined),
  });
}

/** Somebody is added to a basic group in which bots are admins, and removed. */
async function inBasicGroup(owner: RawAccount, guest: RawAccount, bots: readonly CrashBot[]): Promise<BotToggle> {
  const inputs = await Promise.all(bots.map((bot) => findUser(owner, bot.username)));
  const { updates } = await owner.call<'messages.createChat'>({ _: 'messages.createChat', title: 'Bots', users: [inputUser(owner, guest), ...inputs] });
  if (updates._ !== 'updates') throw new Error(`createChat answers ${updates._}`);
  const chat_id = BigInt(updates.chats[0]!.id);
  for (const user_id of inputs) await owner.call<'messages.editChatAdmin'>({ _: 'messages.editChatAdmin', chat_id, user_id, is_admin: true });
  const user_id = inputUser(owner, guest);
  return new BotToggle({
    name: 'who is in the basic group',
    bots,
    isOn: true,
    async read() {
      const { full_chat: full } = await owner.call<'messages.getFullChat'>({ _: 'messages.getFullChat', chat_id });
      return full._ === 'chatFull' && full.participants._ === 'chatParticipants' && full.participants.participants.some((one) => BigInt(one.user_id) === guest.userId);
    },
    async set(isOn) {
      if (isOn) await owner.call<'messages.addChatUser'>({ _: 'messages.addChatUser', chat_id, user_id, fwd_limit: 0 });
      else await owner.call<'messages.deleteChatUser'>({ _: 'messages.deleteChatUser', chat_id, user_id });
    },
    told: (update) => (update._ === 'updateChatParticipant' && update.user_id === guest.userId ? update.new_participant !== undefined : undefined),
  });
}

/** Somebody is invited to a supergroup in which bots are admins, and banned. */
async function inSupergroup(owner: RawAccount, guest: RawAccount, bots: readonly CrashBot[]): Promise<BotToggle> {
  const [channel] = channelsIn(await owner.call<'channels.createChannel'>({ _: 'channels.createChannel', megagroup: true, title: 'Bots', about: '' }));
  for (const bot of bots) {
    const user_id = await findUser(owner, bot.username);
    await owner.call<'channels.editAdmin'>({ _: 'channels.editAdmin', channel: channel!, user_id, admin_rights: { _: 'chatAdminRights', ban_users: true }, rank: '' });
  }
  const participant = owner.inputPeer(guest);
  return new BotToggle({
    name: 'who is in the supergroup',
    bots,
    isOn: false,
    async read() {
      const page = { filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 200, hash: 0n } as const;
      const answer = await owner.call<'channels.getParticipants'>({ _: 'channels.getParticipants', channel: channel!, ...page });
      return answer._ === 'channels.channelParticipants' && answer.participants.some((one) => 'user_id' in one && one.user_id === guest.userId);
    },
    async set(isOn) {
      if (isOn) await owner.call<'channels.inviteToChannel'>({ _: 'channels.inviteToChannel', channel: channel!, users: [inputUser(owner, guest)] });
      else await owner.call<'channels.editBanned'>({ _: 'channels.editBanned', channel: channel!, participant, banned_rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 } });
    },
    told: (update) => (update._ === 'updateChannelParticipant' && update.user_id === guest.userId ? update.new_participant?._ === 'channelParticipant' : undefined),
  });
}
