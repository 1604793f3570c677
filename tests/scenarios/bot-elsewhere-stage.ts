import { type Actor, startTestHomes, type TestHomes, World } from '@aerogram/dev-env';
import { randomLong } from '@mtcute/node/utils.js';
import { type MadeBot, write } from './bot-stage.ts';

const FATHER_ID = 93_372_553;
/** What a token looks like. */
const TOKEN = /\d+:[\w-]{35}/;

/** Two data centres, with a bot that lives in the second. */
export interface BotHomes extends AsyncDisposable {
  homes: TestHomes;
  /** Somebody new in a data centre. */
  person(dc: 1 | 2, name: string): Promise<Actor>;
  /** A bot that BotFather makes in data centre 2. */
  makeBot(username: string): Promise<MadeBot>;
}

/** Starts them. @param env settings of both */
export async function startBotHomes(env: Record<string, string> = {}): Promise<BotHomes> {
  const homes = await startTestHomes({ env });
  const worlds = { 1: new World(homes.one), 2: new World(homes.two) };
  let numbers = 0;
  const person = (dc: 1 | 2, name: string): Promise<Actor> => {
    const x = numbers % 10;
    return worlds[dc].user(name, {}, { phone: `99966${x}${String(8000 + numbers++)}`, code: String(x).repeat(5) });
  };
  return {
    homes,
    person,
    async makeBot(username) {
      const owner = await person(2, 'Owner');
      await owner.main.call({ _: 'contacts.resolveUsername', username: 'BotFather' });
      for (const message of ['/newbot', username, username]) await owner.main.change({ _: 'messages.sendMessage', peer: owner.main.inputPeer(FATHER_ID), message, randomId: randomLong() });
      const findToken = (): string | undefined => [...owner.main.state.messages.values()].map(({ from, text }) => (from === FATHER_ID ? TOKEN.exec(text)?.[0] : undefined)).find((found) => found !== undefined);
      await owner.main.waitUntil('a token', () => findToken() !== undefined);
      const token = findToken()!;
      return { id: Number(token.split(':')[0]), username, token };
    },
    async [Symbol.asyncDispose]() {
      for (const world of Object.values(worlds)) await world[Symbol.asyncDispose]();
      await homes[Symbol.asyncDispose]();
    },
  };
}

/** People start a bot. */
export async function startWith({ homes }: BotHomes, made: MadeBot, ...people: Actor[]): Promise<void> {
  for (const one of people) await write(one, made, '/start');
  await homes.settled();
}
