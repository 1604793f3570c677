import type { FunctionComponent } from 'preact';
import { Switch } from './switch.tsx';
import { useSaved } from './use-saved.ts';

/** A setting that is on or off, and is saved when it is changed. @param save see `useSaved` */
export const SavedSwitch: FunctionComponent<{ text: string; isOn: boolean; save(isOn: boolean): Promise<boolean> }> = ({ text, isOn, save }) => {
  const { shown, isBusy, set } = useSaved(isOn, save);
  return <Switch text={text} isOn={shown} isBusy={isBusy} onChange={set} />;
};
