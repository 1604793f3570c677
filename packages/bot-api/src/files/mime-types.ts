/** Types of files by the extensions of their names, for those that bots send often. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'], ['jpeg', 'image/jpeg'], ['png', 'image/png'], ['gif', 'image/gif'], ['webp', 'image/webp'], ['svg', 'image/svg+xml'], ['bmp', 'image/bmp'], ['tiff', 'image/tiff'], ['heic', 'image/heic'],
  ['tgs', 'application/x-tgsticker'], ['webm', 'video/webm'], ['mp4', 'video/mp4'], ['m4v', 'video/mp4'], ['mov', 'video/quicktime'], ['mkv', 'video/x-matroska'], ['avi', 'video/x-msvideo'], ['mpeg', 'video/mpeg'],
  ['mp3', 'audio/mpeg'], ['m4a', 'audio/mp4'], ['aac', 'audio/aac'], ['ogg', 'audio/ogg'], ['oga', 'audio/ogg'], ['opus', 'audio/ogg'], ['flac', 'audio/flac'], ['wav', 'audio/wav'],
  ['pdf', 'application/pdf'], ['zip', 'application/zip'], ['gz', 'application/gzip'], ['tar', 'application/x-tar'], ['7z', 'application/x-7z-compressed'], ['rar', 'application/vnd.rar'], ['apk', 'application/vnd.android.package-archive'],
  ['txt', 'text/plain'], ['csv', 'text/csv'], ['html', 'text/html'], ['htm', 'text/html'], ['xml', 'text/xml'], ['md', 'text/markdown'], ['json', 'application/json'], ['js', 'text/javascript'],
  ['doc', 'application/msword'], ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xls', 'application/vnd.ms-excel'], ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'], ['epub', 'application/epub+zip'],
]);

/** The extension that the server gives files of a type: the first one of the list, but for voice messages as others write them. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([...[...TYPES].toReversed().map(([extension, type]) => [type, extension] as const), ['audio/ogg', 'oga']]);

const EXTENSION = /\.([A-Za-z0-9]{1,10})$/;

/** The extension of the name of a file, in lower case; '' if it has none. Pure. */
export function extensionOf(name: string): string {
  return EXTENSION.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** The type of a file by the extension of its name; undefined if that says nothing. Pure. */
export function typeOfName(name: string): string | undefined {
  return TYPES.get(extensionOf(name));
}

/** The extension for files of a type; '' for unknown types. Pure. */
export function extensionOfType(mimeType: string): string {
  return EXTENSIONS.get(mimeType) ?? '';
}
