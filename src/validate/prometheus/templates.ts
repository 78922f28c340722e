import { didYouMean } from '../../config/suggest.ts';

export interface TemplateProblem {
  readonly index: number;
  readonly message: string;
}

/** https://pkg.go.dev/text/template and https://prometheus.io/docs/prometheus/latest/configuration/template_reference/ */
const openers = ['if', 'range', 'with', 'define', 'block'];
const words = new Set(
  (
    'if else end range with define template block nil true false break continue ' +
    'and call html index slice js len not or print printf println urlquery eq ne lt le gt ge ' +
    'query first label value sortByLabel strvalue args reReplaceAll safeHtml match title toUpper toLower graphLink tableLink ' +
    'stripPort stripDomain humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp toTime toDuration now ' +
    'pathPrefix externalURL parseDuration tmpl urlQueryEscape float64'
  ).split(' '),
);
const variables = ['$labels', '$value', '$externalLabels', '$externalURL'];

/** The first thing that is wrong with a template of a label or an annotation; undefined: nothing that is looked for. */
export function templateProblem(text: string): TemplateProblem | undefined {
  const open: { word: string; index: number }[] = [];
  const own = new Set(variables);
  for (let at = text.indexOf('{{'); at !== -1; ) {
    const end = endOf(text, at + 2);
    if (end === undefined) return { index: at, message: 'this {{ is never closed by }}' };
    const problem = actionProblem(text.slice(at + 2, end), { at: at + 2, open, own });
    if (problem) return problem;
    at = text.indexOf('{{', end + 2);
  }
  const first = open.at(-1);
  return first && { index: first.index, message: `this {{ ${first.word} }} has no {{ end }}` };
}

/** Where the action ends, quoted texts and comments left out. */
function endOf(text: string, from: number): number | undefined {
  if (/^-?\s*\/\*/.test(text.slice(from, from + 20))) {
    const end = text.indexOf('*/', from);
    const close = end === -1 ? -1 : text.indexOf('}}', end);
    return close === -1 ? undefined : close;
  }
  const tokens = /"(?:\\.|[^"\\\n])*"|`[^`]*`|\}\}|\{\{/gs;
  tokens.lastIndex = from;
  for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
    if (found[0] === '}}') return found.index;
    if (found[0] === '{{') return undefined;
  }
  return undefined;
}

interface State {
  readonly at: number;
  readonly open: { word: string; index: number }[];
  /** Variables that are known so far. */
  readonly own: Set<string>;
}

function actionProblem(action: string, { at, open, own }: State): TemplateProblem | undefined {
  if (/^-?\s*\/\*/.test(action)) return undefined;
  const plain = action.replace(/"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\])'/gs, (quoted) =>
    ' '.repeat(quoted.length),
  );
  if (plain.replace(/[-\s]/g, '') === '' && action.replace(/[-\s]/g, '') === '')
    return { index: at, message: 'the action is empty' };
  for (const [name] of plain.matchAll(/\$\w+(?=\s*(?:,\s*\$\w+\s*)?:=)/g)) own.add(name);
  for (const match of plain.matchAll(/(?<![\w.$])(\$\w+|[A-Za-z_]\w*)/g)) {
    const problem = wordProblem(match[1] ?? '', at + match.index, own);
    if (problem) return problem;
  }
  return blockProblem(/^-?\s*([a-z]+)/.exec(plain)?.[1] ?? '', at, open);
}

function wordProblem(word: string, index: number, own: ReadonlySet<string>): TemplateProblem | undefined {
  if (word.startsWith('$')) {
    if (own.has(word)) return undefined;
    return { index, message: `${word} is not a variable of templates${didYouMean(word, [...own])}` };
  }
  return words.has(word)
    ? undefined
    : { index, message: `${word} is not a function of templates${didYouMean(word, [...words])}` };
}

function blockProblem(word: string, index: number, open: State['open']): TemplateProblem | undefined {
  if (openers.includes(word)) open.push({ word, index: index - 2 });
  if (word === 'end' && open.pop() === undefined)
    return { index: index - 2, message: 'this {{ end }} ends nothing' };
  return undefined;
}
