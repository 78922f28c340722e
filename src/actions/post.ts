import { runAction } from '../hosts/github.ts';
import { placeInputs } from './inputs.ts';
import { performRelease } from './perform.ts';
import { releaseRequest } from './request.ts';

/** The post step of every action that changes something: ends what main was kept from ending. */
await runAction(async (host) => {
  if (host.phase() !== 'started') return host.say('nothing is left to do');
  host.say('the main step did not come to its end: recovering');
  await performRelease(host, releaseRequest({ ...host.inputs(placeInputs), mode: 'recover' }, host.context));
});
