import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listEmoji } from './emoji-list.ts';
import { Pack, type SetRow } from './pack.ts';
import { listDrawable, makeSets } from './sets.ts';
import { describeGroups, LANGUAGES, packWords } from './words.ts';

// npm run emoji, from the root of the repository: draws the emoji and stickers that ship with the server anew, and collects the words by which emoji are found.
const ASSETS = 'packages/domain/assets/emoji';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const emoji = listEmoji();
const { drawable, refused } = listDrawable(emoji);
if (refused.length > 0) say(`Not drawn: ${refused.join('; ')}`);

const pack = new Pack();
const sets: SetRow[] = [];
for (const set of makeSets(drawable)) sets.push(await pack.addSet(set));

rmSync(ASSETS, { recursive: true, force: true });
mkdirSync(join(ASSETS, 'words'), { recursive: true });
writeFileSync(join(ASSETS, 'pack.bin'), pack.bytes());
// A line for each set, so that a changed set is a changed line.
const index = `[\n${sets.map((set) => JSON.stringify(set)).join(',\n')}\n]\n`;
writeFileSync(join(ASSETS, 'sets.json'), index);
const icons = sets.find(({ shortName }) => shortName === 'AerogramIcons')!;
const groups = describeGroups(emoji, icons);
writeFileSync(join(ASSETS, 'groups.json'), `[\n${groups.map((group) => JSON.stringify(group)).join(',\n')}\n]\n`);
let words = 0;
for (const language of LANGUAGES) {
  const packed = packWords(language, emoji);
  writeFileSync(join(ASSETS, 'words', `${language}.br`), packed);
  words += packed.length;
}
for (const { shortName, documents } of sets) say(`${shortName}: ${documents.length}`);
say(`pack ${pack.size} bytes, index ${index.length}, words ${words}`);
