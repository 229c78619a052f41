/** What the check found, told line by line: what agrees in one line, what does not with what is said against it. */
import { inUse, isExcepted, unusedExceptions } from './exceptions.mts';

interface Finding {
	says: string;
	times: number;
	example: string;
}

const counts = { groups: 0, checked: 0, excepted: 0, findings: 0 };

/** Findings about one operation or one group of facts. */
export class Group {
	private readonly findings = new Map<string, Finding>();

	constructor(
		readonly name: string,
		/** What is counted, e.g. `facts`. */
		private readonly what: string,
	) {}

	checked = 0;

	/** @param example what shows it, e.g. the request */
	add(says: string, example = ''): void {
		if (isExcepted(this.name, says)) {
			counts.excepted += 1;
			return;
		}
		const known = this.findings.get(says);
		if (known) known.times += 1;
		else this.findings.set(says, { says, times: 1, example });
	}

	/** One line, and one more for each finding. */
	print(): void {
		counts.groups += 1;
		counts.checked += this.checked;
		counts.findings += this.findings.size;
		const verdict = this.findings.size === 0 ? 'ok' : 'NO';
		console.log(`${verdict}  ${this.name} (${this.checked} ${this.what})`);
		for (const { says, times, example } of this.findings.values()) {
			console.log(`      ${says}${times > 1 ? ` (${times} times)` : ''}`);
			if (example) console.log(`         ${example.slice(0, 400)}`);
		}
	}
}

/**
 * Says what came of it all.
 * @param complete nothing was left out, so every exception has had its chance
 * @returns whether everything agrees
 */
export function concluded(complete: boolean): boolean {
	const unused = complete ? unusedExceptions() : [];
	for (const reason of unused) console.log(`NO  An exception that nothing needs: ${reason}`);
	const { groups, checked, excepted, findings } = counts;
	const { exceptions, doubts } = inUse();
	console.log(
		`\n${groups} groups, ${checked} facts, requests and answers; ${exceptions} exceptions and ${doubts} of what nobody has proven account for ${excepted} findings; ${findings + unused.length} remain.`,
	);
	return findings + unused.length === 0;
}
