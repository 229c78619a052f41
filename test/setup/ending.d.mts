export const signals: NodeJS.Signals[];
export function endWith(end: () => void | Promise<void>): void;
