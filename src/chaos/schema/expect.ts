import * as v from 'valibot';
import {
  atLeastThroughput,
  atMostCount,
  atMostShare,
  atMostTime,
  belowThroughput,
  beyondShare,
  beyondTime,
} from '../../config/schema/bounds.ts';
import { wholeNumber } from '../../config/schema/fields.ts';
import { section } from '../../config/schema/leaf.ts';

/** What has to hold while the fault lasts; `recovery` and the ledger's figures are about what follows. */
export const expectSchema = section('What has to hold.', {
  p50: v.optional(atMostTime('Half of the requests are answered in this time while the fault lasts.')),
  p90: v.optional(atMostTime('90 of 100 requests are answered in this time while the fault lasts.')),
  p99: v.optional(atMostTime('99 of 100 requests are answered in this time while the fault lasts.')),
  'p99.9': v.optional(atMostTime('999 of 1,000 requests are answered in this time while the fault lasts.')),
  'error-rate': v.optional(atMostShare('Share of failed requests while the fault lasts.')),
  throughput: v.optional(atLeastThroughput('Answered requests while the fault lasts.')),
  recovery: v.optional(
    atMostTime('Until the service is itself again; see recovery. Default: slo.recovery, where it is given.'),
  ),
  lost: v.optional(atMostCount('Acknowledged writes that are gone. Default with a ledger: 0.')),
  duplicated: v.optional(atMostCount('Writes that were done more than once. Default with a ledger: 0.')),
  reordered: v.optional(
    atMostCount(
      'Writes that are listed on the wrong side of one that was acknowledged before they were sent.',
    ),
  ),
});

/** When the fault is taken away at once; looked at every 100 ms. */
export const abortSchema = section('When the fault is ended at once, and the experiment has failed.', {
  p50: v.optional(beyondTime('Half of the requests of a window take longer.')),
  p99: v.optional(beyondTime('The slowest hundredth of the requests of a window takes longer.')),
  'error-rate': v.optional(beyondShare('A larger share of the requests of a window fails.')),
  throughput: v.optional(belowThroughput('Fewer requests of a window are answered.')),
  consecutive: v.optional(wholeNumber('So many windows of 100 ms in a row.', [1, 10_000]), 2),
});

export type Expect = v.InferOutput<typeof expectSchema>;
export type AbortOn = v.InferOutput<typeof abortSchema>;
