/** An order on its way, step by step: the next button goes on with the newest order that the page brought. */
import type { Clock } from '../service.mts';
import type { Trial } from './trials.mts';
import type { World } from './world.mts';

export const stages = ['created', 'paid', 'shipped', 'delivered'] as const;
export type Stage = (typeof stages)[number];

const labels: Record<Stage, string> = {
	created: 'An order comes in',
	paid: 'An order is paid',
	shipped: 'An order is shipped',
	delivered: 'An order is delivered',
};

const done: Record<Stage, string> = {
	created: 'came in',
	paid: 'is paid',
	shipped: 'is shipped',
	delivered: 'is delivered',
};

/** Where n8n shows what eBay tells by itself. */
export const toldAtOnce =
	'eBay told n8n at once. In n8n: see Executions of the workflow that begins with the eBay Notification Trigger.';

export interface Steps<T> {
	/** Orders in the marketplace, whoever brought them. */
	all(world: World): T[];
	/** A new order at the first stage. */
	add(world: World): T;
	/** Brings the order to the stage; it was at the one before. */
	bring(order: T, stage: Stage, clock: Clock): void;
	/** E.g. `Order 11-00002-01001 (Blue ceramic mug, buyer_one)`. */
	nameOf(order: T): string;
	/** Where n8n shows it. */
	lookAt(stage: Stage): string;
	/** Tells whoever is subscribed, where the marketplace does. @returns whether somebody took it */
	tell?(world: World, order: T, stage: Stage): Promise<boolean>;
}

/** A button for each stage. An order that is shipped was paid before: what is missing comes with it. */
export function stageTrials<T extends object>(steps: Steps<T>): Trial[] {
	const reached = new WeakMap<T, number>();

	function step(world: World, stage: Stage): T {
		const at = stages.indexOf(stage);
		const before = steps
			.all(world)
			.findLast((order) => at > 0 && (reached.get(order) ?? stages.length) < at);
		const order = before ?? steps.add(world);
		const from = reached.get(order) ?? 0;
		for (const next of stages.slice(from + 1, at + 1)) steps.bring(order, next, world.clock);
		reached.set(order, at);
		return order;
	}

	return stages.map((stage) => ({
		id: stage,
		label: labels[stage],
		async run(world) {
			const order = step(world, stage);
			const atOnce = await steps.tell?.(world, order, stage);
			return {
				happened: `${steps.nameOf(order)} ${done[stage]}.`,
				look: atOnce ? `${toldAtOnce} ${steps.lookAt(stage)}` : steps.lookAt(stage),
			};
		},
	}));
}

/** How a trigger that polls shows what came. `name` is the node's, `event` what it starts on. */
export function atTrigger(name: string, event?: string): string {
	const on = event === undefined ? '' : `, Trigger On: ${event}`;
	return `In n8n: open the node ${name}${on}, and press "Fetch Test Event". A published workflow that begins with it starts by itself at its next poll: see Executions.`;
}
