import { currentRequest } from '@app/observability';
import type { WorkflowClient } from '@app/workflow';
import type { Onboarding } from '../service/ports.ts';
import { confirmedSignal, onboardAccount } from './onboard-account.ts';

/** Onboarding as the use cases see it: one run for each account. */
export function onboardingOf(client: WorkflowClient): Onboarding {
  return {
    begin: async (tx, accountId) => {
      const correlationId = currentRequest()?.requestId;
      const run = { id: runOf(accountId), subject: accountId, ...(correlationId !== undefined && { correlationId }) };
      await client.start(tx, onboardAccount.name, run);
    },
    confirmed: async (tx, accountId) => {
      // Accounts that were made before there was onboarding have no run.
      if ((await client.find(runOf(accountId))) !== null) await client.signal(tx, runOf(accountId), confirmedSignal);
    },
  };
}

function runOf(accountId: string): string {
  return `onboard_${accountId}`;
}
