import { behaviours } from './behaviours.mts';
import { ebayRows } from './ebayRows.mts';

let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

behaviours(ebayRows, { now: () => mockNow, pass: (ms) => void (mockNow += ms) });
