import type { FunctionComponent } from 'preact';

/** Something that is on or off. */
export const Switch: FunctionComponent<{ text: string; isOn: boolean; isDisabled?: boolean; onChange(isOn: boolean): void }> = ({ text, isOn, isDisabled, onChange }) => (
  <label class="switch">
    <span>{text}</span>
    <input type="checkbox" role="switch" checked={isOn} disabled={isDisabled} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
  </label>
);
