import type { Policy } from './policies.ts';
import type { PolicyCheck } from './shield.ts';

/** Options of {@link createPolicyCheck}. */
export interface PolicyCheckOptions {
  readonly policies: Readonly<Record<string, Policy>>;
  /** How long one policy may think. */
  readonly timeoutMs: number;
  /** Told when a policy is unknown, threw or was late; the answer is no all the same. */
  readonly onFailure: (policy: string, reason: unknown) => void;
}

/** Asks policies by name, each within the deadline. A caller waits for the slowest only: rules ask in parallel. */
export function createPolicyCheck(options: PolicyCheckOptions): PolicyCheck {
  return async (name, principal) => {
    const policy = Object.hasOwn(options.policies, name) ? options.policies[name] : undefined;
    try {
      if (!policy) throw new Error('no such policy');
      const signal = AbortSignal.timeout(options.timeoutMs);
      const answer = await Promise.race([policy(principal, signal), lateness(signal)]);
      return answer === true;
    } catch (reason) {
      options.onFailure(name, reason);
      return false;
    }
  };
}

function lateness(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the policy took too long')), { once: true });
  });
}
