import type { FunctionComponent } from 'preact';

/** Something that is on or off. @param isBusy the server was asked and has not answered yet */
export const Switch: FunctionComponent<{ text: string; isOn: boolean; isDisabled?: boolean; isBusy?: boolean; onChange(isOn: boolean): void }> = ({ text, isOn, isDisabled, isBusy, onChange }) => (
  <label class="switch">
    <span>{text}</span>
    <input type="checkbox" role="switch" checked={isOn} disabled={isDisabled} aria-busy={isBusy} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
  </label>
);
