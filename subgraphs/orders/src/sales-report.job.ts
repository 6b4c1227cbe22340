import { defineJob, handle, type JobHandler, type Schedule, schedule } from '@app/jobs';
import { z } from 'zod';
import type { Deps } from './service/deps.ts';
import { reportSales } from './service/reports/report-sales.ts';

/** Reports the sales of the days that are over and were not reported. */
const salesReport = defineJob('sales-report', { schema: z.strictObject({}), attempts: 20, backoff: { baseMs: 5_000, maxMs: 1_800_000 } });

/** Ten minutes past midnight, UTC. */
export const nightlySalesReport: Schedule = schedule('nightly-sales-report', salesReport, {
  data: {},
  rhythm: { cron: '10 0 * * *', timeZone: 'UTC' },
});

/** What the worker does with it. */
export function salesReportHandler(deps: Deps, mailTo: string | null): JobHandler {
  return handle(salesReport, async () => void (await reportSales(deps, mailTo)));
}
