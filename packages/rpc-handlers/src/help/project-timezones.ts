import type { tl } from '@aerogram/tl';

const HOUR_MS = 3_600_000;

let known: { hour: number; zones: tl.timezone[] } | undefined;

/** The IANA time zones with their current offsets, from west to east; computed once an hour. */
export function projectTimezones(nowMs: number): tl.timezone[] {
  const hour = Math.floor(nowMs / HOUR_MS);
  if (known?.hour === hour) return known.zones;
  const zones = Intl.supportedValuesOf('timeZone').map((id): tl.timezone => {
    const utc_offset = offsetOf(id, nowMs);
    return { _: 'timezone', id, name: id.replace(/^.*\//, '').replaceAll('_', ' '), utc_offset };
  });
  known = { hour, zones: zones.toSorted((a, b) => a.utc_offset - b.utc_offset || (a.id < b.id ? -1 : 1)) };
  return known.zones;
}

/** How many seconds a time zone is ahead of UTC. */
function offsetOf(timeZone: string, nowMs: number): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(nowMs);
  const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(text) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
