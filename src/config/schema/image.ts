import { type LeafSpec, leaf } from './leaf.ts';

/** By the grammar of https://pkg.go.dev/github.com/distribution/reference; a host has a dot or a port, or is localhost. */
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const host = `(?:${label}(?:\\.${label})+(?::[0-9]+)?|${label}:[0-9]+|localhost)`;
const part = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const globPart = '[a-z0-9*]+(?:(?:[._]|__|-+)[a-z0-9*]+)*';

const repositoryPattern = `^(?=.{1,255}$)(?:${host}/)?${part}(?:/${part})*$`;
const globPattern = `^(?=.{1,255}$)(?!.*\\*\\*)(?:${host}/)?${globPart}(?:/${globPart})*$`;

type Spec = Pick<LeafSpec<string>, 'description' | 'noun' | 'allowed' | 'examples'> & { pattern: string };

function reference({ pattern, ...spec }: Spec) {
  const fits = new RegExp(pattern);
  return leaf<string>({
    ...spec,
    parse: (given) => (typeof given === 'string' && fits.test(given) ? given : undefined),
    explain: (given) =>
      /@|:[^/]*$/.test(String(given))
        ? '{given} has a tag or a digest, write the repository alone'
        : undefined,
    json: { type: 'string', pattern },
  });
}

/** A repository of images, without tag and digest. */
export const imageRepository = (description: string) =>
  reference({
    description,
    noun: 'an image repository',
    allowed: 'a repository in small letters without tag and digest, such as ghcr.io/acme/gateway',
    pattern: repositoryPattern,
    examples: ['ghcr.io/acme/gateway'],
  });

/** The same, in which `*` stands for any text without a slash. */
export const imageGlob = (description: string) =>
  reference({
    description,
    noun: 'an image repository',
    allowed:
      'a repository in small letters without tag and digest, such as postgres or quay.io/prometheus/*; * stands for any text without /',
    pattern: globPattern,
    examples: ['postgres', 'quay.io/prometheus/*'],
  });
