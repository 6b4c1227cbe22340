import { defineEvent } from '@app/events';
import { z } from 'zod';

/** An event of the size that a placed order's has. */
export const Measured = defineEvent('bench.measured', {
  1: { schema: z.object({ n: z.int(), note: z.string() }) },
});

export const NOTE = 'x'.repeat(300);
