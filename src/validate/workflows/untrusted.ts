import { referenceOf } from './expression/embedded.ts';
import type { Node } from './expression/parse.ts';

/**
 * What people without write access choose, from
 * https://docs.github.com/en/actions/concepts/security/script-injections and the lists of actionlint and zizmor.
 */
const chosen: readonly string[] = [
  'github.head_ref',
  'github.event.issue.title',
  'github.event.issue.body',
  'github.event.pull_request.title',
  'github.event.pull_request.body',
  'github.event.pull_request.head.ref',
  'github.event.pull_request.head.label',
  'github.event.pull_request.head.repo.default_branch',
  'github.event.pull_request.head.repo.description',
  'github.event.pull_request.head.repo.homepage',
  'github.event.comment.body',
  'github.event.review.body',
  'github.event.review_comment.body',
  'github.event.discussion.title',
  'github.event.discussion.body',
  'github.event.pages.*.page_name',
  'github.event.commits.*.message',
  'github.event.commits.*.author.email',
  'github.event.commits.*.author.name',
  'github.event.head_commit.message',
  'github.event.head_commit.author.email',
  'github.event.head_commit.author.name',
  'github.event.head_commit.committer.email',
  'github.event.head_commit.committer.name',
  'github.event.workflow_run.head_branch',
  'github.event.workflow_run.display_title',
  'github.event.workflow_run.head_commit.message',
  'github.event.workflow_run.head_commit.author.email',
  'github.event.workflow_run.head_commit.author.name',
  'github.event.workflow_run.head_repository.description',
  'github.event.workflow_run.pull_requests.*.head.ref',
];

/** Whether the reference is such a value, or the whole object that holds some. */
export const isChosenByOthers = (reference: string): boolean => {
  const plain = reference.replace(/\.\d+(?=\.|$)/g, '.*');
  return chosen.includes(plain) || chosen.some((known) => known.startsWith(`${plain}.`));
};

const answering: ReadonlySet<string> = new Set([
  'contains',
  'startswith',
  'endswith',
  'hashfiles',
  'success',
  'failure',
  'cancelled',
  'always',
]);

/** The references whose text can become part of what an expression writes; comparisons only write true or false. */
export function written(node: Node): readonly string[] {
  const reference = referenceOf(node);
  if (reference !== undefined) return [reference];
  switch (node.kind) {
    case 'call':
      return answering.has(node.name.toLowerCase()) ? [] : node.args.flatMap(written);
    case 'binary':
      if (node.operator === '||') return [...written(node.left), ...written(node.right)];
      return node.operator === '&&' ? written(node.right) : [];
    case 'index':
    case 'member':
      return written(node.of);
    case 'not':
    case 'literal':
    case 'name':
      return [];
  }
}

/** Texts that check out the head of a pull request: `${{ github.event.pull_request.head.sha }}`. */
export const namesHead = (text: string): boolean =>
  /\bgithub\.head_ref\b|\bpull_request\.head\.(?:sha|ref)\b|\bworkflow_run\.head_(?:sha|branch|commit\.id)\b|\brefs\/pull\/|\bmerge_commit_sha\b/i.test(
    text,
  );
