import type { ToolkitExperiment, ToolkitRead } from '../chaos/toolkit/read.ts';
import type { ToolkitOutcome } from '../chaos/toolkit/run.ts';
import type { ReleaseFile } from '../config/model.ts';
import type { Platform } from '../platform/platform.ts';
import type { Target } from '../targets/target.ts';
import type { ChaosStageRequest } from './contract.ts';
import { type ExperimentsRun, redacted } from './experiments.ts';

/** The experiment file of Chaos Toolkit that was asked for; undefined: none was. */
export async function toolkitOf(
  { toolkit }: Pick<ChaosStageRequest, 'toolkit'>,
  { file, target, platform }: { file: ReleaseFile; target: Target; platform: Platform },
): Promise<ToolkitRead | undefined> {
  if (toolkit === undefined) return undefined;
  const { loadToolkit } = await import('../chaos/toolkit/read.ts');
  const { files, env } = platform;
  return loadToolkit(toolkit, files, { target: target.kind, components: Object.keys(file.components), env });
}

/** Runs it; functions about instances mean the standby colour, unless told otherwise. */
export async function runToolkitFile(
  experiment: ToolkitExperiment,
  run: ExperimentsRun,
  aim: ChaosStageRequest['aim'],
): Promise<ToolkitOutcome> {
  const { runToolkit } = await import('../chaos/toolkit/run.ts');
  return redacted(run, (request) => runToolkit({ ...request, experiment, aim: aim ?? 'standby' }));
}

/** The journal of a run beside its record, for Chaos Toolkit's own reporter. */
export class JournalFile {
  readonly #path: string;
  #journal: unknown;

  constructor(path: string) {
    this.#path = path;
  }

  /** Keeps the journal of a run, if it made one, and tells where it will be. */
  async kept(run: Promise<ToolkitOutcome>): Promise<ToolkitOutcome> {
    const outcome = await run;
    this.#journal = outcome.journal;
    if (this.#journal === undefined) return outcome;
    const message = `journal for Chaos Toolkit's reporter: ${this.#path}`;
    return { ...outcome, findings: [...outcome.findings, { level: 'notice', rule: 'journal', message }] };
  }

  /** Writes it, if there is one. @returns the output that names it */
  async written(files: Pick<Platform['files'], 'writeDurably'>): Promise<Record<string, string>> {
    if (this.#journal === undefined) return {};
    await files.writeDurably(this.#path, `${JSON.stringify(this.#journal, undefined, 2)}\n`);
    return { journal: this.#path };
  }
}
