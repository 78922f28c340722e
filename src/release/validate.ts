import { basename, dirname, join } from 'node:path';
import type { Problem, ReleaseFile } from '../config/model.ts';
import type { Platform } from '../platform/platform.ts';
import type { Verdict } from '../platform/verdict.ts';
import type { Finding } from '../report/record.ts';
import type { ReleaseRequest } from './contract.ts';
import { loadStageSections, readReleaseFile } from './release-file.ts';
import type { StageEnd, Stages } from './stages.ts';

/** What the stage `validate` came to. Without a file there is nothing to release. */
export interface Validated {
  verdict: Verdict;
  file: ReleaseFile | undefined;
  problems: readonly Problem[];
}

/** The record lists so many findings; the whole list is what `cutover validate` is for. */
const mostFindings = 200;

/** The release file always; with `checks: 'workspace'` everything that the release is made of. */
export function validateStage(
  request: ReleaseRequest,
  platform: Platform,
  stages: Stages,
): Promise<Validated> {
  return stages.run<Validated>('validate', async () => {
    const { configPath } = request;
    const read = await readReleaseFile(request, platform);
    if (!read.ok) {
      const count = read.problems.length === 1 ? '1 problem' : `${read.problems.length} problems`;
      const value = { verdict: 'failed', file: undefined, problems: read.problems } as const;
      return { verdict: 'failed', summary: `${count} in ${configPath}`, value };
    }
    const releases = request.mode === 'apply' || request.mode === 'plan';
    if (request.checks === 'workspace' && releases) return wholeWorkspace(request, platform, read.file);
    const value = { verdict: 'passed', file: read.file, problems: [] } as const;
    return { verdict: 'passed', summary: `${configPath} is valid`, value };
  });
}

/** Errors hold the release up; that nothing but the release file was found to check does not. */
async function wholeWorkspace(
  request: ReleaseRequest,
  platform: Platform,
  file: ReleaseFile,
): Promise<StageEnd<Validated>> {
  const { runValidate } = await import('../validate/stage.ts');
  const { environment } = request;
  const release = basename(request.configPath);
  const outcome = await runValidate(
    { root: file.folder, release, environment, failOn: 'error', stages: loadStageSections },
    platform,
  );
  const verdict = outcome.verdict === 'failed' ? 'failed' : 'passed';
  const { worstFirst } = await import('../report/findings-model.ts');
  const findings = worstFirst(outcome.findings)
    .slice(0, mostFindings)
    .map(
      ({ severity, rule, message, file: path, line, column }): Finding => ({
        level: severity,
        rule,
        message,
        // Relative to where the release file's own path is, as annotations need it.
        place: { file: join(dirname(request.configPath), path), line, column },
      }),
    );
  return { verdict, summary: outcome.summary, findings, value: { verdict, file, problems: [] } };
}
