import { RpcError } from '@aerogram/errors';
import { defineJobKind, type JobContext, jsonCodec, type NewJob, type Tx } from '@aerogram/storage';

import { type BotAccount, type BotMaker, doMakeBot, listBotsOf } from '../bots/index.ts';
import type { CallbackAnswer, Press } from '../bot-queries/index.ts';
import { isText } from '../content/index.ts';
import { type MessageRow, type SubjectDeps, unpackMessageExtra } from '../events/index.ts';
import { applyEdit, findMessage, isSameContent, updateMessages } from '../messages/index.ts';
import { BOT_FATHER_ID } from '../peers/index.ts';
import { addServiceMessage } from '../service/index.ts';
import { ME_URL_PREFIX } from '../shared/index.ts';
import { listLanguages } from '../users/index.ts';
import { findStep, type FatherStep, saveStep } from './father-store.ts';
import { press } from './menu.ts';
import type { Hands, OwnBot } from './purposes.ts';
import { type Reply, say, sayToken } from './reply.ts';
import { type Answer, IDLE, refuseMaking, talk } from './talk.ts';
import { Turns } from './turns.ts';
import { textsFor } from './choose-texts.ts';
import type { Texts } from './texts.ts';

/** What {@link BotFather} needs. */
export interface BotFatherDeps extends Pick<SubjectDeps, 'db' | 'random' | 'withBoxes'> {
  maker: BotMaker;
  hands: Hands;
}

/** What is known of somebody at the beginning of a turn. */
interface Known {
  step: FatherStep | undefined;
  bots: OwnBot[];
  texts: Texts;
}

/** Another turn of the same person ended meanwhile, on another device. */
class TurnTaken extends Error {}

/** How often a turn begins anew because of others. */
const TRIES_MAX = 5;

/** What a job knows of a message to BotFather. */
interface Heard {
  /** '' if it is something else than a text. */
  text: string;
  /** In the box of its author. */
  msgId: number;
  /** Random bits of the id of a bot that the message makes, in decimal: a job that is run again after a crash makes the bot for which the username is reserved. */
  draw: string;
  /** The id of the photo that it shows. */
  photoId?: string;
}

/** Answers in the chat with BotFather. */
export class BotFather {
  readonly #deps: BotFatherDeps;
  readonly #turns = new Turns();
  readonly jobKind;

  constructor(deps: BotFatherDeps) {
    this.#deps = deps;
    this.jobKind = defineJobKind<Heard>({ kind: 'bot-father', codec: jsonCodec(), run: (heard, context) => this.#turns.take(context.ownerId, heard.msgId, () => untilTaken(() => this.#answer(heard, context))) });
  }

  /** The job that answers a message which somebody has sent to BotFather. It is enqueued in the transaction of the send, so that each is answered once. */
  hear({ owner_id: ownerId, msg_id: msgId, text, extra }: Pick<MessageRow, 'owner_id' | 'msg_id' | 'text' | 'extra'>): NewJob {
    const heard = { msgId, draw: String(this.#deps.random.int63()) };
    const { media } = unpackMessageExtra(extra);
    if (isText(media)) return this.jobKind.order(ownerId, { ...heard, text });
    const photo = media?._ === 'messageMediaPhoto' && media.photo?._ === 'photo' ? media.photo : undefined;
    return this.jobKind.order(ownerId, { ...heard, text: '', ...(photo && { photoId: String(photo.id) }) });
  }

  /** Answers a pressed button below a message of BotFather. */
  async doPress(pressed: Press): Promise<CallbackAnswer> {
    await untilTaken(() => this.#press(pressed));
    return { _: 'messages.botCallbackAnswer', cache_time: 0 };
  }

  async #press({ userId: ownerId, message: { msgId }, button }: Press): Promise<void> {
    const known = await this.#know(ownerId);
    const { isNew, ...answer } = await press({ ownerId, hands: this.#deps.hands, ...known }, Buffer.from(button.data).toString());
    await this.#deps.db.transact('bot-father-press', async (tx) => {
      const reply = await this.#settle(tx, ownerId, known, answer);
      if (isNew === true) await this.#write(tx, ownerId, reply);
      else await this.#replace(tx, ownerId, msgId, reply);
    });
  }

  async #know(ownerId: bigint): Promise<Known> {
    const { db, maker } = this.#deps;
    const [step, bots, languages] = await Promise.all([findStep(db.q, ownerId), listBotsOf(db.q, ownerId, maker.config), listLanguages(db, [ownerId])]);
    return { step, bots, texts: textsFor(languages.get(ownerId) ?? '') };
  }

  async #answer({ text, msgId, draw, photoId }: Heard, context: JobContext): Promise<void> {
    const { db, hands, maker } = this.#deps;
    const { ownerId } = context;
    const known = await this.#know(ownerId);
    const step = known.step ?? IDLE;
    const finish = async (tx: Tx, answer: Answer): Promise<void> => {
      await context.done(tx);
      await this.#write(tx, ownerId, await this.#settle(tx, ownerId, known, answer));
    };
    let answer = await talk({ ownerId, text, photo: photoId === undefined ? undefined : { photoId: BigInt(photoId), msgId }, hands, ...known, step });
    if (answer.making !== undefined) {
      try {
        const made = await doMakeBot(maker, { ...answer.making, ownerId, draw: BigInt(draw) }, (tx, account) => finish(tx, { reply: this.#present(account, known.texts), next: IDLE }));
        await hands.botChanged(made.botId);
        return;
      } catch (error) {
        if (!(error instanceof RpcError) || error.code !== 400) throw error;
        answer = refuseMaking({ texts: known.texts, step }, error, maker.config.botsPerOwnerMax);
      }
    }
    await db.transact('bot-father', (tx) => finish(tx, answer));
  }

  /** Shows a bot that was just made. */
  #present({ username, token }: BotAccount, texts: Texts): Reply {
    return sayToken(texts.made(ME_URL_PREFIX + username), token, texts.keepSecret);
  }

  /** Does what a turn has led to. @returns the reply */
  async #settle(tx: Tx, ownerId: bigint, { step, texts }: Known, { reply, change, next }: Answer): Promise<Reply> {
    if (!(await saveStep(tx, ownerId, step, next))) throw new TurnTaken('another message to BotFather was answered meanwhile');
    return change === undefined || (await change(tx)) ? reply : say(texts.noSuchBot);
  }

  #write(tx: Tx, ownerId: bigint, { markup, ...text }: Reply): Promise<void> {
    return addServiceMessage(tx, this.#deps, ownerId, { ...text, authorId: BOT_FATHER_ID, ...(markup && { replyMarkup: markup }) });
  }

  /** Puts a reply in place of a message of BotFather. */
  async #replace(tx: Tx, ownerId: bigint, msgId: number, { markup, ...text }: Reply): Promise<void> {
    await this.#deps.withBoxes(tx, [ownerId], async (boxes, date) => {
      const row = await findMessage(tx.q, ownerId, msgId);
      if (row === undefined) return;
      const edited = applyEdit(row, { text, replyMarkup: markup?._ === 'replyInlineMarkup' ? markup : null, noWebpage: true, invertMedia: false }, undefined, date);
      if (isSameContent(edited, row)) return;
      await updateMessages(tx, [edited]);
      boxes.addEdit(ownerId, edited, date, undefined);
    });
  }
}

/** Takes a turn, anew if another turn of the person ended meanwhile. */
async function untilTaken(take: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof TurnTaken) || tries >= TRIES_MAX) throw error;
    }
  }
}
