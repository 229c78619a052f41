export const root: string;
export const cache: string;
export class SetUpError extends Error {}
export function step(
	name: string,
	work: () => Promise<string | void>,
	everyMs?: number,
): Promise<void>;
export function run(
	command: string,
	args: string[],
	options: { cwd?: string; env?: Record<string, string>; log: string },
): Promise<string>;
export function has(command: string, args?: string[]): boolean;
export function hashOf(paths: string[]): string;
export const stamp: {
	matches(name: string, hash: string): boolean;
	write(name: string, hash: string): void;
};
