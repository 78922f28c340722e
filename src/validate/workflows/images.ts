import { programName } from '../dockerfile/shell.ts';
import type { Path } from '../document.ts';
import { actionOf, type Job, type Step, type Workflow } from './model.ts';
import { flagValues, operands, type ScriptCommand, scriptCommands } from './scripts.ts';
import { environmentOf, filledIn } from './variables.ts';

/** An image that a step names. */
export interface NamedImage {
  readonly image: string;
  readonly path: Path;
  /** Where its command begins in the script at `path`. */
  readonly index?: number | undefined;
}

/** What a workflow does with images. */
export interface Images {
  readonly built: readonly NamedImage[];
  readonly scanned: readonly NamedImage[];
  readonly pulled: readonly NamedImage[];
  /** Whether a command is there that brings images of which nothing is written here. */
  readonly isOpaque: boolean;
}

const scanActions: Readonly<Record<string, string>> = {
  'aquasecurity/trivy-action': 'image-ref',
  'anchore/scan-action': 'image',
  'docker/scout-action': 'image',
  'snyk/actions/docker': 'image',
};

/** Commands that bring images of which nothing is written here. */
const opaque =
  /\bdocker(?:-| )compose\b|\bdocker (?:image )?load\b|\bdocker buildx bake\b|\bko (?:build|publish)\b|\bjib|\bskaffold\b|\bbootBuildImage\b|\bspring-boot:build-image\b|\bmake\b|\bbazel\b/;

/** The images that a workflow builds, pulls and scans, with their variables filled in. */
export function imagesOf(workflow: Workflow): Images {
  const steps = [...workflow.jobs.values()].flatMap((job) =>
    job.steps.map((step) => imagesOfStep(workflow, job, step)),
  );
  return {
    built: steps.flatMap(({ built }) => built),
    scanned: steps.flatMap(({ scanned }) => scanned),
    pulled: steps.flatMap(({ pulled }) => pulled),
    isOpaque: steps.some(({ isOpaque }) => isOpaque),
  };
}

/** Whether something is left that only a run tells. */
export const isUnresolved = (image: string): boolean =>
  /\$\{\{\s*(?!github\.(?:sha|ref_name|repository|repository_owner|run_id|run_number)\}\})|\$(?!\{\{)|[`*]/.test(
    image,
  ) || image === '';

function imagesOfStep(workflow: Workflow, job: Job, step: Step): Images {
  const variables = environmentOf(workflow, job, step);
  const named = (key: string, texts: readonly string[]): NamedImage[] =>
    texts.map((text) => ({ image: normal(filledIn(text, variables)), path: [...step.path, 'with', key] }));
  const byCommand = imagesOfScript(step, variables);
  const tags = buildTags(step);
  const scan = scanActions[actionOf(step) ?? ''];
  const image = scan === undefined ? undefined : step.with[scan];
  return {
    built: [...byCommand.built, ...named('tags', tags ?? [])],
    scanned: [...byCommand.scanned, ...(typeof image === 'string' && scan ? named(scan, [image]) : [])],
    pulled: byCommand.pulled,
    isOpaque:
      tags?.length === 0 || opaque.test(step.run ?? '') || /bake-action|compose/.test(actionOf(step) ?? ''),
  };
}

function imagesOfScript(
  step: Step,
  variables: ReadonlyMap<string, string>,
): Pick<Images, 'built' | 'scanned' | 'pulled'> {
  const script = step.run ?? '';
  const path = [...step.path, 'run'];
  const written = scriptCommands(script);
  const filled = scriptCommands(filledIn(script, variables));
  const named = (imagesIn: (words: readonly string[]) => readonly string[]): NamedImage[] =>
    filled.flatMap(({ words }, nth) =>
      imagesIn(words).map((image) => ({
        image: normal(filledIn(image, variables)),
        path,
        // A variable with several commands in it would shift the others.
        index: written.length === filled.length ? placeIn(written[nth], words.indexOf(image)) : undefined,
      })),
    );
  return { built: named(builtBy), scanned: named(scannedBy), pulled: named(pulledBy) };
}

/** Of a word, or of the whole command where it is only part of one. */
const placeIn = (command: ScriptCommand | undefined, word: number): number | undefined =>
  command?.starts[word] ?? command?.starts[0];

/** The tags of a build action; undefined: it is none. */
function buildTags(step: Step): readonly string[] | undefined {
  const action = actionOf(step);
  if (action !== 'docker/build-push-action' && action !== 'redhat-actions/buildah-build') return undefined;
  const tags = step.with['tags'];
  return typeof tags === 'string'
    ? tags
        .split(/[\n,]/)
        .map((tag) => tag.trim())
        .filter(Boolean)
    : [];
}

const engines: ReadonlySet<string> = new Set(['docker', 'podman', 'nerdctl', 'buildah']);

function builtBy(words: readonly string[]): readonly string[] {
  const [program = '', ...rest] = words;
  if (programName(program) === 'pack' && rest[0] === 'build') return operands(rest.slice(1), []).slice(0, 1);
  if (!engines.has(programName(program))) return [];
  const command = rest.filter((word) => word !== 'buildx' && word !== 'image')[0];
  if (command === 'build' || command === 'bud') return flagValues(rest, ['-t', '--tag']);
  return command === 'tag' ? operands(rest, []).slice(-1) : [];
}

function pulledBy(words: readonly string[]): readonly string[] {
  const [program = '', ...rest] = words;
  if (!engines.has(programName(program))) return [];
  const command = rest.filter((word) => word !== 'image');
  return command[0] === 'pull' ? operands(command.slice(1), ['--platform']).slice(-1) : [];
}

const scanFlags = [
  '--severity',
  '--exit-code',
  '--format',
  '-f',
  '--output',
  '-o',
  '--fail-on',
  '--only-severity',
  '--scanners',
  '--ignorefile',
  '--timeout',
  '--config',
  '-c',
  '--template',
  '-t',
  '--platform',
  '--file',
  '--only-fixed',
  '--vuln-type',
  '--pkg-types',
  '--cache-dir',
];

function scannedBy(words: readonly string[]): readonly string[] {
  const [program = '', ...rest] = words;
  const name = programName(program);
  const given = operands(rest, scanFlags);
  if (name === 'trivy') return given[0] === 'image' || given[0] === 'i' ? given.slice(1, 2) : [];
  if (name === 'grype')
    return given
      .slice(0, 1)
      .filter((image) => !/^(?:dir|file|sbom|purl):|^\.|^\//.test(image) && image.includes(':'));
  const isScout =
    name === 'docker' && given[0] === 'scout' && /^(?:cves|quickview|recommendations)$/.test(given[1] ?? '');
  return isScout ? given.slice(2, 3) : [];
}

/** One way to write an image: without a transport, `docker.io/library/` and `:latest`. */
function normal(image: string): string {
  const plain = image
    .trim()
    .replace(/^(?:docker|registry|image|local):(?:\/\/)?(?=[a-z])/, '')
    .replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, '');
  return plain.replace(/:latest$/, '');
}
