/**
 * Sends what is due; returns the milliseconds until the next request is due: 0 or less when more is due already,
 * infinity when nothing will be.
 */
export type SendDue = () => number;

/** Starts to call `sendDue` as its requests become due; returns what ends it. */
export type Pacer = (sendDue: SendDue) => () => void;

/**
 * Sleeps on timers, which have a resolution of 1 ms, and catches up: requests leave up to about a millisecond late,
 * never early.
 */
export const cheapPacer: Pacer = (sendDue) => {
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const wake = (): void => {
    const waitMs = sendDue();
    if (waitMs <= 0) immediate = setImmediate(wake);
    else if (waitMs !== Number.POSITIVE_INFINITY) timer = setTimeout(wake, Math.ceil(waitMs));
  };
  wake();
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
};

/** Never sleeps: looks at the clock once per turn of the event loop, which also takes in answers and messages. */
export const precisePacer: Pacer = (sendDue) => {
  let immediate: NodeJS.Immediate | undefined;
  const spin = (): void => {
    if (sendDue() !== Number.POSITIVE_INFINITY) immediate = setImmediate(spin);
  };
  spin();
  return () => clearImmediate(immediate);
};
