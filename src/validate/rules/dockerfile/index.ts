import type { Rule } from '../../rule.ts';
import { dockerfileAptInstall } from './dockerfile-apt-install.ts';
import { dockerfileAptUpdate } from './dockerfile-apt-update.ts';
import { dockerfileBuildTools } from './dockerfile-build-tools.ts';
import { dockerfileCopyOverAdd } from './dockerfile-copy-over-add.ts';
import { dockerfileExecForm } from './dockerfile-exec-form.ts';
import { dockerfileExecVariables } from './dockerfile-exec-variables.ts';
import { dockerfileExpose } from './dockerfile-expose.ts';
import { dockerfileIgnoreFile } from './dockerfile-ignore-file.ts';
import { dockerfileInstructionOrder } from './dockerfile-instruction-order.ts';
import { dockerfileMissingProgram } from './dockerfile-missing-program.ts';
import { dockerfileNpmStart } from './dockerfile-npm-start.ts';
import { dockerfilePackageCache } from './dockerfile-package-cache.ts';
import { dockerfilePackageUpgrade } from './dockerfile-package-upgrade.ts';
import { dockerfilePackageVersions } from './dockerfile-package-versions.ts';
import { dockerfilePinnedBase } from './dockerfile-pinned-base.ts';
import { dockerfilePipeToShell } from './dockerfile-pipe-to-shell.ts';
import { dockerfilePlatform } from './dockerfile-platform.ts';
import { dockerfileSecret } from './dockerfile-secret.ts';
import { dockerfileSingleCommand } from './dockerfile-single-command.ts';
import { dockerfileSingleHealthcheck } from './dockerfile-single-healthcheck.ts';
import { dockerfileStopSignal } from './dockerfile-stop-signal.ts';
import { dockerfileSudo } from './dockerfile-sudo.ts';
import { dockerfileUnknownStage } from './dockerfile-unknown-stage.ts';
import { dockerfileUnusedStage } from './dockerfile-unused-stage.ts';
import { dockerfileUser } from './dockerfile-user.ts';
import { dockerfileWorkdir } from './dockerfile-workdir.ts';
import { dockerfileWorldWritable } from './dockerfile-world-writable.ts';

export const dockerfileRules: readonly Rule[] = [
  dockerfileAptInstall,
  dockerfileAptUpdate,
  dockerfileBuildTools,
  dockerfileCopyOverAdd,
  dockerfileExecForm,
  dockerfileExecVariables,
  dockerfileExpose,
  dockerfileIgnoreFile,
  dockerfileInstructionOrder,
  dockerfileMissingProgram,
  dockerfileNpmStart,
  dockerfilePackageCache,
  dockerfilePackageUpgrade,
  dockerfilePackageVersions,
  dockerfilePinnedBase,
  dockerfilePipeToShell,
  dockerfilePlatform,
  dockerfileSecret,
  dockerfileSingleCommand,
  dockerfileSingleHealthcheck,
  dockerfileStopSignal,
  dockerfileSudo,
  dockerfileUnknownStage,
  dockerfileUnusedStage,
  dockerfileUser,
  dockerfileWorkdir,
  dockerfileWorldWritable,
];
