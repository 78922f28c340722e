import { didYouMean } from '../../config/suggest.ts';
import type { HttpAnswer } from '../../platform/http.ts';
import { duration } from '../../report/format.ts';
import type { Attempt, CheckContext } from '../check.ts';
import type { MetricsSpec } from '../checks/metrics.ts';
import { judgeSeries, type Series, seriesText } from '../series.ts';
import { readCa } from '../trust.ts';
import { type Failure, unhealthy } from '../unhealthy.ts';
import { authorization, fetched } from '../web.ts';
import { readExposition } from './exposition.ts';
import { bucketsOf, quantile } from './histogram.ts';
import { increases } from './increase.ts';
import { matching, parseSelector, type Selector } from './selector.ts';

/** One try of a `metrics` check. */
export async function attemptMetrics(spec: MetricsSpec, context: CheckContext): Promise<Attempt> {
  const selector = parseSelector(spec.series);
  if ('problem' in selector) return unhealthy(`series cannot be used: ${selector.problem}`);
  const wanted = spec.quantile === undefined ? selector : { ...selector, name: `${selector.name}_bucket` };
  const scrape = await scraper(spec, context);
  if (typeof scrape !== 'function') return scrape;
  const first = await scrape();
  if ('ok' in first) return first;
  const found = spec.over === undefined ? first : await grown(first, { ms: spec.over, scrape, context });
  if ('ok' in found) return found;
  return judge(found, { spec, wanted, context });
}

interface Scraped {
  series: readonly Series[];
  /** Time that the requests took. */
  ms: number;
}

type Scrape = () => Promise<Scraped | Attempt>;

async function scraper(spec: MetricsSpec, context: CheckContext): Promise<Scrape | Attempt> {
  const { metrics: place } = spec;
  const url = place.startsWith('/') ? `${await context.aim.origin(context.component)}${place}` : place;
  if (!URL.canParse(url)) return unhealthy(`${context.shown(url)} is not a URL`);
  const trusted = await readCa(spec.ca, context);
  if ('problem' in trusted) return trusted.problem;
  const headers = { accept: 'text/plain; version=0.0.4', ...authorization(spec) };
  return async () => {
    const answer = await fetched({ url, headers, ...trusted }, context);
    return 'ok' in answer ? answer : scraped(answer, context);
  };
}

function scraped({ status, body, ms }: HttpAnswer, { shown }: CheckContext): Scraped | Failure {
  if (status !== 200) return unhealthy(`${status}, expected 200: ${shown(body)}`);
  const series = readExposition(body);
  if (!('line' in series)) return { series, ms };
  return unhealthy(`line ${series.line} is not Prometheus' text format: ${shown(series.text)}`);
}

async function grown(
  first: Scraped,
  { ms, scrape, context }: { ms: number; scrape: Scrape; context: CheckContext },
): Promise<Scraped | Attempt> {
  await context.platform.clock.sleep(ms, context.signal);
  const second = await scrape();
  if ('ok' in second) return second;
  return { series: increases(first.series, second.series), ms: first.ms + second.ms };
}

interface Wanted {
  spec: MetricsSpec;
  wanted: Selector;
  context: Pick<CheckContext, 'shown'>;
}

/** Purely: whether what was exposed is as expected. */
function judge({ series, ms }: Scraped, { spec, wanted, context }: Wanted): Attempt {
  const { aggregate, value: bound, quantile: share } = spec;
  const isMeant = matching(wanted);
  const named = series.filter(({ name }) => name === wanted.name);
  const found = named.filter(isMeant);
  // That there is none is something to count.
  if (found.length === 0 && aggregate !== 'count') return missing(series, { spec, wanted, context });
  const measured =
    share === undefined ? found : quantileOf(found, { name: context.shown(spec.series), share });
  if ('ok' in measured) return measured;
  const judged = judgeSeries(measured, { aggregate, bound });
  if (!judged.ok) return unhealthy(context.shown(judged.detail));
  const answer = { value: judged.value, series: measured };
  return { ok: true, detail: `${context.shown(judged.detail)} in ${duration(ms)}`, answer, ms };
}

function quantileOf(
  found: readonly Series[],
  of: { name: string; share: number },
): readonly Series[] | Failure {
  const buckets = bucketsOf(found);
  if (buckets === undefined) return unhealthy(`${of.name} has a bucket without its bound (le)`);
  const value = quantile(of.share, buckets);
  if (!Number.isNaN(value)) return [{ name: of.name, labels: {}, value }];
  return unhealthy(
    `${of.name} has counted nothing, so it has no quantile`,
    'let traffic flow first, for instance with a load check that this one needs',
  );
}

function missing(series: readonly Series[], { spec, wanted, context }: Wanted): Failure {
  const names = [...new Set(series.map(({ name }) => name))];
  const asked = context.shown(spec.series);
  const same = series.filter(({ name }) => name === wanted.name);
  const [first] = same;
  if (first !== undefined) {
    const example = context.shown(seriesText(first));
    return unhealthy(`none of the ${same.length} series of ${wanted.name} is ${asked}: there is ${example}`);
  }
  if (spec.quantile !== undefined && names.includes(wanted.name.replace(/_bucket$/, ''))) {
    return unhealthy(`${asked} is no histogram: there is no ${wanted.name}`);
  }
  return unhealthy(`no series ${wanted.name} among ${names.length} names${didYouMean(wanted.name, names)}`);
}
