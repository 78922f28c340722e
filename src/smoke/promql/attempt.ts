import type { HttpAnswer } from '../../platform/http.ts';
import { duration } from '../../report/format.ts';
import type { Attempt, CheckContext } from '../check.ts';
import type { PromqlSpec } from '../checks/promql.ts';
import { judgeSeries } from '../series.ts';
import { readCa } from '../trust.ts';
import { unhealthy } from '../unhealthy.ts';
import { authorization, fetched } from '../web.ts';
import { readAnswer } from './answer.ts';

/** One try of a `promql` check. */
export async function attemptPromql(spec: PromqlSpec, context: CheckContext): Promise<Attempt> {
  const url = `${spec.server.replace(/\/+$/, '')}/api/v1/query`;
  if (!URL.canParse(url)) return unhealthy(`${context.shown(spec.server)} is not a URL`);
  const trusted = await readCa(spec.ca, context);
  if ('problem' in trusted) return trusted.problem;
  // The server gives up by itself, too, so that attempts do not pile up in it.
  const form = new URLSearchParams({ query: spec.promql, timeout: `${Math.ceil(context.timeoutMs)}ms` });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...authorization(spec) };
  const answer = await fetched({ url, method: 'POST', headers, body: String(form), ...trusted }, context);
  return 'ok' in answer ? answer : judge(answer, spec, context);
}

/** Purely: whether an answer is as expected. No data is never right: nobody has measured anything then. */
export function judge(
  { status, body, ms }: Pick<HttpAnswer, 'status' | 'body' | 'ms'>,
  { aggregate, value: bound }: Pick<PromqlSpec, 'aggregate' | 'value'>,
  { shown }: Pick<CheckContext, 'shown'>,
): Attempt {
  const said = readAnswer(body);
  if (said === undefined) return notPrometheus(status, shown(body));
  if (!said.ok) return unhealthy(`Prometheus says: ${shown(said.problem)}`, 'check the query');
  const warnings = said.warnings.length === 0 ? '' : ` (warning: ${shown(said.warnings.join('; '))})`;
  if (said.series.length === 0 && aggregate !== 'count') return noData(warnings);
  const judged = judgeSeries(said.series, { aggregate, bound });
  const detail = `${shown(judged.detail)}${warnings}`;
  if (!judged.ok) return Number.isNaN(judged.value) ? notANumber(detail) : unhealthy(detail);
  const answer = { value: judged.value, series: said.series };
  return { ok: true, detail: `${detail} in ${duration(ms)}`, answer, ms };
}

function notPrometheus(status: number, body: string): Attempt {
  const denied = status === 401 || status === 403;
  const remedy = denied
    ? 'give bearer, or user and password'
    : 'check server: it is the base URL, without /api/v1';
  return unhealthy(`${status}, expected the answer of Prometheus' HTTP API: ${body}`, remedy);
}

function noData(warnings: string): Attempt {
  return unhealthy(
    `no data: the query matches no series${warnings}`,
    'check names and labels; where nothing means 0, add "or vector(0)" to the query',
  );
}

function notANumber(detail: string): Attempt {
  return unhealthy(detail, 'NaN means that there was nothing to divide by: let traffic flow first');
}
