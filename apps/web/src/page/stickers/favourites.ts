import Star from 'lucide-static/icons/star.svg';
import StarOff from 'lucide-static/icons/star-off.svg';
import type { FileRef } from '../../protocol/index.ts';
import { ask, openView, type OpenView } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import type { MenuItem } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';

let view: OpenView<'kept'> | undefined;

/** Begins to load which stickers the account has chosen. From then on the page follows them: a menu has to know at once what it offers. */
export const followFavourites = (): void => void (view ??= openView('kept', { list: 'favourite' }));

/** Makes a sticker a favourite, or takes it away from these. @returns undefined as long as it is not known whether it is one */
export function favouriteItem(file: FileRef): MenuItem | undefined {
  const favourites = view?.state.value.documents;
  if (!favourites || !('file' in file)) return undefined;
  const isFavourite = favourites.some(({ document }) => document.id === file.file);
  return { name: t(isFavourite ? 'removeFavourite' : 'addFavourite'), icon: isFavourite ? StarOff : Star, act: () => void attempt(ask('stickers.setFavourite', { file, isFavourite: !isFavourite })) };
}
