import { resolve } from 'node:path';
import type { Files } from '../platform/files.ts';
import { renderFindingsJunit } from '../report/findings-junit.ts';
import type { FindingsReport } from '../report/findings-model.ts';
import { renderFindingsSummary } from '../report/findings-summary.ts';
import { renderSarif } from '../report/sarif.ts';
import { catalogue } from './catalogue.ts';
import type { FailOn } from './stage.ts';

/** Where each report goes, relative to the workspace; undefined: it is not written. */
export interface FindingsPaths {
  sarif?: string | undefined;
  junit?: string | undefined;
  summary?: string | undefined;
}

export interface Writing {
  root: string;
  files: Pick<Files, 'writeDurably'>;
  failOn: FailOn;
  paths: FindingsPaths;
  /** Address of docs/rules.md. */
  rulesPage: string;
}

/** Writes the reports that were asked for, durably. */
export async function writeFindings(report: FindingsReport, writing: Writing): Promise<void> {
  const { root, files, failOn, paths, rulesPage } = writing;
  const texts = {
    sarif: () => renderSarif(report, { rules: catalogue, rulesPage }),
    junit: () => renderFindingsJunit(report, { failOn }),
    summary: () => renderFindingsSummary(report, { rulesPage }),
  };
  for (const kind of ['sarif', 'junit', 'summary'] as const) {
    const path = paths[kind];
    if (path !== undefined) await files.writeDurably(resolve(root, path), texts[kind]());
  }
}
