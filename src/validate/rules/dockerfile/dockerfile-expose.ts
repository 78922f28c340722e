import { at } from '../../dockerfile/report.ts';
import { placedInstructions, plainWords } from '../../dockerfile/stages.ts';
import type { Rule } from '../../rule.ts';

export const dockerfileExpose: Rule = {
  id: 'dockerfile-expose',
  severity: 'error',
  layer: 'policy',
  title: 'EXPOSE names ports from 1 to 65535',
  why: 'A port out of range stops the build; a mapping such as 80:8080 does not do what it seems to do.',
  fix: 'Write the port that the process listens on, with its protocol where it is not TCP: `EXPOSE 8080` or `EXPOSE 5353/udp`.',
  source: 'https://github.com/hadolint/hadolint/wiki/DL3011',
  check(workspace, report) {
    for (const dockerfile of workspace.dockerfiles) {
      for (const { instruction, index } of placedInstructions(dockerfile)) {
        if (instruction.name !== 'EXPOSE') continue;
        for (const { text, index: word } of plainWords(instruction)) {
          const problem = problemOf(text.replace(/["']/g, ''));
          if (problem !== undefined) report.find(at(dockerfile, index, word), problem);
        }
      }
    }
  },
};

function problemOf(text: string): string | undefined {
  if (text.includes('$')) return undefined;
  const [, from = '', to = from, , protocol] = /^(\d+)(?:-(\d+))?(\/(.*))?$/.exec(text) ?? [];
  if (from === '')
    return `"${text}" is not a port; allowed: 1 to 65535, a range of them, /tcp, /udp or /sctp behind it`;
  if (protocol !== undefined && !/^(?:tcp|udp|sctp)$/i.test(protocol))
    return `"${protocol}" is not a protocol; allowed: tcp, udp, sctp`;
  const [low, high] = [Number(from), Number(to)];
  if (low < 1 || high > 65_535 || low > 65_535) return `"${text}" is out of range; allowed: 1 to 65535`;
  return low > high ? `the range "${text}" ends before it begins` : undefined;
}
