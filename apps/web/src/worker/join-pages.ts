import { idAt, isOldPosition, type MessageId } from '../protocol/index.ts';
import { type Page, PAGE, type Pages } from './pages.ts';
import { Refused } from './refusal.ts';

/** The messages of the basic group from which a supergroup was made, and the newest of them. */
export interface OldPages {
  pages: Pages;
  upTo: MessageId;
}

/**
 * Makes one list of two: the messages of a supergroup, and before them those of the basic group from which it was made. Places in it are positions
 * (see `positionIn`).
 * @param fresh the messages of the supergroup
 * @param find finds those of the basic group, if there are any; it is called when they are needed
 */
export function joinPages(fresh: Pages, find: () => Promise<OldPages | undefined>): Pages {
  /** Fills a page that begins with the first message of the supergroup with old messages, up to the usual number. */
  const fill = async (page: Page): Promise<Page> => {
    if (!page.isStart) return page;
    const old = await find();
    if (!old) return page;
    const room = PAGE - page.rows.length;
    if (room <= 0) return { ...page, isStart: false };
    const before = await old.pages.older(old.upTo + 1);
    return { rows: [...before.rows.slice(-room), ...page.rows], isStart: before.isStart && before.rows.length <= room, isEnd: page.isEnd };
  };
  const oldOf = async (): Promise<OldPages> => {
    const old = await find();
    if (!old) throw new Refused({ code: 'MESSAGE_ID_INVALID' });
    return old;
  };
  const upTo = (page: Page, last: MessageId): Page => ({ ...page, rows: page.rows.filter(({ id }) => id <= last), isEnd: false });
  return {
    async older(before) {
      if (before === undefined || !isOldPosition(before)) return await fill(await fresh.older(before));
      const old = await oldOf();
      return { ...(await old.pages.older(idAt(before))), isEnd: false };
    },
    async newer(after) {
      if (!isOldPosition(after)) return await fresh.newer(after);
      const old = await oldOf();
      const page = await old.pages.newer(idAt(after));
      const { rows } = upTo(page, old.upTo);
      const isSeam = page.isEnd || rows.length < page.rows.length || rows.length === 0;
      if (!isSeam || rows.length >= PAGE) return { rows, isStart: false, isEnd: false };
      const next = await fresh.newer(0);
      const taken = next.rows.slice(0, PAGE - rows.length);
      return { rows: [...rows, ...taken], isStart: false, isEnd: next.isEnd && taken.length === next.rows.length };
    },
    async around(at) {
      if ('message' in at) {
        if (!isOldPosition(at.message)) return await fill(await fresh.around(at));
        const old = await oldOf();
        return upTo(await old.pages.around({ message: idAt(at.message) }), old.upTo);
      }
      const page = await fresh.around(at);
      // If a message of the supergroup is older than the moment, the moment is in its own part.
      const old = page.rows.some(({ date }) => date < at.date) ? undefined : await find();
      if (!old) return page;
      const found = upTo(await old.pages.around(at), old.upTo);
      return found.rows.some(({ date }) => date >= at.date) ? found : await fill(page);
    },
  };
}
