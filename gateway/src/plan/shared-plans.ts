import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { RedisRoom } from '../redis-room.ts';
import { type PlanText, readPlan } from './plan-text.ts';

/** Plans that gateways of one supergraph share: what one has planned, the others and its own next start need not plan again. */
export interface SharedPlans {
  /** Undefined: nobody has planned it, or it cannot be told. Never rejects. */
  get(schemaId: string, operationKey: string): Promise<PlanText | undefined>;
  /** Does not wait. */
  set(schemaId: string, operationKey: string, text: string): void;
}

/** To be raised when the code in this folder plans differently: plans of older gateways are not used then. */
const FORMAT = 4;
const LIFETIME_SECONDS = 7 * 24 * 60 * 60;
/** Larger plans are rare, and Redis is shared. */
const MAX_CHARACTERS = 1_000_000;

/** Plans in Redis. Without an answer from it a gateway plans for itself. */
export function redisPlans(
  redis: Redis,
  onError: (error: unknown) => void,
  room = new RedisRoom({ characters: 64 * 1024 * 1024, lifetimeMs: LIFETIME_SECONDS * 1000 }),
): SharedPlans {
  return {
    get: async (schemaId, operationKey) => {
      try {
        const text = await redis.get(keyOf(schemaId, operationKey));
        return text === null ? undefined : readPlan(text);
      } catch (error) {
        onError(error);
        return undefined;
      }
    },
    set: (schemaId, operationKey, text) => {
      if (text.length <= MAX_CHARACTERS && room.take(text.length))
        redis.set(keyOf(schemaId, operationKey), text, 'EX', LIFETIME_SECONDS).catch(onError);
    },
  };
}

function keyOf(schemaId: string, operationKey: string): string {
  return `plan:${FORMAT}:${schemaId}:${hash('sha256', operationKey)}`;
}
