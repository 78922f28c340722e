import { listOf, mappingOf, type Path, textOf } from '../../document.ts';
import {
  credentialForm,
  credentialIn,
  hitIn,
  isCredential,
  isLiteral,
} from '../../kubernetes/credentials.ts';
import type { Container, PodSpec } from '../../kubernetes/pods.ts';
import { podSpecs } from '../../kubernetes/pods.ts';
import { spotOf } from '../../kubernetes/workloads.ts';
import type { Reporter, Rule, Spot } from '../../rule.ts';
import { within } from '../../within.ts';
import type { Manifest } from '../../workspace.ts';

export const secretLiteral: Rule = {
  id: 'secret-literal',
  severity: 'error',
  layer: 'policy',
  title: 'Credentials are not written into manifests',
  why: 'A password in a manifest is in the history of the repository, in every build log that prints it and in `kubectl describe`, and it stays there after it was changed.',
  fix: 'Put the value into a Secret that is made outside the repository (External Secrets, Sealed Secrets, SOPS) and refer to it with `valueFrom.secretKeyRef` or a mounted file; then change the credential.',
  source: 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
  check(workspace, report) {
    for (const pod of podSpecs(workspace)) {
      for (const container of pod.containers) {
        checkEnv(pod, container, report);
        checkWords(pod, container, report);
      }
    }
    for (const manifest of workspace.manifests) {
      if (manifest.kind === 'ConfigMap') checkConfigMap(manifest, report);
      if (manifest.kind === 'Secret') checkSecret(manifest, report);
    }
  },
};

function checkEnv(pod: PodSpec, container: Container, report: Reporter): void {
  for (const [index, item] of listOf(container.value['env']).entries()) {
    const { name, value } = mappingOf(item) ?? {};
    const text = literalText(value);
    if (typeof name !== 'string' || text === undefined) continue;
    const noun = credentialForm(text) ?? (isCredential(name, text) ? 'a credential' : undefined);
    if (noun === undefined) continue;
    report.find(
      spotOf(pod.manifest, [...container.path, 'env', index, 'value']),
      `${name} holds ${noun} as a literal; take it from a Secret with valueFrom.secretKeyRef`,
    );
  }
}

/** Digits written without quotes are no string for YAML, but a password for the one who wrote them. */
const literalText = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(value) : textOf(value);

function checkWords(pod: PodSpec, container: Container, report: Reporter): void {
  for (const key of ['command', 'args']) {
    const words = listOf(container.value[key]);
    for (const [index, word] of words.entries()) {
      if (typeof word !== 'string') continue;
      const noun = credentialForm(word) ?? flagCredential(word, words[index + 1]);
      if (noun === undefined) continue;
      const isNext = !credentialForm(word) && isFlag(word);
      const path = [...container.path, key, isNext ? index + 1 : index];
      report.find(
        isNext ? spotOf(pod.manifest, path) : wordSpot(pod.manifest, path, word),
        `${key} of container "${container.name}" ${key === 'args' ? 'hold' : 'holds'} ${noun} as a literal; read it from a file or a variable that comes from a Secret`,
      );
    }
  }
}

/** In a script of several lines the line that holds it. */
function wordSpot(manifest: Manifest, path: Path, word: string): Spot {
  const tell = (line: string): string | undefined => credentialForm(line) ?? flagCredential(line, undefined);
  const hit = word.includes('\n') ? hitIn(word, tell) : undefined;
  return hit ? within(manifest.document, path, word, hit.index) : spotOf(manifest, path);
}

const isFlag = (word: string): boolean => /^--?[A-Za-z][A-Za-z0-9_.-]*$/.test(word);

/** `--password=…`, `--password …`, `PASSWORD=…` and the same inside a shell script. */
function flagCredential(word: string, next: unknown): string | undefined {
  if (isFlag(word)) {
    const isValue = typeof next === 'string' && !next.startsWith('-');
    return isValue && isCredential(word, next) ? `the value of ${word}` : undefined;
  }
  for (const part of word.slice(0, 8_192).split(/\s+/)) {
    const [, name = '', value = ''] = /^-{0,2}([A-Za-z][A-Za-z0-9_.-]{0,100})=["']?([^"']*)/.exec(part) ?? [];
    if (name !== '' && isCredential(name, value)) return `the value of ${name}`;
  }
  return undefined;
}

function checkConfigMap(manifest: Manifest, report: Reporter): void {
  for (const [key, value] of Object.entries(mappingOf(manifest.value['data']) ?? {})) {
    const text = literalText(value);
    if (text === undefined) continue;
    const found = describe(key, text);
    if (found === undefined) continue;
    report.find(
      hitSpot(manifest, ['data', key], text),
      `${key} holds ${found}, and a ConfigMap is no place for it; move it to a Secret`,
    );
  }
}

/** In a text of several lines the line that holds a credential, else the text. */
function hitSpot(manifest: Manifest, path: Path, text: string): Spot {
  const hit = text.trim().includes('\n') ? credentialIn(text) : undefined;
  return hit ? within(manifest.document, path, text, hit.index) : spotOf(manifest, path);
}

function describe(key: string, text: string): string | undefined {
  const isFile = text.includes('\n');
  if (!isFile && isCredential(key, text)) return 'a credential';
  const hit = credentialIn(text);
  if (!hit) return undefined;
  return isFile ? `${hit.noun} on line ${hit.line} of its text` : hit.noun;
}

/** A Secret in the repository is as public as the repository; one without values, or with references, is a template. */
function checkSecret(manifest: Manifest, report: Reporter): void {
  if (manifest.value['type'] === 'kubernetes.io/service-account-token') return;
  for (const part of ['data', 'stringData']) {
    for (const [key, value] of Object.entries(mappingOf(manifest.value[part]) ?? {})) {
      const text = part === 'data' ? decoded(value) : literalText(value);
      if (text === undefined || isHarmless(key, text)) continue;
      report.find(
        part === 'data' ? spotOf(manifest, [part, key]) : hitSpot(manifest, [part, key], text),
        `${key} of this Secret is written into the repository, readable by all who can read it; make the Secret outside`,
        { severity: credentialForm(text) === undefined ? 'warning' : 'error' },
      );
    }
  }
}

/** A whole file in a Secret, such as a configuration, is only told when a credential is found in it. */
function isHarmless(key: string, text: string): boolean {
  if (text.trim().includes('\n')) return credentialIn(text) === undefined;
  if (credentialForm(text) !== undefined) return false;
  return !isLiteral(text) || isPlaceholder(text) || isPublic(key);
}

const decoded = (value: unknown): string | undefined =>
  typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined;

/** Certificates, user names and addresses are kept in Secrets for convenience. */
const isPublic = (key: string): boolean =>
  /(?:^(?:ca|tls)\.crt|\.pub|user(?:name)?(?:_in)?|login|account-?name|address|host|port|database|dbname|region|endpoint|ur[il])$/i.test(
    key,
  );

const isPlaceholder = (text: string): boolean =>
  /^(?:(?:please[-_ ]?)?(?:change|replace|set|fill|insert|your|add|put)[-_ ]?(?:me|this|it|in|with|by|here|your)?\b|todo|tbd|placeholder|dummy|example|redacted|fixme)/i.test(
    text.trim(),
  );
