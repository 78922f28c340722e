import { count } from '../../report/format.ts';

/** `24 MiB` */
export const mebibytes = (bytes: number): string => `${count(bytes / 1024 ** 2, 1)} MiB`;

/** `64 KiB/s` */
export const perSecond = (bytes: number): string => `${count(bytes / 1024, 1)} KiB/s`;
