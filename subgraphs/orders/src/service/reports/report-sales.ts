import { newId, withTx } from '@app/database';
import { postMail } from '@app/mail';
import { toDecimal } from '@app/money';
import type { Tx } from '../../data/database.ts';
import { daysWithoutReport, insertReport, type SalesFigures, salesOf } from '../../data/sales-figures.ts';
import type { Deps } from '../deps.ts';

/** Days that are made up for when nobody reported them. */
const daysBack = 7;

/** One day of the report. */
interface Day {
  readonly day: string;
  readonly figures: readonly SalesFigures[];
}

/**
 * Reports the sales of the whole days (UTC) of the last week that were not reported yet: keeps the figures and, with an address, mails
 * them in the same transaction. Repeating it does nothing. Answers the days.
 */
export async function reportSales(deps: Pick<Deps, 'db' | 'now'>, mailTo: string | null): Promise<string[]> {
  return withTx(deps.db, async (tx: Tx) => {
    const days: Day[] = [];
    for (const day of await daysWithoutReport(tx, deps.now(), daysBack)) {
      const figures = await salesOf(tx, day);
      if (await insertReport(tx, day, figures)) days.push({ day, figures });
    }
    if (mailTo !== null && days.length > 0) {
      await postMail(tx, { id: newId('eml'), recipient: mailTo, kind: 'SALES_REPORT', subject: subjectOf(days), text: textOf(days) });
    }
    return days.map(({ day }) => day);
  });
}

function subjectOf(days: readonly Day[]): string {
  const [first, last] = [days[0]?.day, days.at(-1)?.day];
  return first === last ? `Sales of ${first}` : `Sales from ${first} to ${last}`;
}

function textOf(days: readonly Day[]): string {
  return days.map(({ day, figures }) => `${day}\n${figures.length === 0 ? '  nothing' : figures.map(lineOf).join('\n')}`).join('\n\n');
}

function lineOf({ currency, orders, units, soldMinor, capturedMinor, refundedMinor }: SalesFigures): string {
  const amount = (minor: number) => `${toDecimal({ minor, currency })} ${currency}`;
  return `  ${orders} orders, ${units} units, ${amount(soldMinor)} sold; ${amount(capturedMinor)} taken, ${amount(refundedMinor)} refunded`;
}
