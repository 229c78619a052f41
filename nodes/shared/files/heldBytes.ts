/** Bytes of files that the whole process holds at once. */
const MOST_BYTES = 24 * 1024 * 1024;

let held = 0;
const queue: Array<{ share: number; enter: () => void }> = [];

/** Waits until so many bytes fit under the bound; who came first goes first. */
export async function whileHolding<T>(bytes: number, use: () => Promise<T>): Promise<T> {
	const share = Math.min(bytes, MOST_BYTES);
	await new Promise<void>((enter) => {
		queue.push({ share, enter });
		letIn();
	});
	try {
		return await use();
	} finally {
		held -= share;
		letIn();
	}
}

function letIn(): void {
	while (queue.length > 0 && held + queue[0]!.share <= MOST_BYTES) {
		const { share, enter } = queue.shift()!;
		held += share;
		enter();
	}
}
