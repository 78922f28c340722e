import { relative, resolve } from 'node:path';
import { exitCodes } from '../hosts/exit-codes.ts';
import { docsLink } from '../hosts/failure.ts';
import type { Platform } from '../platform/platform.ts';
import { findingsJson } from '../report/findings-json.ts';
import { type FindingsStyle, renderFindings, renderSkips } from '../report/findings-text.ts';
import { plural } from '../report/format.ts';
import { logText } from '../report/text.ts';
import { defaultBaseline, writeBaseline } from '../validate/baseline/baseline.ts';
import { type Fixes, patchOf, planFixes, writeFixes } from '../validate/fix/fix.ts';
import { sourceLineOf } from '../validate/source-line.ts';
import { runValidate, type ValidateOutcome, type ValidateRequest } from '../validate/stage.ts';
import { writeFindings } from '../validate/written.ts';
import type { Options } from './arguments.ts';
import { type Output, styleOf } from './output.ts';
import { type ValidateOptions, validateOptions } from './validate-options.ts';

interface Asked {
  options: Options;
  paths: readonly string[];
}

/** One run of the command. */
interface Run {
  options: Options;
  own: ValidateOptions;
  request: ValidateRequest;
  platform: Platform;
  output: Output;
}

/** `validate`: checks the folder that the command runs in. @returns the exit code */
export async function validate(
  { options, paths }: Asked,
  platform: Platform,
  output: Output,
): Promise<number> {
  const own = options.validate ?? validateOptions({});
  const request: ValidateRequest = {
    root: resolve('.'),
    stages: async () => (await import('../release/stage-sections.ts')).stageSections,
    paths,
    release: options.file,
    environment: options.environment,
    kubernetesVersion: own.kubernetesVersion,
    failOn: own.failOn,
    baseline: own.action === 'write-baseline' ? null : own.baseline,
  };
  const run: Run = { options, own, request, platform: quiet(platform, options), output };
  return actions[own.action](run);
}

const actions: Readonly<Record<ValidateOptions['action'], (run: Run) => Promise<number>>> = {
  check: async (run) => tell(run, await runValidate(run.request, run.platform)),
  'write-baseline': keepBaseline,
  fix,
  'show-fixes': showFixes,
};

/** Steps that take a few milliseconds each are worth a spinner, not a line. */
function quiet(platform: Platform, { detail }: Options): Platform {
  if (detail === 'debug') return platform;
  return {
    ...platform,
    emit: (event) => {
      if (event.type !== 'step' || event.state === 'started') platform.emit(event);
    },
  };
}

async function tell(
  { options, own, request, platform, output }: Run,
  outcome: ValidateOutcome,
): Promise<number> {
  const files = { sarif: own.sarif, junit: own.junit };
  await writeFindings(outcome, {
    root: request.root,
    files: platform.files,
    failOn: own.failOn,
    paths: files,
    rulesPage: rulesPage(),
  });
  output.terminal.close();
  if (output.format === 'json') output.json(findingsJson(outcome));
  else output.terminal.print(textOf(outcome, output, options.detail));
  return exitCodes[outcome.verdict];
}

export const rulesPage = (): string => docsLink('docs/rules.md');

const findingsStyle = ({ terminal }: Output): FindingsStyle => ({
  ...styleOf(terminal),
  warn: (text) => terminal.paint('warn', text),
});

/** So many findings are shown with their line. */
const withSource = 10;

function textOf(outcome: ValidateOutcome, output: Output, detail: Options['detail']): string {
  const style = findingsStyle(output);
  const text = renderFindings(outcome, {
    style,
    withSource,
    width: process.stdout.columns,
    sourceOf: (finding) => sourceLineOf(finding, outcome.workspace.files),
  });
  const [worst] = outcome.findings.filter(({ severity }) => severity !== 'notice');
  const next = worst ? style.dim(`  cutover explain ${worst.rule} says why and how to mend it\n`) : '';
  return `${text}${detail === 'debug' ? renderSkips(outcome, style) : ''}${next}`;
}

async function keepBaseline({ own, request, platform, output }: Run): Promise<number> {
  const outcome = await runValidate(request, platform);
  const path = own.baseline ?? outcome.workspace.release?.validate.baseline ?? defaultBaseline;
  await platform.files.writeDurably(resolve(request.root, path), writeBaseline(outcome.findings));
  output.terminal.close();
  const findings = outcome.findings.length;
  if (output.format === 'json') output.json({ baseline: path, findings });
  else
    output.terminal.print(
      `${plural(findings, 'finding')} written to ${relative('.', resolve(request.root, path))}\n`,
    );
  return exitCodes.passed;
}

async function planned({ request, platform }: Run, outcome: ValidateOutcome): Promise<Fixes> {
  return planFixes({
    root: request.root,
    before: { findings: outcome.findings, texts: outcome.workspace.files },
    validate: async (files) => {
      const { findings, workspace } = await runValidate({ ...request, files }, platform);
      return { findings, texts: workspace.files };
    },
  });
}

async function fix(run: Run): Promise<number> {
  const { request, platform, output } = run;
  const plan = await planned(run, await runValidate(request, platform));
  const done = await writeFixes(plan, { root: request.root, files: platform.files });
  const after = await runValidate(request, platform);
  output.terminal.close();
  if (output.format === 'text') {
    const left = [...plan.unfixed, ...done.unfixed];
    for (const { file, applied } of done.files)
      output.terminal.print(`mended ${file}: ${plural(applied.length, 'finding')}\n`);
    for (const { finding, reason } of left) {
      output.terminal.print(
        `not mended ${finding.file}:${finding.line} ${finding.rule}: ${logText(reason)}\n`,
      );
    }
    if (done.files.length + left.length === 0)
      output.terminal.print('nothing that can be mended mechanically\n');
    output.terminal.print('\n');
  }
  return tell(run, after);
}

/** The patch goes to stdout alone, so that it can be given to `git apply`. */
async function showFixes(run: Run): Promise<number> {
  const { output } = run;
  const outcome = await runValidate(run.request, run.platform);
  const plan = await planned(run, outcome);
  output.terminal.close();
  const patch = patchOf(plan);
  if (output.format === 'json') output.json({ patch, files: plan.files.map(({ file }) => file) });
  else output.terminal.print(patch);
  return exitCodes[outcome.verdict];
}
