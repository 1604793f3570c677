// Judges how the folders of one package import each other. Used by tools/imports.mjs; pure.
import { relative } from 'node:path';

/** The folder right below `src` in which a file stands, with all that is inside it; '' for a file that stands in none. */
export function topFolderOf(file, src) {
  const [first, ...rest] = relative(src, file).split('/');
  return rest.length === 0 ? '' : first;
}

/** The imports between two folders of `src`. @param graph files with those that they import. Files that stand in no folder compose the folders and are not looked at. */
function listCrossings(graph, src) {
  const isInside = (file) => file.startsWith(`${src}/`);
  return [...graph].filter(([file]) => isInside(file)).flatMap(([file, targets]) =>
    targets
      .filter(isInside)
      .map((target) => ({ file, target, from: topFolderOf(file, src), to: topFolderOf(target, src) }))
      .filter(({ from, to }) => from !== '' && to !== '' && from !== to),
  );
}

/**
 * Finds imports that go up, folders without a place, and files in no folder.
 * @param order lines of folders, bottom to top: a folder imports from earlier lines, and on its own line from what stands to its left
 * @param whose the folders in words, for the messages
 * @returns problems, each with its file
 */
export function findUpwardImports(graph, { src, order, whose }) {
  const flat = order.flat();
  const homeless = [...graph.keys()]
    .filter((file) => file.startsWith(`${src}/`) && !flat.includes(topFolderOf(file, src)))
    .map((file) => ({ file, message: topFolderOf(file, src) === '' ? 'stands in no folder' : `folder "${topFolderOf(file, src)}" has no place in the order of ${whose} in tools/imports.mjs` }));
  const upward = listCrossings(graph, src)
    .filter(({ from, to }) => flat.includes(from) && flat.includes(to) && flat.indexOf(to) > flat.indexOf(from))
    .map(({ file, target }) => ({ file, message: `imports ${relative(src, target)}, which does not come earlier in the order of ${whose}` }));
  return [...homeless, ...upward];
}

/**
 * Finds folders that import each other, in either direction.
 * @param allowed pairs that are known, as "one two" in the order of the alphabet. One that no longer exists is a problem, too.
 * @returns problems, each with its file
 */
export function findMutualImports(graph, { src, allowed = [] }) {
  const samples = new Map();
  for (const { from, to, file, target } of listCrossings(graph, src)) {
    const way = `${from} ${to}`;
    if (!samples.has(way)) samples.set(way, { file, target });
  }
  const pairs = [...samples.keys()].map((way) => way.split(' ')).filter(([one, two]) => one < two && samples.has(`${two} ${one}`));
  const names = pairs.map((pair) => pair.join(' '));
  const unknown = pairs
    .filter((pair) => !allowed.includes(pair.join(' ')))
    .map(([one, two]) => {
      const there = samples.get(`${one} ${two}`);
      const back = samples.get(`${two} ${one}`);
      return { file: there.file, message: `imports ${relative(src, there.target)}, and ${relative(src, back.file)} imports ${relative(src, back.target)}: folders do not import each other` };
    });
  const stale = allowed.filter((name) => !names.includes(name)).map((name) => ({ file: src, message: `the folders "${name}" no longer import each other: take them out of MUTUAL_FOLDERS in tools/imports.mjs` }));
  return [...unknown, ...stale];
}
