import { docsLink } from '../hosts/failure.ts';
import { UsageError } from '../platform/errors.ts';
import type { ReportedRule } from '../report/findings-model.ts';
import { catalogue, findRule } from '../validate/catalogue.ts';
import { type Example, examples } from '../validate/examples.generated.ts';
import { type Output, styleOf } from './output.ts';

/** `explain`: says what a rule is about, or lists all rules. @returns the exit code */
export async function explainRule(id: string | undefined, output: Output): Promise<number> {
  output.terminal.close();
  if (id === undefined) listRules(output);
  else tell(ruleNamed(id), output);
  return 0;
}

function ruleNamed(id: string): ReportedRule {
  const found = findRule(id);
  if (found.rule) return found.rule;
  const guess = found.nearest === undefined ? '' : `, did you mean "${found.nearest}"?`;
  throw new UsageError(`there is no rule "${id}"${guess}`, {
    next: found.nearest === undefined ? 'cutover explain' : `cutover explain ${found.nearest}`,
    docs: 'docs/rules.md',
  });
}

function listRules({ format, json, terminal }: Output): void {
  if (format === 'json') {
    json(catalogue.map(({ id, severity, layer, title }) => ({ id, severity, layer, title })));
    return;
  }
  const width = Math.max(...catalogue.map(({ id }) => id.length));
  for (const [layer, rules] of Map.groupBy(catalogue, (rule) => rule.layer)) {
    terminal.print(`${terminal.paint('bold', layer)}\n`);
    for (const { id, severity, title } of rules) {
      terminal.print(`  ${id.padEnd(width)}  ${terminal.paint('quiet', severity.padEnd(7))}  ${title}\n`);
    }
  }
}

function tell(rule: ReportedRule, output: Output): void {
  const { id, severity, layer, title, why, fix, source } = rule;
  const example = Object.hasOwn(examples, id) ? examples[id] : undefined;
  if (output.format === 'json') {
    output.json({
      id,
      severity,
      layer,
      title,
      why,
      fix,
      ...(source === undefined ? {} : { source }),
      ...(example ? { example } : {}),
    });
  } else output.terminal.print(explanation(rule, example, output));
}

/** The texts of a rule for a terminal of 100 columns. */
function explanation(
  { id, severity, layer, title, why, fix, source }: ReportedRule,
  example: Example | undefined,
  output: Output,
): string {
  const style = styleOf(output.terminal);
  const part = (name: string, text: string) => `\n${style.strong(name)}\n${wrapped(text)}\n`;
  return [
    `${style.strong(id)}  ${style.dim(`${severity}, ${layer}`)}\n${title}\n`,
    part('Why', why),
    part('Fix', fix),
    example ? `\n${style.strong('Example')} ${style.dim(example.file)}\n${drawn(example, style.bad)}\n` : '',
    `\n${style.dim(`${source === undefined ? '' : `${source}\n`}${docsLink(`docs/rules.md#${id}`)}`)}\n`,
  ].join('');
}

function drawn({ lines, from, line, column, message }: Example, bad: (text: string) => string): string {
  const width = String(from + lines.length - 1).length;
  return lines
    .flatMap((text, i) => {
      const row = `  ${String(from + i).padStart(width)} │ ${text}`;
      if (from + i !== line) return [row];
      return [row, `  ${' '.repeat(width)} │ ${' '.repeat(Math.max(0, column - 1))}${bad(`^ ${message}`)}`];
    })
    .join('\n');
}

function wrapped(text: string, width = 98): string {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `  ${line}`).join('\n');
}
