import type { ICheckProcessedOptions, IExecuteFunctions } from 'n8n-workflow';

import { watchFrom } from '../elapsed';
import { wait } from '../sleep';

/** Entries that n8n's store keeps for a node; the oldest are dropped first. A confirmed message is one of them. */
const STORE: ICheckProcessedOptions = { mode: 'entries', maxEntries: 20_000 };

/** How long until a call that failed is made once more (milliseconds). */
const AGAIN_AFTER_MS = 100;

export type StoreHelpers = Pick<
	IExecuteFunctions['helpers'],
	'checkProcessedAndRecord' | 'removeProcessed'
>;

/** The calls to n8n's store of one turn, and how long the longest of them took. */
export class StoreCalls {
	/**
	 * Milliseconds. A call that failed may still be carried out: it counts until it was made again and
	 * answered.
	 */
	took = 0;

	constructor(private readonly helpers: StoreHelpers) {}

	/** @returns the entries that were there before */
	async record(entries: string[]): Promise<Set<string>> {
		// n8n adds what is named twice twice, and takes away only one of them.
		const once = [...new Set(entries)];
		if (once.length === 0) return new Set();
		const { processed } = await this.timed(
			async () => await this.helpers.checkProcessedAndRecord(once, 'node', STORE),
		);
		return new Set(processed.map(String));
	}

	async remove(entries: string[]): Promise<void> {
		const once = [...new Set(entries)];
		if (once.length === 0) return;
		await this.timed(async () => await this.helpers.removeProcessed(once, 'node', STORE));
	}

	/** Two processes that write a node's first entry at the same time collide, as those of a busy database do. */
	private async timed<T>(call: () => Promise<T>): Promise<T> {
		const took = watchFrom();
		try {
			return await call().catch(async () => {
				await wait(AGAIN_AFTER_MS + 1);
				return await call();
			});
		} finally {
			this.took = Math.max(this.took, took());
		}
	}
}
