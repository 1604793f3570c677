import { rpcError } from '@aerogram/errors';

import { doMakeBot, listBotsOf } from '../bots/index.ts';
import { cleanLine, NAME_MAX } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';

type OwnBotsDeps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config' | 'fileStorage' | 'homes'>;

/** The bots that somebody looks after. */
export class OwnBots {
  readonly #deps: OwnBotsDeps;
  readonly #users: Pick<Users, 'userChanged'>;

  constructor(deps: OwnBotsDeps, users: Pick<Users, 'userChanged'>) {
    this.#deps = deps;
    this.#users = users;
  }

  /** The ids of the owner's bots, the oldest first. */
  async list(ownerId: bigint): Promise<bigint[]> {
    const { db, config } = this.#deps;
    return (await listBotsOf(db.q, ownerId, config)).map((row) => row.bot_id);
  }

  /**
   * Makes a bot for somebody, who is given its token by `bots.exportBotToken`.
   * @returns its id
   * @throws RpcError 400 NAME_INVALID, USERNAME_INVALID, USERNAME_SUFFIX_MISSING, USERNAME_OCCUPIED, BOT_CREATE_LIMIT_EXCEEDED
   */
  async doCreate(ownerId: bigint, { name, username }: { name: string; username: string }): Promise<bigint> {
    const { db, clock, random, config, fileStorage, homes } = this.#deps;
    const firstName = cleanLine(name);
    if (firstName === '' || firstName.length > NAME_MAX) throw rpcError('NAME_INVALID');
    const { botId } = await doMakeBot({ db, clock, random, config, homes, keys: fileStorage.keys }, { name: firstName, username, ownerId });
    await this.#users.userChanged(botId);
    return botId;
  }
}
