// Writes NOTICE: whose work is in the assets of the server, and in the web client, which is delivered to browsers. The pictures are named by hand below.
// tools/pack-testing.mjs adds what the package for tests contains.
// usage: node tools/notice.mjs [--check]
import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './dependencies.mjs';

const OWN = `Aerogram

The pictures of reactions in packages/domain/assets/reactions are made from Twemoji (https://github.com/jdecked/twemoji),
Copyright 2019 Twitter, Inc and other contributors, licensed under CC-BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
They were converted to WebP and to Lottie animations, and moved, by tools/reactions. So were most of the emoji and the stickers
in packages/domain/assets/emoji, by tools/emoji.

The order, groups and names of emoji in apps/web/src/page/emoji/emoji.json are data of Unicode (https://unicode.org/emoji/),
as the package unicode-emoji-json has them, under this licence:

UNICODE LICENSE V3

COPYRIGHT AND PERMISSION NOTICE

Copyright © 1991-2025 Unicode, Inc.

NOTICE TO USER: Carefully read the following legal agreement. BY DOWNLOADING, INSTALLING, COPYING OR OTHERWISE USING DATA FILES, AND/OR
SOFTWARE, YOU UNEQUIVOCALLY ACCEPT, AND AGREE TO BE BOUND BY, ALL OF THE TERMS AND CONDITIONS OF THIS AGREEMENT. IF YOU DO NOT AGREE, DO NOT
DOWNLOAD, INSTALL, COPY, DISTRIBUTE OR USE THE DATA FILES OR SOFTWARE.

Permission is hereby granted, free of charge, to any person obtaining a copy of data files and any associated documentation (the "Data Files")
or software and any associated documentation (the "Software") to deal in the Data Files or Software without restriction, including without
limitation the rights to use, copy, modify, merge, publish, distribute, and/or sell copies of the Data Files or Software, and to permit persons
to whom the Data Files or Software are furnished to do so, provided that either (a) this copyright and permission notice appear with all copies
of the Data Files or Software, or (b) this copyright and permission notice appear in associated Documentation.

THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES
OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF THIRD PARTY RIGHTS.

IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE BE LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT OR CONSEQUENTIAL
DAMAGES, OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS
ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THE DATA FILES OR SOFTWARE.

Except as contained in this notice, the name of a copyright holder shall not be used in advertising or otherwise to promote the sale, use or
other dealings in these Data Files or Software without prior written authorization of the copyright holder.
`;

const readLock = () => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

/** Packages that apps/web needs, with those that they need themselves, by their folder in node_modules. */
function listPackages() {
  const { packages } = readLock();
  const found = new Map();
  const visit = (name) => {
    const path = `node_modules/${name}`;
    // Types are no part of what is delivered.
    if (found.has(name) || packages[path] === undefined || name.startsWith('@types/')) return;
    found.set(name, packages[path]);
    for (const next of Object.keys(packages[path].dependencies ?? {})) visit(next);
  };
  for (const name of Object.keys(packages['apps/web'].dependencies)) visit(name);
  return [...found].sort(([first], [second]) => (first < second ? -1 : 1));
}

/** The licence that comes with a package; undefined if it brings none. */
function readLicence(folder) {
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
}

/**
 * Names packages with their licences. Those with the same text share it.
 * @param {{ name: string, license: string, folder: string }[]} packages
 */
export function describeLicences(packages) {
  const byText = new Map();
  for (const { name, license, folder } of packages) {
    const text = readLicence(folder) ?? `(no text in the package; its licence is ${license})`;
    byText.set(text, [...(byText.get(text) ?? []), `${name} (${license})`]);
  }
  return [...byText].map(([text, names]) => `${'-'.repeat(80)}\n${names.join(', ')}\n\n${text}\n`).join('\n');
}

/** What tools/emoji makes icons and words from. */
const DRAWN_FROM = ['@phosphor-icons/core', 'emojibase-data'];

/** The text of NOTICE. */
export function writeNotice() {
  const { packages } = readLock();
  const describe = (name) => ({ name, license: packages[`node_modules/${name}`].license, folder: join(root, 'node_modules', name) });
  return `${OWN}
The icons in packages/domain/assets/emoji are made from @phosphor-icons/core (https://phosphoricons.com), its words and groups from emojibase-data
(https://emojibase.dev), which has them from Unicode. This part and the next one are written by tools/notice.mjs.

${describeLicences(DRAWN_FROM.map(describe))}
The web client contains these packages.

${describeLicences(listPackages().map(([name]) => describe(name)))}`;
}

if (import.meta.filename === realpathSync(process.argv[1])) {
  const path = join(root, 'NOTICE');
  const notice = writeNotice();
  if (!process.argv.includes('--check')) writeFileSync(path, notice);
  else if (readFileSync(path, 'utf8') !== notice) {
    console.error('NOTICE is not current: run npm run notice');
    process.exitCode = 1;
  }
}
