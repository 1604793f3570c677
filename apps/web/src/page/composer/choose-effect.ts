import type { Effect } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { openMenu, type MenuPlace } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';

/** Lets the person choose what is played when a message arrives. */
export async function chooseEffect(place: MenuPlace, choose: (effect: Effect) => void): Promise<void> {
  const asked = ask('effects.list', undefined);
  if (!(await attempt(asked))) return;
  const effects = await asked;
  openMenu({ label: t('addEffect'), place, className: 'effects', items: effects.map((effect) => ({ name: effect.emoji, shown: effect.emoji, act: () => choose(effect) })) });
}
