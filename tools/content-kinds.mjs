// Judges which source files name several kinds of content. What is asked of every kind stands in tables, which the compiler wants complete;
// all other files ask these, or are about one kind. Used by tools/imports.mjs; pure.

/** Tables with an entry for each kind, and the files that tables are made of. */
export const CONTENT_TABLES = [
  'packages/domain/src/content/media-kinds.ts',
  'packages/domain/src/content/action-kinds.ts',
  'packages/domain/src/content/action-kind.ts',
  'packages/domain/src/peers/content-peers.ts',
  'packages/domain/src/messages/prepare-media.ts',
  'packages/domain/src/messages/edit-media.ts',
  'packages/domain/src/notices/notice-kinds.ts',
  'packages/bot-api/src/objects/media-object.ts',
  'packages/bot-api/src/objects/action-object.ts',
  'packages/bot-api/src/sending/input-of-media.ts',
  'packages/kit/src/people/project-message.ts',
  'packages/dev-env/src/state/plain-content.ts',
  'apps/web/src/worker/models/attached.ts',
  'apps/web/src/worker/models/media.ts',
  'apps/web/src/worker/models/service.ts',
];

const FILES = 'it makes or takes files, which are photos or documents';
const IN_POLLS = 'polls show photos, documents and places';
const INLINE = 'messages of inline results have constructors of their own';

/** Other files that name several kinds, and why. The list may only shrink: a file that does so no longer is reported. */
export const CONTENT_EXCEPTIONS = {
  'packages/bot-api/src/files/input-file.ts': FILES,
  'packages/bot-api/src/files/upload-media.ts': FILES,
  'packages/bot-api/src/sending/copy-content.ts': 'checklists are forwarded, and a video can begin later',
  'packages/bot-api/src/sending/poll-media.ts': IN_POLLS,
  'packages/dev-env/src/random/message-actions.ts': 'it sends some kinds at random',
  'packages/dev-env/src/state/message-box.ts': 'updates change the pages and polls of messages',
  'packages/domain/src/content/geo-live.ts': 'a forward of a live location is a fixed one',
  'packages/domain/src/inline/content-of-result.ts': INLINE,
  'packages/domain/src/inline/inline-set-store.ts': FILES,
  'packages/domain/src/inline/media-of-result.ts': FILES,
  'packages/domain/src/inline/prepare-result.ts': INLINE,
  'packages/domain/src/polls/poll-media.ts': IN_POLLS,
  'packages/domain/src/web-files/url-kinds.ts': FILES,
  'packages/domain/src/web-files/url-uploads.ts': FILES,
  'apps/web/src/worker/answers/bots.ts': 'keys of bots ask for a contact or a location',
  'apps/web/src/worker/send/known-media.ts': FILES,
  'apps/web/src/worker/send/outbox.ts': FILES,
  'apps/web/src/worker/send/upload.ts': FILES,
};

/** Names in the schema that differ from that of the kind of media. Link previews and empty media both belong to texts. */
const KIND_OF = { GeoPoint: 'Geo', Todo: 'ToDo', Empty: 'WebPage', UploadedPhoto: 'Photo', PhotoExternal: 'Photo', UploadedDocument: 'Document', DocumentExternal: 'Document' };

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*$/gm;
const MEDIA = /\b(?:message|input)Media([A-Z]\w*)/g;
/** Service messages are written in many places, but asked for their kind only in tables: by a comparison, a case, or the key of a record. */
const ASKED_ACTION = /(?:[!=]== '|case '|^\s+)messageAction([A-Z]\w*)(?=[':(])/gm;

/** The kinds of content that the text of a source file names; of service messages those whose kind it asks for. */
export function listKinds(text) {
  const code = text.replace(COMMENT, '');
  // Constructors named `inputMediaArea…` are areas of a story that can be tapped, and no media of messages.
  const media = [...code.matchAll(MEDIA)].map(([, name]) => name).filter((name) => !name.startsWith('Area'));
  return { media: [...new Set(media.map((name) => KIND_OF[name] ?? name))], actions: [...new Set([...code.matchAll(ASKED_ACTION)].map(([, name]) => name))] };
}

/**
 * Finds files that name several kinds and are no tables, and exceptions that are not needed any more.
 * @param sources texts by the path of the file in the repository
 * @returns problems, each with its file
 */
export function findMixedKinds(sources, { tables = CONTENT_TABLES, exceptions = CONTENT_EXCEPTIONS } = {}) {
  const mixed = [...sources].flatMap(([file, text]) => {
    const { media, actions } = listKinds(text);
    const named = [media, actions].filter((kinds) => kinds.length > 1).flat();
    return named.length === 0 ? [] : [{ file, named }];
  });
  const names = new Set(mixed.map(({ file }) => file));
  return [
    ...mixed.filter(({ file }) => !tables.includes(file) && !Object.hasOwn(exceptions, file)).map(({ file, named }) => ({ file, message: `names several kinds of content (${named.join(', ')}): ask a table of tools/content-kinds.mjs` })),
    ...Object.keys(exceptions).filter((file) => !names.has(file)).map((file) => ({ file, message: 'names no two kinds of content any more: take it out of CONTENT_EXCEPTIONS in tools/content-kinds.mjs' })),
  ];
}
