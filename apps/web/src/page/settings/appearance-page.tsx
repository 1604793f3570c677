import type { FunctionComponent } from 'preact';
import type { TextKey } from '../../texts/en/index.ts';
import { appearance, setAppearance, type TextSize, type Theme } from '../ground/appearance.ts';
import { Switch } from '../parts/switch.tsx';
import { Choice } from '../parts/choice.tsx';
import { t } from '../ground/text.ts';

const THEMES: [Theme, TextKey][] = [
  ['system', 'themeSystem'],
  ['light', 'themeLight'],
  ['dark', 'themeDark'],
];
const SIZES: [TextSize, TextKey][] = [
  ['small', 'textSmall'],
  ['normal', 'textNormal'],
  ['large', 'textLarge'],
  ['huge', 'textHuge'],
];

/** Colours and text of this browser. */
export const AppearancePage: FunctionComponent = () => {
  const { theme, textSize, hasAnimations } = appearance.value;
  return (
    <>
      <section class="panel">
        <Choice title={t('theme')} name="theme" options={THEMES.map(([id, text]) => ({ id, text: t(text) }))} chosen={theme} onChoose={(id) => setAppearance({ theme: id })} />
      </section>
      <section class="panel">
        <Choice title={t('textSize')} name="text-size" options={SIZES.map(([id, text]) => ({ id, text: t(text) }))} chosen={textSize} onChoose={(id) => setAppearance({ textSize: id })} />
        <div class="sample" aria-hidden="true">
          <p class="bubble">{t('sampleIn')}</p>
          <p class="bubble sample-out">{t('sampleOut')}</p>
        </div>
      </section>
      <section class="panel">
        <Switch text={t('animations')} isOn={hasAnimations} onChange={(isOn) => setAppearance({ hasAnimations: isOn })} />
      </section>
      <p class="hint">{t('appearanceText')}</p>
    </>
  );
};
