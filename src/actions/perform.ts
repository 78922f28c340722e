import type { Annotation } from '../hosts/annotations.ts';
import type { ActionEnd, ActionHost } from '../hosts/github.ts';
import type { ReleaseOutcome, ReleaseRequest } from '../release/contract.ts';

/** Runs a release for an action: marks how far it came, so that the post step knows, and reports. */
export async function performRelease(host: ActionHost, request: ReleaseRequest): Promise<void> {
  host.resumeWith(request.resume);
  host.mark('started');
  const { runRelease } = await import('../release/run.ts');
  const outcome = await runRelease(request, host.platform, host.signal);
  if (outcome.verdict !== 'cancelled') host.mark('finished');
  await host.report(await actionEnd(outcome, request));
}

/** What is told of the request; `resume` is undefined where nothing can be left. */
interface About {
  configPath: string;
  resume: string | undefined;
}

/** What an action tells about an outcome. */
export async function actionEnd(outcome: ReleaseOutcome, request: About): Promise<ActionEnd> {
  const text = await sentence(outcome, request);
  return {
    verdict: outcome.verdict,
    text: outcome.verdict === 'cancelled' && request.resume ? `${text}\nnext: ${request.resume}` : text,
    outputs: outcome.outputs,
    summary: outcome.paths?.summary,
    annotations: [...problemAnnotations(outcome), ...(await recordAnnotations(outcome))],
  };
}

async function sentence({ record, problems, verdict, outputs }: ReleaseOutcome, request: About) {
  if (problems.length > 0)
    return `${problems[0]?.file ?? request.configPath} cannot be used: ${problemCount(problems.length)}`;
  if (!record) return outputs['reason'] ?? `no release was recorded: ${verdict}`;
  const { headline } = await import('../report/wording.ts');
  return headline(record);
}

const problemCount = (count: number) => (count === 1 ? '1 problem' : `${count} problems`);

const problemAnnotations = ({ problems }: ReleaseOutcome): Annotation[] =>
  problems.map(({ file, line, column, path, message, allowed }) => ({
    level: 'error',
    text: `${path === '' ? '' : `${path}: `}${message}${allowed === undefined ? '' : `; allowed: ${allowed}`}`,
    place: { file, line, column },
  }));

async function recordAnnotations({ record }: ReleaseOutcome): Promise<readonly Annotation[]> {
  if (!record) return [];
  const { annotations } = await import('../report/annotations.ts');
  return annotations(record);
}
