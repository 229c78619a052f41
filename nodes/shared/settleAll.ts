/**
 * Does something with each, all at once, and waits for the last one even when one fails: nothing goes on
 * behind the back of a failed item.
 *
 * @returns the results in order
 * @throws what the first of them, by order, threw
 */
export async function settleAll<T, R>(
	list: readonly T[],
	each: (one: T, index: number) => Promise<R>,
): Promise<R[]> {
	const ends = await Promise.allSettled(list.map(each));
	return ends.map((end) => {
		if (end.status === 'rejected') throw end.reason;
		return end.value;
	});
}
