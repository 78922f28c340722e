import { prometheusNumber, type Series } from '../series.ts';

/** What the server says to a query (https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries). */
export type Said =
  | { ok: true; series: readonly Series[]; warnings: readonly string[] }
  /** The server refuses the query, or says what a check cannot use. */
  | { ok: false; problem: string };

/** Reads the JSON of an instant query; undefined where it is not what the API answers. */
export function readAnswer(body: string): Said | undefined {
  const answer = jsonOf(body);
  if (!isRecord(answer)) return undefined;
  if (answer['status'] === 'error')
    return { ok: false, problem: `${answer['errorType']}: ${answer['error']}` };
  const { status, data, warnings } = answer;
  if (status !== 'success' || !isRecord(data)) return undefined;
  const series = seriesIn(String(data['resultType']), data['result']);
  if (series === undefined || 'problem' in series) return series && { ok: false, ...series };
  return { ok: true, series, warnings: Array.isArray(warnings) ? warnings.map(String) : [] };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Found = readonly Series[] | { problem: string } | undefined;

function seriesIn(type: string, result: unknown): Found {
  if (type === 'scalar') return collected([{ metric: {}, value: result }]);
  if (type === 'vector' && Array.isArray(result)) return collected(result);
  const instead = 'a check wants an instant vector or a scalar';
  if (type === 'matrix')
    return { problem: `the query gives a range of values; ${instead}: wrap it in a function` };
  if (type === 'string') return { problem: `the query gives a text; ${instead}` };
  return undefined;
}

function collected(elements: readonly unknown[]): Found {
  const all: Series[] = [];
  for (const element of elements) {
    const series = seriesOf(element);
    if (series === undefined || 'problem' in series) return series;
    all.push(series);
  }
  return all;
}

function seriesOf(element: unknown): Series | { problem: string } | undefined {
  if (!isRecord(element) || !isRecord(element['metric'])) return undefined;
  if ('histogram' in element) {
    return {
      problem: 'the query gives a native histogram: wrap it in histogram_quantile or histogram_count',
    };
  }
  const value = Array.isArray(element['value']) ? prometheusNumber(String(element['value'][1])) : undefined;
  if (value === undefined) return undefined;
  const { __name__: name = '', ...labels } = element['metric'];
  const texts = Object.entries(labels).map(([label, text]) => [label, String(text)]);
  return { name: String(name), labels: Object.fromEntries(texts), value };
}
