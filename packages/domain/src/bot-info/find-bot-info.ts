import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import { groupBy } from '../shared/index.ts';
import type { BotTexts } from './check-info.ts';
import { type BotViewer, pickList } from './command-scope.ts';

/** Encodes a list of commands as it is stored. */
export function packCommands(commands: tl.botCommand[]): Uint8Array {
  return storedEncode({ _: 'botInfo', commands });
}

/** Decodes a stored list of commands. */
export function unpackCommands(bytes: Uint8Array): tl.BotCommand[] {
  // The cast is safe: packCommands wrote it.
  return (storedDecode(bytes) as tl.botInfo).commands ?? [];
}

/** What is stored of bots for one viewer. */
export interface ShownInfo {
  commands: tl.BotCommand[];
  /** About and description are '' where the language has none of its own, and nobody has. */
  texts: Omit<BotTexts, 'name'>;
  /** Whether the button beside the text field opens the commands. */
  opensCommands: boolean;
}

/** Reads the texts of a bot in a language, and what stands in for those that are missing. */
export async function findTexts(q: Database['q'], botIds: readonly bigint[], langCode: string): Promise<Map<bigint, BotTexts>> {
  const rows = await q
    .selectFrom('bot_texts')
    .selectAll()
    .where('bot_id', 'in', botIds)
    .where('lang_code', 'in', ['', langCode])
    .execute();
  return new Map(
    [...groupBy(rows, (row) => row.bot_id)].map(([botId, texts]) => {
      const own = texts.find((row) => row.lang_code === langCode);
      const plain = texts.find((row) => row.lang_code === '');
      const pick = (key: keyof BotTexts): string => own?.[key] || plain?.[key] || '';
      return [botId, { name: pick('name'), about: pick('about'), description: pick('description') }];
    }),
  );
}

/** Reads what a viewer sees of bots. */
export async function findShownInfo({ q }: Pick<Database, 'q'>, botIds: readonly bigint[], viewer: BotViewer): Promise<Map<bigint, ShownInfo>> {
  if (botIds.length === 0) return new Map();
  const { userId, langCode, chat } = viewer;
  const [lists, texts, buttons] = await Promise.all([
    q
      .selectFrom('bot_commands')
      .selectAll()
      .where('bot_id', 'in', botIds)
      .where('peer_id', 'in', [0n, chat?.peerId ?? userId])
      .where('user_id', 'in', [0n, userId])
      .where('lang_code', 'in', ['', langCode])
      .execute(),
    findTexts(q, botIds, langCode),
    q.selectFrom('bot_menu_buttons').select('bot_id').where('bot_id', 'in', botIds).where('user_id', 'in', [0n, userId]).execute(),
  ]);
  const listsOf = groupBy(lists, (list) => list.bot_id);
  return new Map(
    botIds.map((botId) => {
      const list = pickList(listsOf.get(botId) ?? [], viewer);
      const { about, description } = texts.get(botId) ?? { about: '', description: '' };
      return [botId, { commands: list === undefined ? [] : unpackCommands(list.commands), texts: { about, description }, opensCommands: buttons.some((row) => row.bot_id === botId) }];
    }),
  );
}
