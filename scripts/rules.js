/** Part of npm run docs: docs/rules.md and the examples of `cutover explain`, from the rules and their fixtures. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { catalogue } from '../src/validate/catalogue.ts';
import { validate } from '../src/validate/engine.ts';
import { readWorkspace } from '../src/validate/read/index.ts';
import { rules } from '../src/validate/rules/index.ts';
import { couldHoldSecret } from '../src/validate/source-line.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = 'docs/rules.md';
const module = 'src/validate/examples.generated.ts';

/** Lines before and after the one that a rule points at. */
const before = 3;
const after = 2;
const longestLine = 120;

/** What a rule finds in its own fixture, with some lines around it; undefined where they cannot be shown. */
async function exampleOf(rule) {
  const folder = join(root, 'test/fixtures/rules', rule.id);
  if (!existsSync(join(folder, 'bad'))) return undefined;
  const settings = join(folder, 'settings.json');
  const { kubernetesVersion, environment } = existsSync(settings)
    ? JSON.parse(readFileSync(settings, 'utf8'))
    : {};
  const workspace = await readWorkspace({ root: join(folder, 'bad'), kubernetesVersion, environment });
  const { findings } = validate(workspace, [rule]);
  const shown = findings
    .map((finding) => drawn(finding, workspace.files.get(finding.file)?.text))
    .filter(Boolean);
  // The first one with lines around it says most.
  return shown.find(({ lines }) => lines.length > 2) ?? shown[0];
}

function drawn({ file, line, column, message }, text) {
  if (text === undefined || text === '' || text.length > 100_000) return undefined;
  const all = text.split('\n').map((one) => one.replace(/\r$/, ''));
  const from = Math.max(1, line - before);
  const lines = all.slice(from - 1, line + after);
  while (lines.length > line - from + 1 && lines.at(-1).trim() === '') lines.pop();
  const isPlain = lines.every((one) => one.length <= longestLine && !/[^\t\P{C}]|```/u.test(one));
  if (!isPlain || message.length > 300) return undefined;
  return { file, from, lines: lines.map(masked), line, column, message };
}

/** The values of fixtures are made up, but nobody should have to look closer to see that. */
const masked = (line) =>
  couldHoldSecret([line], 0) ? line.replace(/([:=]\s*["']?)[^\s"'].*$/, '$1••••••••') : line;

const languages = {
  yml: 'yaml',
  yaml: 'yaml',
  json: 'json',
  toml: 'toml',
  env: 'shell',
  dockerfile: 'dockerfile',
};
const languageOf = (file) =>
  /dockerfile/i.test(file) ? 'dockerfile' : (languages[file.split('.').at(-1)?.toLowerCase()] ?? 'text');

const layerTitles = {
  syntax: 'Syntax',
  schema: 'Schema',
  policy: 'Policy',
  'cross-file': 'Across files',
  configuration: 'Application configuration',
  ignores: 'Ignores, baseline and Cutover itself',
};

function section({ id, severity, title, why, fix, source }, example) {
  const parts = [`### ${id}`, `**${title}.** Severity: ${severity}.`, why, `**Fix:** ${fix}`];
  if (example) {
    const place = `${example.file}:${example.line}:${example.column}`;
    const code = [`\`\`\`${languageOf(example.file)}`, ...example.lines, '```'].join('\n');
    parts.push(`Example, found at \`${place}\`: ${inline(example.message)}\n\n${code}`);
  }
  if (source) parts.push(`Source: <${source}>`);
  return parts.join('\n\n');
}

/** A message as plain text of Markdown. */
const inline = (text) => text.replace(/[\\`*_{}[\]<>|$~#]/g, (sign) => `\\${sign}`);

function pageOf(examples) {
  const layers = Map.groupBy(catalogue, ({ layer }) => layer);
  const contents = [...layers].map(([layer, rules]) => {
    const rows = rules.map(({ id, severity, title }) => `| [\`${id}\`](#${id}) | ${severity} | ${title} |`);
    return [
      `**${layerTitles[layer] ?? layer}**`,
      '',
      '| rule | severity | what must hold |',
      '| --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  const sections = [...layers].map(
    ([layer, rules]) =>
      `## ${layerTitles[layer] ?? layer}\n\n${rules.map((rule) => section(rule, examples[rule.id])).join('\n\n')}`,
  );
  return `# Rules

<!-- Generated from src/validate/rules and test/fixtures/rules by npm run docs. Do not edit. -->

What \`cutover validate\` checks: ${catalogue.length} rules. How to ignore a finding, change a severity or keep a baseline is in
[validate.md](validate.md). \`cutover explain <rule>\` shows the same texts in a terminal.

${contents.join('\n\n')}

${sections.join('\n\n')}
`;
}

/** Writes both. @returns what the formatter should look at */
export async function writeRulePages() {
  const examples = {};
  for (const rule of rules) {
    const example = await exampleOf(rule);
    if (example) examples[rule.id] = example;
  }
  writeFileSync(join(root, page), pageOf(examples));
  const header =
    '// Generated from test/fixtures/rules by `npm run docs`. Do not edit.\n// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of fixtures\n';
  const code = `import type { Example } from './example.ts';\n\nexport type { Example };\n\n/** By the id of the rule. */\nexport const examples: Readonly<Record<string, Example>> = ${JSON.stringify(examples)};\n`;
  writeFileSync(join(root, module), header + code);
  return [page, module];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await writeRulePages();
