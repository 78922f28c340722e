import { at } from '../../dockerfile/report.ts';
import { placedInstructions, plainWords } from '../../dockerfile/stages.ts';
import { credentialForm, isCredential, isLiteral, nameStrength } from '../../kubernetes/credentials.ts';
import type { Reporter, Rule } from '../../rule.ts';
import type { Dockerfile, Instruction } from '../../workspace.ts';

export const dockerfileSecret: Rule = {
  id: 'dockerfile-secret',
  severity: 'error',
  layer: 'policy',
  title: 'No secret gets into the image',
  why: 'ENV, ARG and every layer can be read by all who can pull the image, with `docker history` or `docker inspect`; deleting a file in a later layer does not take it out of the earlier one.',
  fix: 'Give build secrets with `RUN --mount=type=secret,id=npm_token …` and run-time secrets through the environment or a mounted file.',
  source: 'https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      for (const { instruction, index } of placedInstructions(dockerfile)) {
        switch (instruction.name) {
          case 'ENV':
          case 'ARG':
            checkVariables(dockerfile, index, report);
            break;
          case 'COPY':
          case 'ADD':
            checkFiles(dockerfile, index, report);
            break;
          case 'RUN':
          case 'LABEL':
            checkText(dockerfile, index, report);
        }
      }
    }
  },
};

function checkVariables(dockerfile: Dockerfile, index: number, report: Reporter): void {
  const instruction = dockerfile.instructions[index];
  if (!instruction) return;
  for (const { name, value, word } of variablesOf(instruction)) {
    const spot = at(dockerfile, index, word);
    const form = value === undefined ? undefined : credentialForm(value);
    if (form !== undefined) report.find(spot, `${name} holds ${form}, readable in the image's history`);
    else if (value !== undefined && isCredential(name, value))
      report.find(spot, `${name} gets a value in the image, readable by all who can pull it`);
    else if (instruction.name === 'ARG' && isGiven(name, value)) {
      report.find(
        spot,
        `the value given for the build argument ${name} stays in the image's history; use RUN --mount=type=secret`,
        { severity: 'warning' },
      );
    } else if (instruction.name === 'ENV' && value !== undefined && copiesArgument(name, value)) {
      report.find(
        spot,
        `${name} is set from a build argument and stays in the image; use RUN --mount=type=secret`,
      );
    }
  }
}

/** A build argument without a default is given on the command line. */
const isGiven = (name: string, value: string | undefined): boolean =>
  nameStrength(name) === 'strong' && (value === undefined || value === '');

const copiesArgument = (name: string, value: string): boolean =>
  nameStrength(name) === 'strong' &&
  /^\$\{?\w+\}?$/.test(value) &&
  nameStrength(value.replace(/\W/g, '')) === 'strong';

/** `NAME=value`, in ENV `NAME value` too. */
function variablesOf(instruction: Instruction): { name: string; value: string | undefined; word: number }[] {
  const words = plainWords(instruction);
  const first = words[0];
  if (instruction.name === 'ENV' && first && !first.text.includes('=')) {
    return [
      {
        name: first.text,
        value: words
          .slice(1)
          .map(({ text }) => text)
          .join(' '),
        word: first.index,
      },
    ];
  }
  return words.map(({ text, index }) => {
    const equals = text.indexOf('=');
    if (equals === -1) return { name: text, value: undefined, word: index };
    return {
      name: text.slice(0, equals),
      value: text.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2'),
      word: index,
    };
  });
}

/** Files that hold secrets by convention. Examples of them do not. */
const secretFile =
  /(?:^|\/)(?:\.env(?:\.(?!example$|sample$|template$|dist$|defaults?$|schema$|test$)[\w-]+)?|id_(?:rsa|dsa|ecdsa|ed25519)|\.npmrc|\.pypirc|\.netrc|\.pgpass|\.git-credentials|\.aws\/?|\.ssh\/?|\.kube\/?(?:config)?|kubeconfig|[\w.-]+\.(?:p12|pfx|jks|keystore)|[\w.-]*(?:private|secret)[\w.-]*\.(?:key|pem))$/i;

function checkFiles(dockerfile: Dockerfile, index: number, report: Reporter): void {
  const instruction = dockerfile.instructions[index];
  if (!instruction || instruction.flags['from'] !== undefined) return;
  const words = plainWords(instruction).slice(0, -1);
  for (const { text, index: word } of words) {
    if (!secretFile.test(text.replace(/["']/g, ''))) continue;
    report.find(
      at(dockerfile, index, word),
      `a file that holds secrets by convention is copied into a layer; mount it with RUN --mount=type=secret`,
      {
        severity: /\.npmrc$/.test(text) ? 'warning' : 'error',
      },
    );
  }
}

function checkText(dockerfile: Dockerfile, index: number, report: Reporter): void {
  const instruction = dockerfile.instructions[index];
  if (!instruction) return;
  const { words, heredocs } = instruction;
  words.forEach((word, i) => {
    const form = credentialForm(word);
    if (form !== undefined)
      report.find(at(dockerfile, index, i), `${form} is written here, readable in the image's history`);
    else if (hasPasswordFlag(word, words[i + 1]))
      report.find(
        at(dockerfile, index, i),
        "a password is written into the command, readable in the image's history",
      );
  });
  const form = heredocs.map(({ text }) => credentialForm(text)).find((found) => found !== undefined);
  if (form !== undefined)
    report.find(
      at(dockerfile, index),
      `${form} is written in the here-document, readable in the image's history`,
    );
}

/** `--password=…`, `--token …` with a value of their own. */
function hasPasswordFlag(word: string, next: string | undefined): boolean {
  const [, , value] = /^--(password|passwd|token|api-key|secret)(?:=(.*))?$/s.exec(word) ?? [];
  if (!/^--(?:password|passwd|token|api-key|secret)(?:=|$)/.test(word)) return false;
  const given = value ?? next ?? '';
  return /^["']?[^\s$"'`<-][^\s$`]{5,}/.test(given) && isLiteral(given);
}
