const mib = 1024 * 1024;

/** What a memory fault leaves to everybody else: a tenth of the machine, and at least what a few processes need. */
export const memoryReserve = (totalBytes: number): number => Math.max(256 * mib, 0.1 * totalBytes);

/** What a disk fault leaves free, unless told how much: our own state stands on the same disk. */
export const diskReserve = (totalBytes: number): number => Math.min(256 * mib, 0.05 * totalBytes);

/** In the words of a message. */
export const mebibytes = (bytes: number): string => `${Math.floor(bytes / mib).toLocaleString('en')} MiB`;

/** How a disk is to be filled, or why not. */
export type Filling = { bytes: number; ifFull: 'stop' | 'reject' } | { obstacle: string };

/** Of `bytes` and `leaveBytes` one is given; where both are, the smaller file is meant. */
export function fillingOf(
  asked: { bytes: number | undefined; leaveBytes: number | undefined },
  room: { freeBytes: number; totalBytes: number },
): Filling {
  const { bytes, leaveBytes } = asked;
  const upTo = leaveBytes === undefined ? Number.POSITIVE_INFINITY : room.freeBytes - leaveBytes;
  const wanted = Math.min(bytes ?? Number.POSITIVE_INFINITY, upTo);
  if (!Number.isFinite(wanted)) return { obstacle: 'neither bytes nor leave-bytes are given' };
  if (wanted <= 0) return { obstacle: `only ${mebibytes(room.freeBytes)} are free already` };
  if (leaveBytes !== undefined) return { bytes: wanted, ifFull: 'stop' };
  const reserve = diskReserve(room.totalBytes);
  if (room.freeBytes - wanted >= reserve) return { bytes: wanted, ifFull: 'reject' };
  return {
    obstacle: `${mebibytes(wanted)} of the ${mebibytes(room.freeBytes)} that are free would leave less than ${mebibytes(reserve)}; say how much is to be left if that is meant`,
  };
}
