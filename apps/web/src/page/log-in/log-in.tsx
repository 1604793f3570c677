import type { FunctionComponent } from 'preact';
import type { LogInStep } from '../../protocol/index.ts';
import { session } from '../ground/link.ts';
import { CodeStep } from './code-step.tsx';
import { EmailStep } from './email-step.tsx';
import { PasswordStep } from './password-step.tsx';
import { PhoneStep } from './phone-step.tsx';
import { RecoveryStep } from './recovery-step.tsx';
import { QrStep } from './qr-step.tsx';
import { SignUpStep } from './sign-up-step.tsx';

const Step: FunctionComponent<{ step: LogInStep }> = ({ step }) => {
  switch (step.step) {
    case 'phone':
      return <PhoneStep phone={step.phone} />;
    case 'qr':
      return <QrStep url={step.url} />;
    case 'code':
      return <CodeStep key="code" {...step} />;
    case 'emailCode':
      return <CodeStep key="emailCode" {...step} way="email" />;
    case 'emailAddress':
      return <EmailStep phone={step.phone} />;
    case 'signUp':
      return <SignUpStep />;
    case 'password':
      return <PasswordStep {...step} />;
    case 'recovery':
      return <RecoveryStep email={step.email} />;
  }
};

/** The page that is there until somebody is logged in. */
export const LogIn: FunctionComponent = () => (
  <main class="log-in">
    <div class="log-in-card">
      <Step step={session.value.logIn ?? { step: 'phone' }} />
    </div>
  </main>
);
