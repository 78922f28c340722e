import { join, relative, sep } from 'node:path';
import type { Component } from '../../../config/model.ts';
import type { Dockerfile, Workspace } from '../../workspace.ts';
import { unknown } from '../variables.ts';
import { type Gathered, gathered } from './supplier.ts';

/** Folder of a component relative to the workspace; `.` is the workspace itself. */
export function folderOf(workspace: Workspace, component: Component): string {
  const folder = workspace.release?.folder ?? workspace.root;
  return relative(workspace.root, join(folder, component.context)).split(sep).join('/') || '.';
}

/** The variables that the component's image brings along: ENV of its last stage and of the stages that it is made from. */
export function imageVariables(workspace: Workspace, component: Component): Gathered {
  const result = gathered();
  const folder = folderOf(workspace, component);
  const path = folder === '.' ? 'Dockerfile' : `${folder}/Dockerfile`;
  const dockerfile = workspace.dockerfiles.find(({ document }) => document.file.path === path);
  if (!dockerfile) return result;
  for (const name of environmentNames(dockerfile)) {
    result.variables.set(name, { value: unknown, origin: `ENV of ${path}` });
  }
  return result;
}

function environmentNames(dockerfile: Dockerfile): readonly string[] {
  const names: string[] = [];
  const seen = new Set<string>();
  let stage = dockerfile.stages.at(-1);
  while (stage && !seen.has(stage.base)) {
    seen.add(stage.base);
    for (const index of stage.instructions) {
      const instruction = dockerfile.instructions[index];
      if (instruction?.name === 'ENV') names.push(...namesOf(instruction.words));
    }
    const { base } = stage;
    stage = dockerfile.stages.find(({ name }) => name === base);
  }
  return names;
}

/** `ENV A=1 B=2`, or the old form `ENV A 1`. */
function namesOf(words: readonly string[]): readonly string[] {
  const assigned = words.flatMap((word) => /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(word)?.[1] ?? []);
  const first = words[0];
  return first !== undefined && !first.includes('=') ? [first] : assigned;
}
