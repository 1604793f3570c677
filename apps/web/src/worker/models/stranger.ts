import type { tl } from '@mtcute/core';
import type { ChatView, Stranger } from '../../protocol/index.ts';

/** Reads what can be done about a stranger; undefined if nothing is offered. Pure. */
export function readBar({ addContact, blockContact, reportSpam, shareContact }: tl.TypePeerSettings): ChatView['actionBar'] {
  if (!addContact && !blockContact && !reportSpam && !shareContact) return undefined;
  return { canAdd: addContact === true, canBlock: blockContact === true, canReport: reportSpam === true, canShare: shareContact === true };
}

/** Reads what the server tells of a stranger. The month is text such as `03.2026`. Pure. */
export function readStranger({ registrationMonth, phoneCountry }: Pick<tl.RawPeerSettings, 'registrationMonth' | 'phoneCountry'>): Stranger {
  const [, month, year] = /^(0[1-9]|1[0-2])\.(\d{4})$/.exec(registrationMonth ?? '') ?? [];
  return {
    // Local time, as that of all dates that are shown.
    joined: month === undefined ? undefined : new Date(Number(year), Number(month) - 1).getTime() / 1000,
    country: phoneCountry !== undefined && /^[A-Z]{2}$/.test(phoneCountry) ? phoneCountry : undefined,
  };
}
