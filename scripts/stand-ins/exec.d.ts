export function exec(...values: unknown[]): Promise<number>;
export function getExecOutput(...values: unknown[]): Promise<unknown>;
