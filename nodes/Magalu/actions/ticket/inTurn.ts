const turns = new Map<string, Promise<unknown>>();

/**
 * Does one piece of work after another that has the same name, in this process.
 * @param name left out: at once
 */
export async function inTurn<T>(name: string | undefined, work: () => Promise<T>): Promise<T> {
	if (name === undefined) return await work();
	const before = turns.get(name);
	const mine = (before ?? Promise.resolve()).then(work);
	const ended = Promise.allSettled([mine]);
	turns.set(name, ended);
	try {
		return await mine;
	} finally {
		if (turns.get(name) === ended) turns.delete(name);
	}
}
