import type { AnyWorkflow } from '@app/workflow';
import type { AccountsApp } from '../service/ports.ts';
import { onboardAccount } from './onboard-account.ts';

/** Every workflow. A changed one counts its version up; the old version stays in this list until no run of it is left. */
export const workflows: readonly AnyWorkflow<AccountsApp>[] = [onboardAccount];
